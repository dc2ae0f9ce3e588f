//! A command that somebody ordered, followed on the page that he ordered it on.

use askama::Template;
use commands::Progress;
use serde_json::Value;
use uuid::Uuid;

use crate::failure::Failure;
use crate::icon::Mark;
use crate::live::{self, Part};
use crate::plot::short;
use crate::route::{Access, Route};
use crate::say::Say;
use crate::told::Told;
use crate::visit::Frame;

/// Where a command is.
#[derive(Template)]
#[template(path = "order.html")]
pub(crate) struct Followed {
    pub(crate) id: Uuid,
    /// Tone of the message: `run`, `ok`, `warn` or `bad`.
    pub(crate) tone: &'static str,
    mark: Mark,
    title: String,
    /// What it is at, or what came of it.
    detail: String,
    /// What went wrong, or what it waits for.
    trouble: Told,
    /// How far it is, in percent of the bar.
    width: Option<String>,
    /// Leads to the page as it is now that the command is over.
    refresh: String,
}

/// The stream of a page that follows a command.
pub(crate) fn routes() -> Vec<Route> {
    let follow = Route::get("/live/orders/{id}", |visit| {
        Box::pin(std::future::ready(Ok(live::stream_of(visit, |frame, segments| {
            Box::pin(parts(frame, segments))
        }))))
    });
    vec![follow.access(Access::Stream)]
}

async fn parts(frame: Frame, segments: Vec<String>) -> Result<Vec<Part>, Failure> {
    let id = segments.first().and_then(|id| id.parse().ok()).ok_or(Failure::NotFound)?;
    let client = frame.site.store.client().await?;
    let found = follow(&frame.say, &client, Some(id)).await?.ok_or(Failure::NotFound)?;
    Ok(vec![Part::new("order", &found)?])
}

/// Where a command is; `None` without one.
pub(crate) async fn follow(
    say: &Say,
    client: &store::Client,
    id: Option<Uuid>,
) -> Result<Option<Followed>, Failure> {
    let Some(id) = id else { return Ok(None) };
    let Some(row) = store::commands::get(client, id).await? else { return Ok(None) };
    let tone = match row.status.as_str() {
        "succeeded" => "ok",
        "dead" | "cancelled" => "bad",
        "retrying" | "postponed" => "warn",
        _ => "run",
    };
    let progress = row.progress.and_then(|it| serde_json::from_value::<Progress>(it).ok());
    let progress = progress.filter(|_| tone == "run").unwrap_or_default();
    let key = format!("command-{}", row.name.replace(['.', '_'], "-"));
    Ok(Some(Followed {
        id,
        tone,
        refresh: say.t("order-refresh"),
        mark: Mark::of_status(say, &row.status),
        title: say.try_t(&key).unwrap_or(row.name),
        detail: match tone {
            "ok" => row.result.as_ref().map(|it| told(say, it)).unwrap_or_default(),
            "run" => said(say, &progress),
            _ => String::new(),
        },
        trouble: match row.error.filter(|_| matches!(tone, "bad" | "warn")) {
            Some(error) => say.cause(&error),
            None => Told::default(),
        },
        width: progress.total.filter(|total| *total > 0).map(|total| share(progress.done, total)),
    }))
}

fn said(say: &Say, progress: &Progress) -> String {
    match progress.total {
        Some(total) => {
            say.t2("order-progress", ("done", say.n(progress.done)), ("total", say.n(total)))
        }
        None => say.progress(&progress.message),
    }
}

fn share(done: u64, total: u64) -> String {
    let small = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    short(100.0 * small(done.min(total)) / small(total))
}

/// The figures of a result: `cards: 102 · sets: 1`.
fn told(say: &Say, result: &Value) -> String {
    let Some(fields) = result.as_object() else { return String::new() };
    let figures = fields.iter().filter_map(|(name, value)| {
        let figure = match value {
            Value::Number(number) if name == "bytes" => say.bytes(number.as_u64()?),
            Value::Number(number) => say.n(number.as_i64()?),
            Value::String(text) if text.len() <= 60 => text.clone(),
            _ => return None,
        };
        let key = format!("result-{}", name.replace('_', "-"));
        let name = say.try_t(&key).unwrap_or_else(|| name.replace('_', " "));
        Some(format!("{name}{}{figure}", say.t("colon-after")))
    });
    figures.collect::<Vec<_>>().join(" · ")
}
