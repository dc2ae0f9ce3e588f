//! `courtier import-csv`: cards from a file, with what is wrong by line.

use std::{fs::File, io::Read, path::Path, process::ExitCode, time::Duration};

use anyhow::Context;
use commands::{CsvImport, MAX_CSV_BYTES};
use indicatif::ProgressBar;
use serde_json::json;
use store::Role;

use crate::{options::ImportCsvArguments, output, start};

/// Lines of a preview that are shown to people; JSON has all of them.
const MAX_SHOWN: usize = 20;

pub(crate) async fn run(arguments: ImportCsvArguments) -> anyhow::Result<ExitCode> {
    let ImportCsvArguments { file, preview, format } = arguments;
    let content = read(&file)?;
    let mut client = start::client(Role::Worker).await?;
    let bar = ProgressBar::new_spinner().with_message(format!(
        "{} {} of {} KB",
        if preview { "reading" } else { "importing" },
        file.display(),
        content.len() / 1024
    ));
    bar.enable_steady_tick(Duration::from_millis(100));
    let import = commands::import_csv(&mut client, "cli", &content, preview).await;
    bar.finish_and_clear();
    let import = import.map_err(|failure| anyhow::anyhow!("{}: {failure}", file.display()))?;
    if format.json {
        output::json(&json!(import));
    } else {
        show(&import);
    }
    Ok(if import.bad_lines.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut content = Vec::new();
    file.take(MAX_CSV_BYTES + 1)
        .read_to_end(&mut content)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    if content.len() as u64 > MAX_CSV_BYTES {
        let megabytes = MAX_CSV_BYTES >> 20;
        anyhow::bail!("{} is longer than {megabytes} MiB: import it in parts", path.display());
    }
    Ok(content)
}

fn show(import: &CsvImport) {
    if !import.ignored_columns.is_empty() {
        eprintln!("note: columns that are not read: {}", import.ignored_columns.join(", "));
    }
    for bad in &import.bad_lines {
        eprintln!("{bad}");
    }
    if import.preview {
        for change in import.changes.iter().take(MAX_SHOWN) {
            let what = match change.columns.as_slice() {
                [] => "new".to_owned(),
                columns => columns.join(", "),
            };
            output::line(format_args!("line {}: {} {what}", change.line, change.card));
        }
        if let Some(n) = import.changes.len().checked_sub(MAX_SHOWN + 1) {
            output::line(format_args!("… and {} more", n + 1));
        }
    }
    let verb = if import.preview { "would be " } else { "" };
    output::line(format_args!(
        "{} created, {} updated, {} unchanged, {} lines left out; {} new sets",
        format_args!("{verb}{}", import.cards.created),
        import.cards.updated,
        import.cards.unchanged,
        import.bad_lines.len(),
        import.new_sets.len(),
    ));
}
