//! `/audit`: who changed what.

use askama::Template;
use jiff::Timestamp;
use serde_json::{Map, Value};
use store::audit::{self, Filter, Line};
use warp::reply::Response;

use crate::failure::Failure;
use crate::paging::{Pager, Place, cut};
use crate::reply;
use crate::route::Route;
use crate::say::Say;
use crate::shell::Shell;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    shell: Shell,
    rows: Vec<AuditRow>,
    pager: Pager,
    actor: String,
    action: String,
    is_filtered: bool,
}

/// A line of the log, in words.
struct AuditRow {
    what: String,
    action: String,
    resource: String,
    detail: String,
    actor: String,
    at: Timestamp,
}

type Fields = Map<String, Value>;

const PAGE: usize = 50;
/// Longer details are cut in the table.
const DETAIL_LENGTH: usize = 160;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/audit", |visit| Box::pin(show(visit)))]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    let place = Place::of(&visit.query);
    let (actor, action) = (visit.query.given("actor"), visit.query.given("action"));
    let filter = Filter {
        actor: actor.map(str::to_owned),
        action: action.map(str::to_owned),
        resource: None,
        before: place.after.as_ref().and_then(|key| key.parse().ok()),
        limit: i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
    };
    let client = visit.db().await?;
    let mut lines = audit::list(&client, &filter).await?;
    drop(client);
    let more = cut(&mut lines, PAGE);
    let last = lines.last().filter(|_| more).map(|line| line.id.to_string());
    let page = AuditPage {
        pager: place.pager("/audit", &visit.query, last),
        rows: lines.iter().map(|line| row(&visit.say, line)).collect(),
        actor: actor.unwrap_or_default().to_owned(),
        action: action.unwrap_or_default().to_owned(),
        is_filtered: actor.is_some() || action.is_some(),
        shell: visit.shell("page-audit").await,
    };
    Ok(reply::html(&page))
}

fn row(say: &Say, line: &Line) -> AuditRow {
    let key = format!("audit-{}", line.action.replace(['.', '_'], "-"));
    AuditRow {
        what: say.try_t(&key).unwrap_or_else(|| line.action.clone()),
        action: line.action.clone(),
        resource: line.resource.clone(),
        detail: line.detail.as_ref().map(|detail| words(say, detail)).unwrap_or_default(),
        actor: line.actor.clone(),
        at: line.at,
    }
}

/// Before and after as a sentence, other fields with their names.
fn words(say: &Say, detail: &Value) -> String {
    let text = match (detail.get("before"), detail.get("after")) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => changes(say, before, after),
        (Some(before), Some(after)) => change(say, before, after),
        _ => match detail.as_object() {
            Some(fields) => said(say, fields),
            None => plain(detail),
        },
    };
    match text.char_indices().nth(DETAIL_LENGTH) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn change(say: &Say, before: &Value, after: &Value) -> String {
    say.t2("audit-change", ("before", plain(before)), ("after", plain(after)))
}

/// The fields that differ.
fn changes(say: &Say, before: &Fields, after: &Fields) -> String {
    let differ = after.iter().filter_map(|(name, after)| {
        let before = before.get(name).unwrap_or(&Value::Null);
        (before != after).then(|| field(say, name, &change(say, before, after)))
    });
    differ.collect::<Vec<_>>().join(" · ")
}

fn said(say: &Say, fields: &Fields) -> String {
    let known = fields.iter().filter(|(_, value)| !is_nothing(value));
    known.map(|(name, value)| field(say, name, &plain(value))).collect::<Vec<_>>().join(" · ")
}

fn field(say: &Say, name: &str, text: &str) -> String {
    let key = format!("detail-{}", name.replace('_', "-"));
    let name = say.try_t(&key).unwrap_or_else(|| name.to_owned());
    format!("{name}{}{text}", say.t("colon-after"))
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.is_empty(),
        _ => false,
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "—".to_owned(),
        Value::String(text) => text.clone(),
        // Which they are is on the pages of the commands.
        Value::Array(all) => all.len().to_string(),
        Value::Object(all) => {
            let shown = |(name, value): (&String, &Value)| format!("{name} {}", plain(value));
            all.iter()
                .filter(|(_, value)| !is_nothing(value))
                .map(shown)
                .collect::<Vec<_>>()
                .join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::say::Lang;

    #[test]
    fn details_are_told_by_their_names() {
        let say = Say::new(Lang::Fr, "UTC");
        assert_eq!(words(&say, &json!({})), "");
        assert_eq!(words(&say, &json!({ "before": "5", "after": "50" })), "5 → 50");
        let address = words(&say, &json!({ "address": "127.0.0.1" }));
        assert_eq!(address, "adresse\u{a0}: 127.0.0.1");
        let many = words(&say, &json!({ "commands": ["a", "b"], "done": 1, "note": null }));
        assert_eq!(many, "tâches\u{a0}: 2 · faites\u{a0}: 1");
        let card = json!({ "before": { "query": null, "active": true },
                           "after": { "query": "Pikachu 58", "active": true } });
        assert_eq!(words(&say, &card), "requête\u{a0}: — → Pikachu 58");
    }
}
