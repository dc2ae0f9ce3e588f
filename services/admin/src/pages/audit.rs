//! `/audit`: who changed what.

use askama::Template;
use jiff::Timestamp;
use serde_json::Value;
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

/// Before and after as a sentence; anything else as it was written.
fn words(say: &Say, detail: &Value) -> String {
    let text = match (detail.get("before"), detail.get("after")) {
        (Some(before), Some(after)) => {
            say.t2("audit-change", ("before", plain(before)), ("after", plain(after)))
        }
        _ if detail.as_object().is_some_and(serde_json::Map::is_empty) => String::new(),
        _ => detail.to_string(),
    };
    match text.char_indices().nth(DETAIL_LENGTH) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
