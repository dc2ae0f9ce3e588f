//! A provider that refuses us, or that cannot be reached.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::Row;

use crate::{Client, Result};

/// Nobody calls the provider before `until`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Block {
    pub until: Timestamp,
    pub reason: String,
    pub since: Timestamp,
}

// A shorter block never ends a longer one that still holds.
const BLOCK: &str = "
with wanted as (
    select coalesce($2::timestamptz,
        (select max(window_end) from api_usage
         where provider = $1 and window_end > clock_timestamp()),
        quota_window_end((select max(window_end) from api_usage where provider = $1),
                         clock_timestamp())) as until
)
insert into api_blocks as b (provider, blocked_until, reason)
select $1, until, $3 from wanted
on conflict (provider) do update set
    reason = case when b.blocked_until > clock_timestamp() and b.blocked_until > excluded.blocked_until
                  then b.reason else excluded.reason end,
    since = case when b.blocked_until > clock_timestamp() then b.since else excluded.since end,
    blocked_until = case when b.blocked_until > clock_timestamp()
                         then greatest(b.blocked_until, excluded.blocked_until)
                         else excluded.blocked_until end
returning blocked_until, reason, since, pg_notify('quota', provider)";

/// Blocks the provider for everybody until an instant, by default until its window ends. Listeners
/// of the channel `quota` hear the provider's name.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn block(
    client: &impl GenericClient,
    provider: &str,
    until: Option<Timestamp>,
    reason: &str,
) -> Result<Block> {
    let row = client.query_one(BLOCK, &[&provider, &until, &reason]).await?;
    Ok(from_row(&row))
}

// Who meets the same trouble during a pause changes nothing: many calls fail at the same moment.
const PAUSE: &str = "
with moment as (select clock_timestamp() as now)
insert into api_blocks as b (provider, blocked_until, reason, since)
select $1, greatest(now + interval '5 seconds', $3), $2, now from moment
on conflict (provider) do update set
    reason = case when b.blocked_until > excluded.since then b.reason else excluded.reason end,
    since = case when b.blocked_until > excluded.since then b.since else excluded.since end,
    blocked_until = greatest($3::timestamptz, case
        when b.blocked_until > excluded.since then b.blocked_until
        when b.blocked_until - b.since <= interval '10 minutes'
         and b.blocked_until + greatest(b.blocked_until - b.since, interval '30 seconds')
             > excluded.since
        then excluded.since + least(2 * (b.blocked_until - b.since), interval '10 minutes')
        else excluded.blocked_until end)
returning blocked_until, reason, since, pg_notify('quota', provider)";

/// Blocks the provider for everybody because it cannot be called at all: for five seconds, and for
/// twice as long each time that this happens again soon after, up to ten minutes; in any case until
/// `at_least`. A block that holds already is prolonged only by that.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn pause(
    client: &impl GenericClient,
    provider: &str,
    at_least: Option<Timestamp>,
    reason: &str,
) -> Result<Block> {
    Ok(from_row(&client.query_one(PAUSE, &[&provider, &reason, &at_least]).await?))
}

/// The block that holds now.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn blocked(client: &impl GenericClient, provider: &str) -> Result<Option<Block>> {
    let statement = "select blocked_until, reason, since from api_blocks
                     where provider = $1 and blocked_until > clock_timestamp()";
    Ok(client.query_opt(statement, &[&provider]).await?.as_ref().map(from_row))
}

/// Lifts a block; `false` when there was none.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn unblock(client: &Client, provider: &str) -> Result<bool> {
    let statement = "
        with gone as (delete from api_blocks where provider = $1 returning provider, blocked_until)
        select blocked_until > clock_timestamp(), pg_notify('quota', provider) from gone";
    let row = client.query_opt(statement, &[&provider]).await?;
    Ok(row.is_some_and(|row| row.get(0)))
}

pub(super) fn from_row(row: &Row) -> Block {
    Block { until: row.get("blocked_until"), reason: row.get("reason"), since: row.get("since") }
}
