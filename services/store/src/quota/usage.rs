//! What the ledger says now, what it said before, and what the provider says.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use tokio_postgres::Row;

use super::Block;
use crate::settings::Settings;
use crate::{Client, Result};

/// One window of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Day {
    /// The date in Los Angeles when the window began.
    pub usage_date: Date,
    pub window_end: Timestamp,
    /// Calls that may have left.
    pub used: i32,
    /// Calls that are held for use.
    pub reserved: i32,
    /// The setting, or the provider's own limit if that is lower; never below what has left.
    pub daily_limit: i32,
    pub reported: Option<Reported>,
}

/// What the provider itself counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reported {
    pub used: i32,
    pub limit: i32,
    /// What it counted beyond our used and reserved calls: somebody else has the same key, or we
    /// lost count. Negative: what we count as used and it has not seen.
    pub drift: i32,
    pub at: Timestamp,
}

/// The current window, and what can be done in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Usage {
    pub day: Day,
    /// Calls that nobody holds.
    pub free: i32,
    /// Of these, what batches may take.
    pub free_for_batches: i32,
    /// Living workers that share them: those of the lanes `cards` and `reprice`.
    pub n_workers: i64,
    pub blocked: Option<Block>,
    /// The database's clock.
    pub now: Timestamp,
}

/// What the provider's own meter says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    pub limit: i32,
    /// May be negative at some providers: more was used than allowed.
    pub remaining: i32,
    pub reset: Timestamp,
}

// Without a row for this instant, the window that the next reservation would open.
const CURRENT: &str = "
with known as (
    select * from api_usage where provider = $1 and window_end > clock_timestamp()
    order by window_end desc limit 1
), config as (
    select coalesce(max(value) filter (where key = 'daily_api_limit')::int, $2) as wanted,
           coalesce(max(value) filter (where key = 'interactive_reserve_percent')::int, $3) as percent
    from settings
), day as (
    select coalesce(usage_date, (now() at time zone 'America/Los_Angeles')::date) as usage_date,
           coalesce(window_end, quota_window_end(
               (select max(window_end) from api_usage where provider = $1), clock_timestamp())
           ) as window_end,
           coalesce(used, 0) as used, coalesce(reserved, 0) as reserved,
           greatest(least(wanted, reported_limit), coalesce(used + reserved, 0)) as daily_limit,
           reported_used, reported_limit, reported_drift, reported_at, percent
    from config left join known on true
)
select day.*, daily_limit - used - reserved as free,
       greatest(daily_limit - used - reserved - ceil(daily_limit * percent / 100.0)::int, 0)
           as free_for_batches,
       quota_workers() as n_workers, b.blocked_until, b.reason, b.since, clock_timestamp() as now
from day
left join api_blocks b on b.provider = $1 and b.blocked_until > clock_timestamp()";

/// The current window of a provider, and whether it refuses us. Changes nothing.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn current(client: &Client, provider: &str) -> Result<Usage> {
    let defaults = Settings::default();
    let percent = defaults.interactive_reserve_percent;
    let statement = client.prepare_cached(CURRENT).await?;
    let row =
        client.query_one(&statement, &[&provider, &defaults.daily_api_limit, &percent]).await?;
    let blocked = row.get::<_, Option<Timestamp>>("blocked_until").is_some();
    Ok(Usage {
        day: day(&row),
        free: row.get("free"),
        free_for_batches: row.get("free_for_batches"),
        n_workers: row.get("n_workers"),
        blocked: blocked.then(|| super::block::from_row(&row)),
        now: row.get("now"),
    })
}

/// Takes over the end of the window, and what the provider counted beyond our own count. `None`
/// within seconds after a window ended: ask again then.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn reconcile(client: &Client, provider: &str, report: Report) -> Result<Option<Day>> {
    let statement = "select * from quota_reconcile($1, $2, $3, $4, $5)";
    let used = report.limit.saturating_sub(report.remaining).max(0);
    let limit = Settings::default().daily_api_limit;
    let row = client
        .query_opt(statement, &[&provider, &report.limit, &used, &report.reset, &limit])
        .await?;
    Ok(row.as_ref().map(day))
}

/// The newest windows of a provider, newest first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn history(client: &Client, provider: &str, n_days: i64) -> Result<Vec<Day>> {
    let statement = "
        select usage_date, window_end, used, reserved, daily_limit, reported_used, reported_limit,
               reported_drift, reported_at
        from api_usage where provider = $1 order by usage_date desc limit $2";
    Ok(client.query(statement, &[&provider, &n_days]).await?.iter().map(day).collect())
}

fn day(row: &Row) -> Day {
    let at: Option<Timestamp> = row.get("reported_at");
    Day {
        usage_date: row.get("usage_date"),
        window_end: row.get("window_end"),
        used: row.get("used"),
        reserved: row.get("reserved"),
        daily_limit: row.get("daily_limit"),
        reported: at.map(|at| Reported {
            used: row.get("reported_used"),
            limit: row.get("reported_limit"),
            drift: row.get("reported_drift"),
            at,
        }),
    }
}
