//! What ended last, without the many small commands.

use jiff::Timestamp;
use store::commands::CommandRow;

use super::overview::Runs;
use crate::icon::Mark;
use crate::say::Say;

/// A line of the list.
pub(super) struct RunLine {
    pub(super) id: String,
    pub(super) mark: Mark,
    pub(super) title: String,
    /// How long it took, or why it failed.
    pub(super) detail: String,
    pub(super) at: Option<Timestamp>,
}

/// Longest error that fits a line, in characters.
const DETAIL_LENGTH: usize = 90;

pub(super) fn lines(say: &Say, runs: &Runs) -> Vec<RunLine> {
    let line = |command: &CommandRow| {
        let tenant = command
            .tenant_id
            .and_then(|id| Some(runs.tenants.iter().find(|tenant| tenant.id == id)?.name.as_str()));
        let name = command_title(say, command);
        RunLine {
            id: command.id.to_string(),
            mark: Mark::of_status(say, &command.status),
            title: tenant.map_or_else(|| name.clone(), |tenant| format!("{name}, {tenant}")),
            detail: detail(say, command),
            at: command.finished_at,
        }
    };
    runs.commands.iter().map(line).collect()
}

/// What a command does, in words; its own name when nobody wrote any.
pub(crate) fn command_name(say: &Say, name: &str) -> String {
    let key = format!("command-{}", name.replace(['.', '_'], "-"));
    say.try_t(&key).unwrap_or_else(|| name.to_owned())
}

/// The same, told apart by its source where it has one.
fn command_title(say: &Say, command: &CommandRow) -> String {
    let source = command.payload.get("source").and_then(|it| it.as_str()).unwrap_or_default();
    let key = format!("command-{}-{source}", command.name.replace(['.', '_'], "-"));
    say.try_t(&key).unwrap_or_else(|| command_name(say, &command.name))
}

fn detail(say: &Say, command: &CommandRow) -> String {
    if let Some(error) = command.error.as_ref().filter(|_| command.status == "dead") {
        return shortened(say.cause(error).line());
    }
    match (command.started_at, command.finished_at) {
        (Some(from), Some(to)) => say.between(from, to),
        _ => String::new(),
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= DETAIL_LENGTH {
        return text.to_owned();
    }
    let start: String = text.chars().take(DETAIL_LENGTH).collect();
    format!("{}…", start.trim_end())
}
