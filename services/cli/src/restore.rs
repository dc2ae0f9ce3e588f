//! `courtier restore`: reads a backup into a database, all of it or nothing.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, ExitCode, Stdio};

use anyhow::{Context, bail};
use settings::ExposeSecret;
use settings::database::Database;
use store::{Client, Role, backups, migrate};

use crate::backup::{checksum, checksum_path, missing};
use crate::options::RestoreArguments;
use crate::{output, start};

/// Removes what is there, in the transaction that brings the backup.
const CLEAR: &str = "drop schema public cascade; create schema public;\n";

pub(crate) async fn run(arguments: RestoreArguments) -> anyhow::Result<ExitCode> {
    let RestoreArguments { file, replace } = arguments;
    verify(&file)?;
    let database = start::load(Database::load)?;
    let client = start::store(&database, Role::Owner)?.client().await?;
    check_target(&client, replace).await?;
    backups::create_roles(&client).await?;
    let variables = backups::libpq_variables(database.url.expose_secret())?;
    tokio::task::spawn_blocking(move || read(&file, replace, &variables)).await??;
    let pending = migrate::status(&client).await?.pending;
    output::line(format_args!("restored {} tables", backups::n_tables(&client).await?));
    if !pending.is_empty() {
        output::line(format_args!(
            "the backup is older than this build: run `courtier migrate` ({} to apply)",
            pending.len()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Compares the file with its checksum.
fn verify(file: &Path) -> anyhow::Result<()> {
    let beside = checksum_path(file);
    let expected = fs::read_to_string(&beside).with_context(|| {
        format!("{} cannot be read: a backup needs its checksum beside it", beside.display())
    })?;
    let expected = expected.split_whitespace().next().unwrap_or_default();
    let found = checksum(file)?;
    if !found.eq_ignore_ascii_case(expected) {
        bail!(
            "{} is not what was backed up: its checksum is {found}, not {expected}",
            file.display()
        );
    }
    Ok(())
}

async fn check_target(client: &Client, replace: bool) -> anyhow::Result<()> {
    let n_tables = backups::n_tables(client).await?;
    if n_tables > 0 && !replace {
        bail!(
            "the database holds {n_tables} tables: give an empty one, or `--replace` to lose them"
        );
    }
    let n_others = backups::n_other_connections(client).await?;
    if n_others > 0 {
        bail!("{n_others} connections of Courtier use the database: stop its processes first");
    }
    Ok(())
}

/// `pg_restore` writes the statements, `psql` runs them in one transaction.
fn read(file: &Path, replace: bool, variables: &[(&str, String)]) -> anyhow::Result<()> {
    let mut reader = Command::new("pg_restore");
    reader.args(["--no-owner", "--file=-"]).arg(file);
    let mut reader = reader
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| missing("pg_restore", &error))?;
    let mut writer = Command::new("psql");
    writer
        .args(["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"])
        .args(["--output=/dev/null", "--file=-"])
        .envs(variables.iter().map(|(name, value)| (name, value)));
    let writer = writer.stdin(Stdio::piped()).spawn();
    let mut writer = match writer {
        Ok(writer) => writer,
        Err(error) => {
            drop(reader.kill());
            return Err(missing("psql", &error));
        }
    };
    let script = reader.stdout.take().context("pg_restore has no output")?;
    let mut target = writer.stdin.take().context("psql has no input")?;
    let passed = pass(script, &mut target, replace);
    let read = reader.wait()?;
    if passed.is_err() || !read.success() {
        // At the end of its input psql commits: it must not see the end of half a script.
        drop(writer.kill());
    }
    drop(target);
    let written = writer.wait()?;
    if passed.is_err() || !read.success() || !written.success() {
        bail!("nothing is restored: pg_restore ended with {read}, psql with {written}");
    }
    Ok(())
}

fn pass(mut script: ChildStdout, target: &mut ChildStdin, replace: bool) -> io::Result<()> {
    if replace {
        target.write_all(CLEAR.as_bytes())?;
    }
    io::copy(&mut script, target).map(|_| ())
}
