//! `POST /commands/bulk`: the same order for every command that was ticked.

use askama::Template;
use serde_json::json;
use store::commands::Changed;
use uuid::Uuid;
use warp::reply::Response;

use crate::failure::Failure;
use crate::form::Form;
use crate::reply;
use crate::router::pair;
use crate::say::Say;
use crate::shell::Shell;
use crate::visit::Visit;

/// Asks before many are stopped at once.
#[derive(Template)]
#[template(path = "commands-cancel.html")]
struct CancelPage {
    shell: Shell,
    ids: Vec<Uuid>,
}

/// Commands of one order at most: two pages.
const MOST: usize = 100;

pub(super) async fn order(visit: Visit) -> Result<Response, Failure> {
    let ids: Vec<Uuid> = visit.form.all("id").filter_map(|id| id.parse().ok()).take(MOST).collect();
    if ids.is_empty() {
        return Ok(reply::see_other("/commands?done=none"));
    }
    match visit.form.get("order") {
        "retry" => every(&visit, &ids, "retry").await,
        "cancel" if visit.form.has("sure") => every(&visit, &ids, "cancel").await,
        "cancel" => {
            let shell = visit.shell("commands-cancel-title").await;
            Ok(reply::html(&CancelPage { shell, ids }))
        }
        _ => Err(Failure::Broken),
    }
}

async fn every(visit: &Visit, ids: &[Uuid], what: &'static str) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let mut n_done: usize = 0;
    for id in ids {
        let changed = match what {
            "retry" => store::commands::retry(&client, *id).await?,
            _ => store::commands::cancel(&client, *id).await?,
        };
        n_done += usize::from(matches!(changed, Changed::Done | Changed::Requested));
    }
    let detail = json!({ "commands": ids, "done": n_done });
    store::audit::log(&client, visit.actor(), &format!("commands.{what}"), "bulk", &detail).await?;
    visit.site.forget_counts().await;
    let query = [pair("done", what), pair("n", &n_done.to_string())].join("&");
    Ok(reply::see_other(&format!("/commands?{query}")))
}

/// What the last order did, for the message above the list.
pub(super) fn done(say: &Say, query: &Form) -> Option<String> {
    let n: i64 = query.get("n").parse().unwrap_or(0);
    match query.get("done") {
        "retry" => Some(say.t1("commands-retried", "n", n)),
        "cancel" => Some(say.t1("commands-cancelled", "n", n)),
        "none" => Some(say.t("commands-none-chosen")),
        _ => None,
    }
}
