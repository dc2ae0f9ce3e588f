//! `GET /internal/batches`: what batches looked at, how far they have come, and their reports.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use store::batches::{self, Item, Progress, Run};
use uuid::Uuid;
use warp::reply::Response;

use super::views::url;
use crate::params::Params;
use crate::problem::Problem;
use crate::route::{Access, Call, Route};
use crate::state::Api;
use crate::{etag, page};

/// A batch. Its counters are as its driver last copied them.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Batch")]
struct BatchView {
    /// Also the id of its command.
    id: Uuid,
    /// Path of its command, which can be cancelled and retried.
    command_url: String,
    /// `full` or `hybrid`.
    mode: String,
    set_id: Option<String>,
    /// What was asked for.
    requested: Value,
    /// `planning`, `running`, `stopping`, `stopped` or `finished`.
    state: &'static str,
    started_at: Timestamp,
    finished_at: Option<Timestamp>,
    cards_targeted: i32,
    cards_succeeded: i32,
    cards_failed: i32,
    cards_skipped: i32,
    cards_deferred: i32,
    calls_spent: i32,
    stop_reason: Option<String>,
    /// Written when its last card has ended.
    report: Option<Value>,
}

/// A page of batches, newest first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BatchPage")]
struct PageView {
    batches: Vec<BatchView>,
    /// Path of the next page; null on the last one. Also in the `Link` header.
    next: Option<String>,
}

/// A batch with a page of its cards.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BatchDetail")]
struct DetailView {
    batch: BatchView,
    progress: ProgressView,
    /// In the order of their turn.
    items: Vec<ItemView>,
    /// Path of the items that follow; null on the last page. Also in the `Link` header.
    next: Option<String>,
}

/// How far a batch has come, counted now.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BatchProgress")]
struct ProgressView {
    targeted: i64,
    pending: i64,
    queued: i64,
    succeeded: i64,
    failed: i64,
    skipped: i64,
    deferred: i64,
    stopped: i64,
    calls: i64,
    /// Cards that ended within the last minute, per second.
    per_second: f64,
}

/// A card of a batch.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BatchItem")]
struct ItemView {
    card_id: i64,
    set_id: String,
    /// Its turn, from 0.
    position: i32,
    state: &'static str,
    command_id: Option<Uuid>,
    /// Why it ended without a price.
    detail: Option<String>,
    calls: i32,
    finished_at: Option<Timestamp>,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/internal/batches", Access::Service, |api, call| Box::pin(list(api, call)))
            .about("batches", "Lists batches, newest first.")
            .query("before", "uuid", "Only batches older than this one: the last of a page.")
            .query("limit", "integer", "Batches on a page, at most 500.")
            .paged()
            .has_etag()
            .answers::<PageView>(200, "A page of batches."),
        Route::get("/internal/batches/{id}", Access::Service, |api, call| {
            Box::pin(detail(api, call))
        })
        .about("batches", "Shows a batch, its report, how far it has come, and its cards.")
        .placeholder("id", "uuid", "The batch.", "550e8400-e29b-41d4-a716-446655440000")
        .query(
            "state",
            "",
            "`pending`, `queued`, `succeeded`, `failed`, `skipped`, `deferred` or `stopped`.",
        )
        .query("after", "integer", "Only cards after this turn: the last of a page.")
        .query("limit", "integer", "Cards on a page, at most 500.")
        .paged()
        .has_etag()
        .answers::<DetailView>(200, "The batch with a page of its cards."),
    ]
}

async fn list(api: Api, call: Call) -> Result<Response, Problem> {
    let mut params = Params::new(&call.query);
    let before = params.optional("before", "the id of a batch");
    let limit = page::limit(&mut params);
    params.finish()?;
    let client = api.store.client().await?;
    let runs = batches::list(&client, before, limit).await?;
    let next = page::last_of_full(&runs, limit)
        .map(|last| page::next(&call.path, &call.query, &[("before", &last.id.to_string())]));
    let view = PageView { batches: runs.into_iter().map(BatchView::from).collect(), next };
    Ok(page::link(etag::ok(&call, &view)?, view.next.as_deref()))
}

async fn detail(api: Api, call: Call) -> Result<Response, Problem> {
    let id = call.id()?;
    let mut params = Params::new(&call.query);
    let state = params.optional("state", "a state of a card");
    let after = params.optional("after", "the turn of a card");
    let limit = page::limit(&mut params);
    params.finish()?;
    let client = api.store.client().await?;
    let missing = || Problem::NotFound(format!("there is no batch {id}"));
    let progress = batches::progress(&client, id).await?.ok_or_else(missing)?;
    let batch = batches::get(&client, id).await?.ok_or_else(missing)?;
    let items = batches::items(&client, id, state, after, limit).await?;
    let path = format!("/internal/batches/{id}");
    let next = page::last_of_full(&items, limit)
        .map(|last| page::next(&path, &call.query, &[("after", &last.position.to_string())]));
    let view = DetailView {
        batch: batch.into(),
        progress: progress.into(),
        items: items.into_iter().map(ItemView::from).collect(),
        next,
    };
    Ok(page::link(etag::ok(&call, &view)?, view.next.as_deref()))
}

impl From<Run> for BatchView {
    fn from(run: Run) -> BatchView {
        BatchView {
            id: run.id,
            command_url: url(run.id),
            mode: run.mode,
            set_id: run.set_id,
            requested: run.requested,
            state: run.state.as_str(),
            started_at: run.started_at,
            finished_at: run.finished_at,
            cards_targeted: run.cards_targeted,
            cards_succeeded: run.cards_succeeded,
            cards_failed: run.cards_failed,
            cards_skipped: run.cards_skipped,
            cards_deferred: run.cards_deferred,
            calls_spent: run.calls_spent,
            stop_reason: run.stop_reason,
            report: run.report,
        }
    }
}

impl From<Progress> for ProgressView {
    fn from(progress: Progress) -> ProgressView {
        ProgressView {
            targeted: progress.targeted,
            pending: progress.pending,
            queued: progress.queued,
            succeeded: progress.succeeded,
            failed: progress.failed,
            skipped: progress.skipped,
            deferred: progress.deferred,
            stopped: progress.stopped,
            calls: progress.calls,
            per_second: progress.per_second,
        }
    }
}

impl From<Item> for ItemView {
    fn from(item: Item) -> ItemView {
        ItemView {
            card_id: item.card_id,
            set_id: item.set_id,
            position: item.position,
            state: item.state.as_str(),
            command_id: item.command_id,
            detail: item.detail,
            calls: item.calls,
            finished_at: item.finished_at,
        }
    }
}
