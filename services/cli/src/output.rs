//! What people and scripts read: standard output for results, standard error for the rest.

use std::{
    io::{IsTerminal, Write, stdout},
    process::ExitCode,
};

use comfy_table::{ContentArrangement, Table, presets::UTF8_BORDERS_ONLY};
use serde_json::Value;

/// Wrong arguments or environment.
pub(crate) const USAGE: u8 = 2;
/// The command was refused.
pub(crate) const REFUSED: u8 = 3;
/// The command ended dead or cancelled.
pub(crate) const ENDED_BADLY: u8 = 4;
/// The command still ran when the wait was over.
pub(crate) const STILL_RUNNING: u8 = 5;

/// Prints an error with its causes and says how to exit.
pub(crate) fn failure(error: &anyhow::Error) -> ExitCode {
    eprintln!("courtier: {error:#}");
    match error.downcast_ref::<settings::Problems>() {
        Some(_) => ExitCode::from(USAGE),
        None => ExitCode::FAILURE,
    }
}

/// Prints a line; a reader that went away is no failure.
pub(crate) fn line(text: impl std::fmt::Display) {
    drop(writeln!(stdout(), "{text}"));
}

/// Prints a value for scripts.
pub(crate) fn json(value: &Value) {
    line(format_args!("{value:#}"));
}

/// Prints rows for people.
pub(crate) fn table(header: &[&str], rows: Vec<Vec<String>>) {
    line(table_text(header, rows));
}

/// Rows for people, in lines.
pub(crate) fn table_text(header: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY).set_header(header);
    if stdout().is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.add_rows(rows);
    table.to_string()
}

/// An optional value, or a dash.
pub(crate) fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

/// A value of a report, or a dash.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
