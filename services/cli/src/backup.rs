//! `courtier backup`: the whole database in one file, with its checksum.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, bail};
use settings::ExposeSecret;
use settings::database::Database;
use sha2::{Digest, Sha256};
use store::{Role, backups};

use crate::options::BackupArguments;
use crate::{output, start};

pub(crate) async fn run(arguments: BackupArguments) -> anyhow::Result<ExitCode> {
    let database = start::load(Database::load)?;
    let client = start::store(&database, Role::Owner)?.client().await?;
    if !backups::sees_everything(&client).await? {
        bail!(
            "this login does not see the rows of all tenants, so that its copy would not be whole: \
             as a superuser, run `alter role LOGIN bypassrls` (Courtier itself takes roles that \
             stay bound), or give the address of a superuser"
        );
    }
    let variables = backups::libpq_variables(database.url.expose_secret())?;
    let file = arguments.file;
    let n_bytes = tokio::task::spawn_blocking({
        let file = file.clone();
        move || write(&file, variables)
    });
    let n_bytes = n_bytes.await??;
    output::line(format_args!("{}: {n_bytes} bytes", file.display()));
    Ok(ExitCode::SUCCESS)
}

/// A backup is there with its checksum, or not at all.
fn write(file: &Path, variables: Vec<(&'static str, String)>) -> anyhow::Result<u64> {
    let checksum_file = checksum_path(file);
    for taken in [file, &checksum_file] {
        if taken.exists() {
            bail!("{} exists: give another name, or remove it", taken.display());
        }
    }
    let draft = suffixed(file, ".part");
    let mut dump = Command::new("pg_dump");
    dump.args(["--format=custom", "--no-owner", "--file"]).arg(&draft).envs(variables);
    let finished = finish(&mut dump).and_then(|()| publish(&draft, file, &checksum_file));
    if finished.is_err() {
        // What is half written is worth nothing.
        drop(fs::remove_file(&draft));
    }
    finished
}

fn publish(draft: &Path, file: &Path, checksum_file: &Path) -> anyhow::Result<u64> {
    let written = File::open(draft).and_then(|dump| {
        dump.sync_all()?;
        dump.metadata()
    });
    let n_bytes = written.with_context(|| format!("{}", draft.display()))?.len();
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let line = format!("{}  {name}\n", checksum(draft)?);
    let kept = File::create_new(checksum_file)
        .and_then(|mut checksum| {
            checksum.write_all(line.as_bytes())?;
            checksum.sync_all()
        })
        .and_then(|()| fs::rename(draft, file));
    kept.with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(n_bytes)
}

/// Runs a tool of PostgreSQL to its end.
pub(crate) fn finish(tool: &mut Command) -> anyhow::Result<()> {
    let name = tool.get_program().to_string_lossy().into_owned();
    let status = tool.stdin(Stdio::null()).status().map_err(|error| missing(&name, &error))?;
    if !status.success() {
        bail!("{name} failed: {status}");
    }
    Ok(())
}

/// Why a tool could not be started.
pub(crate) fn missing(name: &str, error: &io::Error) -> anyhow::Error {
    anyhow::anyhow!("{name} cannot be run ({error}): install PostgreSQL's client programs")
}

/// SHA-256 of a file, in hexadecimal.
pub(crate) fn checksum(file: &Path) -> anyhow::Result<String> {
    let mut hash = Sha256::new();
    let read = File::open(file).and_then(|mut content| io::copy(&mut content, &mut hash));
    read.with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(format!("{:x}", hash.finalize()))
}

/// The file that holds the checksum, as `sha256sum --check` reads it.
pub(crate) fn checksum_path(file: &Path) -> PathBuf {
    suffixed(file, ".sha256")
}

fn suffixed(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
