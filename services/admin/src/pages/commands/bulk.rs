//! `POST /commands/bulk`: the same order for every command that was ticked, or that the filter names.

use askama::Template;
use serde_json::json;
use store::command_pages::{self, Wanted};
use store::commands::Changed;
use uuid::Uuid;
use warp::reply::Response;

use crate::failure::Failure;
use crate::form::Form;
use crate::paging::Place;
use crate::reply;
use crate::router::pair;
use crate::say::Say;
use crate::shell::Shell;
use crate::visit::Visit;

use super::Filter;

/// Asks before many are stopped, or more than were in sight are touched. What it names is what will
/// be done, whatever matches the filter by then.
#[derive(Template)]
#[template(path = "commands-sure.html")]
struct SurePage {
    shell: Shell,
    /// `retry` or `cancel`.
    order: &'static str,
    ids: Vec<Uuid>,
    question: String,
    consequence: String,
    button: String,
}

/// Commands of one order at most.
pub(super) const MOST: usize = 1_000;

pub(super) async fn order(visit: Visit) -> Result<Response, Failure> {
    let order = match visit.form.get("order") {
        "retry" => "retry",
        "cancel" => "cancel",
        _ => return Err(Failure::Broken),
    };
    let takes_all = visit.form.has("all");
    let ids = if takes_all { matching(&visit).await? } else { ticked(&visit) };
    if ids.is_empty() {
        return Ok(reply::see_other("/commands?done=none"));
    }
    let must_ask = takes_all || order == "cancel";
    if must_ask && !visit.form.has("sure") {
        return Ok(reply::html(&sure(&visit, order, ids).await));
    }
    every(&visit, &ids, order).await
}

fn ticked(visit: &Visit) -> Vec<Uuid> {
    visit.form.all("id").filter_map(|id| id.parse().ok()).take(MOST).collect()
}

/// The newest that the filter of the list names.
async fn matching(visit: &Visit) -> Result<Vec<Uuid>, Failure> {
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
    let wanted = Wanted { limit, ..Filter::of(&visit.form).wanted(&Place::default()) };
    let page = command_pages::page(&visit.db().await?, &wanted).await?;
    Ok(page.commands.into_iter().map(|command| command.id).collect())
}

async fn sure(visit: &Visit, order: &'static str, ids: Vec<Uuid>) -> SurePage {
    let say = &visit.say;
    SurePage {
        shell: visit.shell(&format!("commands-{order}-title")).await,
        order,
        question: say.t1(&format!("commands-{order}-ask"), "n", ids.len()),
        consequence: say.t(&format!("commands-{order}-then")),
        button: say.t1(&format!("commands-{order}-do"), "n", ids.len()),
        ids,
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
