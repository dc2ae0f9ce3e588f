//! `/commands/{id}`: what happened to this one, and what comes next?

mod timeline;

use std::future::ready;

use askama::Template;
use jiff::Timestamp;
use serde_json::json;
use store::commands::{Changed, CommandRow};
use uuid::Uuid;
use warp::reply::Response;

use super::row;
use crate::failure::Failure;
use crate::icon::Mark;
use crate::live::{self, Part};
use crate::plot::Plot;
use crate::redact::pretty;
use crate::reply;
use crate::route::{Access, Route};
use crate::say::Say;
use crate::shell::Shell;
use crate::told::Told;
use crate::visit::{Frame, Visit};

use timeline::Event;

#[derive(Template)]
#[template(path = "command.html", blocks = ["mark", "actions", "trouble", "course", "facts", "answer", "confirm"])]
struct CommandPage {
    shell: Shell,
    id: String,
    name: String,
    subject: String,
    mark: Mark,
    /// Why it failed last time, or waits.
    trouble: Option<Trouble>,
    can_retry: bool,
    can_cancel: bool,
    /// It was told to stop, and still runs.
    stopping: Option<String>,
    attempts: String,
    strip: Plot,
    events: Vec<Event>,
    lane: &'static str,
    tenant: Option<(String, String)>,
    created_at: Timestamp,
    started_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
    span: Option<String>,
    progress: Option<String>,
    /// Who is told when it ends, and the command that tells.
    callback: Option<(String, Option<String>)>,
    payload: String,
    result: Option<String>,
    /// The question before it is cancelled stands on the page.
    asks: bool,
    live: String,
}

/// What keeps a command from its end, or ended it.
struct Trouble {
    /// Tone of the message: `bad` or `warn`.
    tone: &'static str,
    icon: &'static str,
    title: String,
    told: Told,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/commands/{id}", |visit| Box::pin(show(visit))),
        Route::get("/live/commands/{id}", |visit| Box::pin(ready(stream(visit))))
            .access(Access::Stream),
        Route::get("/commands/{id}/cancel", |visit| Box::pin(ask(visit))),
        Route::post("/commands/{id}/cancel", |visit| Box::pin(cancel(visit))),
        Route::post("/commands/{id}/retry", |visit| Box::pin(retry(visit))),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    Ok(reply::html(&page(&visit, visit.id()?).await?))
}

/// The question as a part of the page that is open, or on a page of its own.
async fn ask(visit: Visit) -> Result<Response, Failure> {
    let page = CommandPage { asks: true, ..page(&visit, visit.id()?).await? };
    Ok(if visit.is_partial() { reply::html(&page.as_confirm()) } else { reply::html(&page) })
}

fn stream(visit: Visit) -> Result<Response, Failure> {
    visit.id()?;
    Ok(live::stream_of(visit, |frame, segments| Box::pin(parts(frame, segments))))
}

async fn parts(frame: Frame, segments: Vec<String>) -> Result<Vec<Part>, Failure> {
    let id = segments.first().and_then(|id| id.parse().ok()).ok_or(Failure::NotFound)?;
    let page = page(&frame, id).await?;
    Ok(vec![
        Part::new("mark", &page.as_mark())?,
        Part::new("actions", &page.as_actions())?,
        Part::new("trouble", &page.as_trouble())?,
        Part::new("course", &page.as_course())?,
        Part::new("facts", &page.as_facts())?,
        Part::new("answer", &page.as_answer())?,
    ])
}

async fn cancel(visit: Visit) -> Result<Response, Failure> {
    let id = visit.id()?;
    let client = visit.db().await?;
    let changed = store::commands::cancel(&client, id).await?;
    after(&visit, &client, id, "commands.cancel", changed).await
}

async fn retry(visit: Visit) -> Result<Response, Failure> {
    let id = visit.id()?;
    let client = visit.db().await?;
    let changed = store::commands::retry(&client, id).await?;
    after(&visit, &client, id, "commands.retry", changed).await
}

/// The page shows what has become of it, whether or not the order came in time.
async fn after(
    visit: &Visit,
    client: &store::Client,
    id: Uuid,
    action: &str,
    changed: Changed,
) -> Result<Response, Failure> {
    if changed == Changed::Missing {
        return Err(Failure::NotFound);
    }
    if matches!(changed, Changed::Done | Changed::Requested) {
        let detail = json!({ "outcome": changed.to_string() });
        store::audit::log(client, visit.actor(), action, &id.to_string(), &detail).await?;
        visit.site.forget_counts().await;
    }
    Ok(reply::see_other(&format!("/commands/{id}")))
}

async fn page(frame: &Frame, id: Uuid) -> Result<CommandPage, Failure> {
    let say = &frame.say;
    let client = frame.site.store.client().await?;
    let command = store::commands::get(&client, id).await?.ok_or(Failure::NotFound)?;
    let attempts = store::commands::attempts(&client, id).await?;
    let due_at = store::command_pages::due_at(&client, id).await?;
    let tenants = store::tenants::list(&client, false).await?;
    drop(client);
    let definition = commands::find(&command.name);
    let most = definition.map_or(0, |definition| i64::from(definition.max_attempts));
    let tenant = command.tenant_id.map(|id| {
        let known = tenants.iter().find(|tenant| tenant.id == id);
        (id.to_string(), known.map_or_else(|| id.to_string(), |tenant| tenant.name.clone()))
    });
    let is = |states: &[&str]| states.contains(&command.status.as_str());
    Ok(CommandPage {
        id: command.id.to_string(),
        subject: row::subject(say, &command, &tenants),
        mark: Mark::of_status(say, &command.status),
        trouble: trouble(say, &command),
        can_retry: is(&["dead", "cancelled", "retrying", "postponed"]),
        can_cancel: is(&["queued", "running", "retrying", "postponed"])
            && !command.cancel_requested,
        stopping: (command.cancel_requested && is(&["running"])).then(|| say.t("command-stopping")),
        attempts: say.t2("command-attempts", ("n", i64::from(command.attempt)), ("most", most)),
        strip: timeline::strip(say, &command, &attempts, due_at),
        events: timeline::events(say, &command, &attempts, due_at, most),
        lane: definition.map_or("", commands::Definition::lane),
        tenant,
        created_at: command.created_at,
        started_at: command.started_at,
        finished_at: command.finished_at,
        span: row::span(say, &command),
        progress: progress(frame, &command),
        callback: command
            .callback_shown()
            .map(|url| (url.to_owned(), command.callback_id.map(|id| id.to_string()))),
        payload: pretty(&command.payload),
        result: command.result.as_ref().filter(|result| !result.is_null()).map(pretty),
        asks: false,
        live: format!("/live/commands/{id}"),
        shell: frame.shell_titled(command.name.clone()).await,
        name: command.name,
    })
}

/// A command that waits by itself is not one that failed.
fn trouble(say: &Say, command: &CommandRow) -> Option<Trouble> {
    let error = command.error.as_deref().filter(|_| command.status != "succeeded")?;
    let (tone, icon, key) = match command.status.as_str() {
        "postponed" => ("warn", "clock", "command-waits"),
        "cancelled" => ("warn", "info", "command-stopped"),
        _ => ("bad", "cross", "command-failed"),
    };
    Some(Trouble { tone, icon, title: say.t(key), told: say.cause(error) })
}

/// How far it has come: `3 of 12, 2026-01-24`.
fn progress(frame: &Frame, command: &CommandRow) -> Option<String> {
    // Of one that has succeeded, the result tells: its progress is of some moment before.
    let progress = command.progress.as_ref().filter(|_| command.status != "succeeded")?;
    let done = progress.get("done")?.as_i64()?;
    let message = progress.get("message").and_then(|text| text.as_str()).unwrap_or_default();
    let message = frame.say.progress(message);
    let far = match progress.get("total").and_then(serde_json::Value::as_i64) {
        Some(total) => frame.say.t2("command-progress", ("n", done), ("total", total)),
        None => frame.say.n(done),
    };
    Some(if message.is_empty() { far } else { format!("{far}, {message}") })
}
