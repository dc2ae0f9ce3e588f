//! A command in one line.

use jiff::civil::Date;
use serde_json::Value;
use store::commands::CommandRow;
use store::tenants::TenantProfile;

use crate::icon::Mark;
use crate::say::Say;

/// A line of the table.
pub(super) struct CommandLine {
    pub(super) id: String,
    pub(super) name: String,
    /// The end of its id, for those that are about nothing.
    pub(super) short_id: String,
    /// What it is about: the tenant, the day, the card.
    pub(super) subject: String,
    pub(super) mark: Mark,
    pub(super) attempt: i64,
    pub(super) created_at: jiff::Timestamp,
    pub(super) span: Option<String>,
}

/// Fields of a payload that say what a command is about.
const SUBJECT: &[&str] =
    &["date", "from", "to", "set_id", "set", "card_id", "source", "mode", "scope", "kind", "file"];
const LONGEST: usize = 60;
/// The end of an id, which tells commands of a second apart.
const ID_END: usize = 12;

pub(super) fn line(say: &Say, command: &CommandRow, tenants: &[TenantProfile]) -> CommandLine {
    CommandLine {
        id: command.id.to_string(),
        short_id: format!("…{}", &command.id.to_string()[36 - ID_END..]),
        name: command.name.clone(),
        subject: subject(say, command, tenants),
        mark: Mark::of_status(say, &command.status),
        attempt: command.attempt.into(),
        created_at: command.created_at,
        span: span(say, command),
    }
}

/// What a command is about, in a few words.
pub(super) fn subject(say: &Say, command: &CommandRow, tenants: &[TenantProfile]) -> String {
    let tenant = command.tenant_id.and_then(|id| tenants.iter().find(|tenant| tenant.id == id));
    let fields = SUBJECT.iter().filter_map(|field| match command.payload.get(field)? {
        Value::String(text) if !text.is_empty() => Some(value(say, field, text)),
        Value::Number(number) => Some(say.t1("subject-card", "n", number.to_string())),
        _ => None,
    });
    let words: Vec<String> =
        tenant.map(|tenant| tenant.name.clone()).into_iter().chain(fields).collect();
    words.join(" · ")
}

/// Days as the visitor writes them, words of ours in his language; names as they are.
fn value(say: &Say, field: &str, text: &str) -> String {
    if let Ok(day) = text.parse::<Date>() {
        return say.date(day);
    }
    let known = say.try_t(&format!("subject-{field}-{}", text.replace('_', "-")));
    known.unwrap_or_else(|| text.chars().take(LONGEST).collect())
}

/// How long it ran, or has been running.
pub(super) fn span(say: &Say, command: &CommandRow) -> Option<String> {
    let from = command.started_at?;
    let to = match (command.finished_at, command.status.as_str()) {
        (Some(to), _) => to,
        (None, "running") => say.now,
        _ => return None,
    };
    Some(say.between(from, to))
}
