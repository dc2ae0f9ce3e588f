//! A provider that refuses us.

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
    client: &Client,
    provider: &str,
    until: Option<Timestamp>,
    reason: &str,
) -> Result<Block> {
    let row = client.query_one(BLOCK, &[&provider, &until, &reason]).await?;
    Ok(from_row(&row))
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
