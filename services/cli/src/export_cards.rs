//! `courtier export-cards`: a file of cards, written here.

use std::{io, os::fd::AsFd, path::Path, process::ExitCode};

use anyhow::Context;
use commands::{ExportCards, export_cards};
use indicatif::ProgressBar;
use serde_json::json;
use store::Role;
use tokio::fs::{self, File};

use crate::{options::ExportCardsArguments, start};

pub(crate) async fn run(arguments: ExportCardsArguments) -> anyhow::Result<ExitCode> {
    let wanted: ExportCards = serde_json::from_value(json!({
        "kind": arguments.kind,
        "include_low_conf": arguments.include_low_conf,
        "min_confidence": arguments.min_confidence,
        "from": arguments.from,
        "to": arguments.to,
        "batch_id": arguments.batch,
    }))?;
    commands::Command::validate(&wanted).map_err(|invalid| anyhow::anyhow!("{invalid}"))?;
    let mut client = start::client(Role::Worker).await?;
    let bar = ProgressBar::new_spinner().with_message("rows");
    let report = |n_rows| {
        bar.set_message(format!("{n_rows} rows"));
        bar.tick();
    };
    if arguments.out.as_os_str() == "-" {
        let stdout = io::stdout().as_fd().try_clone_to_owned()?;
        let mut stdout = File::from_std(stdout.into());
        let written = export_cards(&mut client, &wanted, &mut stdout, &report).await;
        written.map_err(|failure| anyhow::anyhow!("{failure}"))?;
        return Ok(ExitCode::SUCCESS);
    }
    // Whoever reads the file sees the old one or the new one, never a part.
    let making = arguments.out.with_added_extension("part");
    let mut file = create(&making).await?;
    let written = export_cards(&mut client, &wanted, &mut file, &report).await;
    bar.finish_and_clear();
    let n_rows = written.map_err(|failure| anyhow::anyhow!("{failure}"))?;
    file.sync_all().await?;
    fs::rename(&making, &arguments.out).await?;
    eprintln!("{n_rows} rows in {}", arguments.out.display());
    Ok(ExitCode::SUCCESS)
}

async fn create(path: &Path) -> anyhow::Result<File> {
    File::create(path).await.with_context(|| format!("{} cannot be written", path.display()))
}
