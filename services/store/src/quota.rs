//! Tables `api_usage`, `api_reservations`, `api_blocks`: how many calls a provider still allows.
//!
//! Calls are reserved before they are made and settled after, so that no crash and no number of
//! workers can exceed the limit: what nobody settles in time counts as spent. The statements that
//! need more than one look at the row are functions of the database, one round trip each.

mod block;
mod usage;

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::settings::Settings;
use crate::{Client, Error, Result};

pub use block::{Block, block, blocked, pause, unblock};
pub use usage::{Day, Report, Reported, Usage, current, history, reconcile};

/// What calls are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Leaves the interactive reserve alone.
    Batch,
    /// Somebody waits for it: may use everything that is left.
    Interactive,
    /// Confirming what batches found; treated like them.
    Reconcile,
}

/// Calls that somebody wants to make.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    pub provider: &'a str,
    pub purpose: Purpose,
    /// At most so many; fewer are granted when little is left.
    pub n: i32,
    /// Who holds them, for people who look.
    pub worker: Uuid,
    /// After so long without [`settle`] they count as spent.
    pub hold_seconds: f64,
    /// How long before the end of the window the last call has to begin: its timeout, and some
    /// seconds for clocks that differ.
    pub margin_seconds: f64,
}

/// The answer to a wish.
#[derive(Clone, Debug, PartialEq)]
pub enum Reserve {
    Granted(Permit),
    /// Nothing is left, or the window is about to end: ask again at this instant.
    Exhausted {
        until: Timestamp,
    },
    /// The provider refuses us.
    Blocked {
        until: Timestamp,
        reason: String,
    },
}

/// Calls that may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Permit {
    pub id: i64,
    pub n: i32,
    /// No call may begin later.
    pub usable_until: Timestamp,
}

const RESERVE: &str = "
select outcome, id, n, until, reason
from quota_reserve($1, $2, $3, $4, make_interval(secs => $5), make_interval(secs => $6), $7, $8)";

/// Reserves calls in the provider's current window; opens it when nobody has.
///
/// # Errors
/// [`Error::Invalid`] when `n` is not positive; otherwise when the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn reserve(client: &Client, wanted: &Wanted<'_>) -> Result<Reserve> {
    if wanted.n < 1 {
        return Err(Error::Invalid(format!(
            "cannot reserve {} calls: ask for 1 or more",
            wanted.n
        )));
    }
    let statement = client.prepare_cached(RESERVE).await?;
    let defaults = Settings::default();
    let row = client
        .query_one(
            &statement,
            &[
                &wanted.provider,
                &wanted.purpose.as_str(),
                &wanted.n,
                &wanted.worker,
                &wanted.hold_seconds,
                &wanted.margin_seconds,
                &defaults.daily_api_limit,
                &defaults.interactive_reserve_percent,
            ],
        )
        .await?;
    let until = row.get("until");
    Ok(match row.get("outcome") {
        "granted" => {
            Reserve::Granted(Permit { id: row.get("id"), n: row.get("n"), usable_until: until })
        }
        "blocked" => Reserve::Blocked { until, reason: row.get("reason") },
        _ => Reserve::Exhausted { until },
    })
}

const SETTLE: &str = "
with held as (
    update api_reservations set state = 'settled', spent = $2
    where id = $1 and state = 'held'
    returning provider, usage_date, n
)
update api_usage u set used = used + $2, reserved = reserved - held.n
from held where u.provider = held.provider and u.usage_date = held.usage_date";

/// Ends a permit: `spent` of its calls may have left, the others go back. Returns whether it did;
/// a permit that was settled before, or expired to spent, stays as it is.
///
/// # Errors
/// [`Error::is_data`] when `spent` is negative or more than the permit held: nothing is changed.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn settle(client: &Client, id: i64, spent: i32) -> Result<bool> {
    let statement = client.prepare_cached(SETTLE).await?;
    Ok(client.execute(&statement, &[&id, &spent]).await? == 1)
}

// Rows of usage are locked in one order, so that two of these cannot wait for each other.
const EXPIRE: &str = "
with lost as (
    select r.id from api_reservations r
    join api_usage u on u.provider = r.provider and u.usage_date = r.usage_date
    where r.state = 'held' and (r.expires_at <= clock_timestamp()
        or greatest(u.window_end, r.usable_until) <= clock_timestamp())
    for update of r skip locked
), spent as (
    update api_reservations r set state = 'expired', spent = n
    from lost where r.id = lost.id
    returning r.provider, r.usage_date, r.n
), sums as (
    select provider, usage_date, sum(n)::int as n from spent group by 1, 2
), locked as (
    select u.ctid, sums.n from api_usage u
    join sums on sums.provider = u.provider and sums.usage_date = u.usage_date
    order by u.provider, u.usage_date for update of u
), moved as (
    update api_usage u set used = u.used + s.n, reserved = u.reserved - s.n
    from sums s
    where u.provider = s.provider and u.usage_date = s.usage_date
      and exists (select from locked)
    returning s.n
)
select coalesce(sum(n), 0)::bigint from moved";

/// Counts as spent what nobody has settled in time, and what was held in a window that
/// has ended. Returns how many calls that were.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn expire(client: &Client) -> Result<i64> {
    Ok(client.query_one(EXPIRE, &[]).await?.get(0))
}

/// Forgets at most `limit` permits that ended more than `days` ago. The days themselves stay.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn prune(client: &Client, days: i32, limit: i64) -> Result<u64> {
    let statement = "
        delete from api_reservations where id in (
            select id from api_reservations
            where state <> 'held' and created_at < clock_timestamp() - make_interval(days => $1)
            order by id limit $2)";
    Ok(client.execute(statement, &[&days, &limit]).await?)
}

impl Purpose {
    /// As rows write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::Batch => "batch",
            Purpose::Interactive => "interactive",
            Purpose::Reconcile => "reconcile",
        }
    }
}
