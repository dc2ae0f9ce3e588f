//! The last changes, from the audit log.

use jiff::Timestamp;
use serde_json::Value;
use store::audit::{self, Filter, Line};

/// A line of the table.
pub(super) struct ChangeRow {
    pub(super) key: String,
    pub(super) actor: String,
    pub(super) at: Timestamp,
    pub(super) before: String,
    pub(super) after: String,
}

const ACTION: &str = "settings.set";
const N_SHOWN: i64 = 8;
/// Longer values are cut: the price rules are a page of their own.
const LENGTH: usize = 24;

pub(super) async fn last(client: &store::Client) -> store::Result<Vec<ChangeRow>> {
    let filter = Filter { action: Some(ACTION.into()), limit: N_SHOWN, ..Filter::default() };
    Ok(audit::list(client, &filter).await?.iter().map(row).collect())
}

/// What each setting was before its last change.
pub(super) async fn before_last(
    client: &store::Client,
    keys: impl Iterator<Item = &str>,
) -> store::Result<Vec<(String, String)>> {
    let mut before = Vec::new();
    for key in keys.filter(|key| store::settings::find(key).is_some()) {
        let filter = Filter {
            action: Some(ACTION.into()),
            resource: Some(key.to_owned()),
            limit: 1,
            ..Filter::default()
        };
        let line = audit::list(client, &filter).await?.pop();
        before.extend(line.map(|line| (key.to_owned(), text(&line, "before"))));
    }
    Ok(before)
}

fn row(line: &Line) -> ChangeRow {
    ChangeRow {
        key: line.resource.clone(),
        actor: line.actor.clone(),
        at: line.at,
        before: shortened(&text(line, "before")),
        after: shortened(&text(line, "after")),
    }
}

fn text(line: &Line, field: &str) -> String {
    let value = line.detail.as_ref().and_then(|detail| detail.get(field));
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LENGTH) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
