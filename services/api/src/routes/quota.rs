//! `GET /internal/quota`: the calls that the marketplace still allows, and those of a week.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use store::quota::{self, Block, Day, Reported, Usage};
use warp::reply::Response;

use crate::params::Params;
use crate::problem::Problem;
use crate::reply;
use crate::route::{Access, Call, Route};
use crate::state::Api;

const N_DAYS: i64 = 7;

/// The current window, and the ones before it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Quota")]
struct QuotaView {
    provider: &'static str,
    /// The database's clock.
    now: Timestamp,
    today: DayView,
    /// Calls that nobody holds.
    free: i32,
    /// Of these, what batches may take; the others are kept for people.
    free_for_batches: i32,
    /// Living workers that share the calls.
    n_workers: i64,
    /// Nobody calls the provider: it refuses us, or cannot be reached.
    blocked: Option<BlockView>,
    /// The last seven windows in which calls were made, newest first.
    days: Vec<DayView>,
}

/// One window of the provider.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "QuotaDay")]
struct DayView {
    /// The date in Los Angeles when the window began.
    usage_date: Date,
    window_end: Timestamp,
    /// Calls that may have left.
    used: i32,
    /// Calls that are held for use.
    reserved: i32,
    /// The setting, or the provider's own limit if that is lower.
    daily_limit: i32,
    reported: Option<ReportedView>,
}

/// What the provider itself counted.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "QuotaReported")]
struct ReportedView {
    used: i32,
    limit: i32,
    /// What it counted beyond our own count.
    drift: i32,
    at: Timestamp,
}

/// Why nobody calls the provider, and until when.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "QuotaBlock")]
struct BlockView {
    since: Timestamp,
    until: Timestamp,
    reason: String,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/internal/quota", Access::Service, |api, call| Box::pin(show(api, call)))
            .about("shop", "Shows the calls to eBay that are used, held and left.")
            .answers::<QuotaView>(200, "The calls of the day and of those before it."),
    ]
}

async fn show(api: Api, call: Call) -> Result<Response, Problem> {
    Params::new(&call.query).finish()?;
    let provider = commands::PROVIDER;
    let client = api.store.client().await?;
    let usage = quota::current(&client, provider).await?;
    let days = quota::history(&client, provider, N_DAYS).await?;
    Ok(reply::ok(&view(provider, usage, days)))
}

fn view(provider: &'static str, usage: Usage, days: Vec<Day>) -> QuotaView {
    QuotaView {
        provider,
        now: usage.now,
        today: usage.day.into(),
        free: usage.free,
        free_for_batches: usage.free_for_batches,
        n_workers: usage.n_workers,
        blocked: usage.blocked.map(BlockView::from),
        days: days.into_iter().map(DayView::from).collect(),
    }
}

impl From<Day> for DayView {
    fn from(day: Day) -> DayView {
        DayView {
            usage_date: day.usage_date,
            window_end: day.window_end,
            used: day.used,
            reserved: day.reserved,
            daily_limit: day.daily_limit,
            reported: day.reported.map(ReportedView::from),
        }
    }
}

impl From<Reported> for ReportedView {
    fn from(reported: Reported) -> ReportedView {
        ReportedView {
            used: reported.used,
            limit: reported.limit,
            drift: reported.drift,
            at: reported.at,
        }
    }
}

impl From<Block> for BlockView {
    fn from(block: Block) -> BlockView {
        BlockView { since: block.since, until: block.until, reason: block.reason }
    }
}
