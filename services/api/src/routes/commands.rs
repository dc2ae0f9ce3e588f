//! `/internal/commands`: what was accepted, how it went, and orders to stop or to try again.

use jiff::Timestamp;
use serde_json::json;
use store::commands::{Changed, Filter};
use uuid::Uuid;
use warp::reply::Response;

use super::views::{CommandView, DetailView, PageView};
use crate::params::Params;
use crate::problem::Problem;
use crate::route::{Access, Call, Route};
use crate::state::Api;
use crate::{etag, page, reply};

/// In examples.
const ID: &str = "550e8400-e29b-41d4-a716-446655440000";

const STATUSES: [&str; 7] =
    ["queued", "running", "succeeded", "retrying", "postponed", "cancelled", "dead"];

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/internal/commands", Access::Service, |api, call| Box::pin(list(api, call)))
            .about("commands", "Lists commands, newest first.")
            .query("name", "", "A full name, or a lane.")
            .query("lane", "", "A lane.")
            .query("status", "", "One status.")
            .query("tenant_id", "uuid", "Commands of one tenant.")
            .query("from", "date-time", "Accepted at or after this instant.")
            .query("to", "date-time", "Accepted before this instant.")
            .query("before", "uuid", "Only commands older than this one: the last of a page.")
            .query("limit", "integer", "Commands on a page, at most 500.")
            .paged()
            .has_etag()
            .answers::<PageView>(200, "A page of commands."),
        Route::get("/internal/commands/{id}", Access::Service, |api, call| {
            Box::pin(detail(api, call))
        })
        .about("commands", "Shows one command with its attempts.")
        .placeholder("id", "uuid", "The command.", ID)
        .has_etag()
        .answers::<DetailView>(200, "The command."),
        Route::post("/internal/commands/{id}/cancel", Access::Service, |api, call| {
            Box::pin(cancel(api, call))
        })
        .about("commands", "Cancels a waiting command, or asks a running one to stop.")
        .placeholder("id", "uuid", "The command.", ID)
        .fails(&["conflict"])
        .answers::<CommandView>(200, "The command after the order."),
        Route::post("/internal/commands/{id}/retry", Access::Service, |api, call| {
            Box::pin(retry(api, call))
        })
        .about("commands", "Queues a dead, cancelled or waiting command again, at once.")
        .placeholder("id", "uuid", "The command.", ID)
        .fails(&["conflict"])
        .answers::<CommandView>(200, "The command after the order."),
    ]
}

async fn list(api: Api, call: Call) -> Result<Response, Problem> {
    let filter = filter(&call.query)?;
    let client = api.store.client().await?;
    let rows = store::commands::list(&client, &filter).await?;
    let last = page::last_of_full(&rows, filter.limit);
    let next =
        last.map(|last| page::next(&call.path, &call.query, &[("before", &last.id.to_string())]));
    let view = PageView { commands: rows.into_iter().map(CommandView::from).collect(), next };
    Ok(page::link(etag::ok(&call, &view)?, view.next.as_deref()))
}

fn filter(query: &[(String, String)]) -> Result<Filter, Problem> {
    let mut params = Params::new(query);
    let instant = "an instant such as 2026-01-24T00:00:00Z";
    let name: Option<String> = params.optional("name", "a name");
    let lane: Option<String> = params.optional("lane", "a lane");
    let filter = Filter {
        status: params.optional("status", "a status"),
        tenant_id: params.optional("tenant_id", "a UUID"),
        from: params.optional::<Timestamp>("from", instant),
        to: params.optional::<Timestamp>("to", instant),
        before: params.optional::<Uuid>("before", "the id of a command"),
        limit: page::limit(&mut params),
        name: name.or_else(|| lane.clone()),
    };
    if let (Some(name), Some(lane)) = (&filter.name, &lane)
        && name.split('.').next() != Some(lane)
    {
        params.refuse("lane", format!("is not the lane of `{name}`"));
    }
    if filter.status.as_ref().is_some_and(|status| !STATUSES.contains(&status.as_str())) {
        params.refuse("status", format!("must be one of {}", STATUSES.join(", ")));
    }
    params.finish()?;
    Ok(filter)
}

async fn detail(api: Api, call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    Params::new(&call.query).finish()?;
    let client = api.store.client().await?;
    let Some(row) = store::commands::get(&client, id).await? else { return Err(missing(id)) };
    let attempts = store::commands::attempts(&client, id).await?;
    let view = DetailView {
        command: row.into(),
        attempts: attempts.into_iter().map(Into::into).collect(),
    };
    etag::ok(&call, &view)
}

async fn cancel(api: Api, call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let client = api.store.client().await?;
    let changed = store::commands::cancel(&client, id).await?;
    settle(&client, &call, id, "cancel", changed).await
}

async fn retry(api: Api, call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let client = api.store.client().await?;
    let changed = store::commands::retry(&client, id).await?;
    settle(&client, &call, id, "retry", changed).await
}

/// Notes a changed command in the audit log and shows it.
async fn settle(
    client: &store::Client,
    call: &Call,
    id: Uuid,
    action: &str,
    changed: Changed,
) -> Result<Response, Problem> {
    let row = match changed {
        Changed::Missing => None,
        Changed::Done | Changed::Requested | Changed::Refused => {
            store::commands::get(client, id).await?
        }
    };
    let Some(row) = row else { return Err(missing(id)) };
    if changed == Changed::Refused {
        return Err(Problem::Conflict(format!(
            "the command is {}: it cannot {action}",
            row.status
        )));
    }
    let detail = json!({
        "client": call.client.map(|client| client.0.to_string()),
        "user_agent": call.header("user-agent"),
        "name": row.name,
    });
    let action = format!("command.{action}");
    store::audit::log(client, "service-token", &action, &id.to_string(), &detail).await?;
    Ok(reply::ok(&CommandView::from(row)))
}

fn missing(id: Uuid) -> Problem {
    Problem::NotFound(format!("there is no command {id}"))
}
