//! PostgreSQL's own programs, by which its limits are measured.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::Result;

/// Runs SQL and `\copy` lines in psql, and returns how long it took from the first line to the end.
pub(super) async fn psql(url: &str, script: &str) -> Result<Duration> {
    let mut psql = Command::new("psql");
    psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", url]);
    let started = Instant::now();
    run(psql, script).await?;
    Ok(started.elapsed())
}

/// Runs a pgbench script with 32 clients, and returns transactions a second and their average
/// latency in milliseconds.
pub(super) async fn pgbench(url: &str, script: &str, seconds: u32) -> Result<(f64, f64)> {
    let mut pgbench = Command::new("pgbench");
    pgbench.args(["-n", "-M", "prepared", "-c", "32", "-j", "1", "-f", "-"]);
    // `-f -` reads standard input; the database is given as a connection string.
    pgbench.args(["-T", &seconds.to_string(), url]);
    let output = run(pgbench, script).await?;
    let figure = |name: &str| -> Result<f64> {
        let line =
            output.lines().find(|line| line.starts_with(name)).ok_or("pgbench said little")?;
        let text = line.split_once('=').ok_or("pgbench said little")?.1.trim();
        Ok(text.split(' ').next().unwrap_or_default().parse()?)
    };
    Ok((figure("tps")?, figure("latency average")?))
}

async fn run(mut command: Command, input: &str) -> Result<String> {
    let input = input.to_owned();
    tokio::task::spawn_blocking(move || {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command.spawn().map_err(|error| format!("{name}: {error}"))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(said.lines().next().unwrap_or("it failed").to_owned().into());
        }
        Ok(String::from_utf8(output.stdout)?)
    })
    .await?
}
