//! The cards of a batch on their way.

use uuid::Uuid;

use super::{Item, ItemState};
use crate::catalogue::Reader;
use crate::{Client, Result};

// What is queued is locked out by its state, so that two drivers never take the same card.
const FAN_OUT: &str = "
with run as (
    select id from batch_runs where id = $1 and state = 'running' for update
), room as (
    select greatest(least($2 - count(*), cardinality($3::uuid[])), 0) as n
    from batch_items where batch_id = $1 and state = 'queued'
), next as (
    select card_id, position from batch_items
    where batch_id = $1 and state = 'pending' and exists (select from run)
    order by position limit (select n from room)
    for update skip locked
), numbered as (
    select card_id, row_number() over (order by position) as n from next
), item as (
    update batch_items i set state = 'queued', command_id = ($3::uuid[])[numbered.n]
    from numbered where i.batch_id = $1 and i.card_id = numbered.card_id
    returning i.card_id, i.command_id
), command as (
    insert into commands (id, name, payload, traceparent)
    select command_id, $4, jsonb_build_object('card_id', card_id, 'batch_id', $1::uuid), $5
    from item
), entry as (
    insert into outbox (command_id, name, traceparent) select command_id, $4, $5 from item
)
select count(*), case when count(*) > 0 then pg_notify('outbox', '') end from item";

/// Turns the next items into commands called `name`, with the payload `{card_id, batch_id}` and
/// these ids (`UUIDv7`, as many as may be used), so that at most `max_queued` are on their way: a
/// batch that is told to stop then stops soon. Returns how many commands there are now more.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn fan_out(
    client: &Client,
    batch_id: Uuid,
    max_queued: i64,
    ids: &[Uuid],
    name: &str,
    traceparent: Option<&str>,
) -> Result<i64> {
    let statement = client.prepare_cached(FAN_OUT).await?;
    let row =
        client.query_one(&statement, &[&batch_id, &max_queued, &ids, &name, &traceparent]).await?;
    Ok(row.get(0))
}

/// Counts calls that a card took without getting a price from them.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn add_calls(client: &Client, batch_id: Uuid, card_id: i64, n: i32) -> Result<()> {
    let statement =
        "update batch_items set calls = calls + $3 where batch_id = $1 and card_id = $2";
    let statement = client.prepare_cached(statement).await?;
    client.execute(&statement, &[&batch_id, &card_id, &n]).await?;
    Ok(())
}

/// How the turn of a card ended, when it was not priced.
#[derive(Clone, Copy, Debug)]
pub struct ItemEnd<'a> {
    pub batch_id: Uuid,
    pub card_id: i64,
    pub state: ItemState,
    pub detail: &'a str,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Done,
    /// So many further cards of its set are skipped, because the set keeps failing.
    SetSkipped(u64),
    /// The item had ended before, or is none of the batch.
    Unknown,
}

/// Failures in a row after which the rest of a set is skipped.
const FAILURES_IN_A_ROW: i64 = 10;

const END: &str = "
with item as (
    update batch_items set state = $3, detail = $4,
        finished_at = clock_timestamp()
    where batch_id = $1 and card_id = $2 and finished_at is null
    returning set_id
), card as (
    update cards set error_count = error_count + 1, last_error = $4,
        last_error_at = clock_timestamp()
    where id = $2 and $3 = 'failed' and exists (select from item)
)
select set_id from item";

/// Ends an item without a price. A failure counts for the card too, and may be the one after which
/// the rest of its set is skipped. An item that succeeds is ended by [`crate::prices::write`].
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn end_item(client: &Client, end: &ItemEnd<'_>) -> Result<Ended> {
    let statement = client.prepare_cached(END).await?;
    let state = end.state.as_str();
    let row =
        client.query_opt(&statement, &[&end.batch_id, &end.card_id, &state, &end.detail]).await?;
    let Some(row) = row else { return Ok(Ended::Unknown) };
    if end.state != ItemState::Failed {
        return Ok(Ended::Done);
    }
    let n_skipped = skip_failing_set(client, end.batch_id, row.get(0), end.detail).await?;
    Ok(if n_skipped > 0 { Ended::SetSkipped(n_skipped) } else { Ended::Done })
}

/// Skips what is pending of a set if its last ten cards have all failed. Returns how many that are.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn skip_failing_set(
    client: &Client,
    batch_id: Uuid,
    set_id: &str,
    last_error: &str,
) -> Result<u64> {
    let statement = "
        update batch_items set state = 'skipped', detail = $3, finished_at = clock_timestamp()
        where batch_id = $1 and set_id = $2 and state = 'pending'
          and $4 = (
            select count(*) filter (where state = 'failed') from (
                select state from batch_items
                where batch_id = $1 and set_id = $2 and state in ('succeeded', 'failed')
                order by finished_at desc limit $4
            ) last)";
    let detail =
        format!("{FAILURES_IN_A_ROW} cards of this set failed in a row, last: {last_error}");
    let params: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
        [&batch_id, &set_id, &detail, &FAILURES_IN_A_ROW];
    Ok(client.execute(statement, &params).await?)
}

/// Ends all pending items of a batch in one state: deferred when the quota is spent. Returns how
/// many they are.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn close_pending(
    client: &Client,
    batch_id: Uuid,
    state: ItemState,
    detail: &str,
) -> Result<u64> {
    let statement = "
        update batch_items set state = $2, detail = $3, finished_at = clock_timestamp()
        where batch_id = $1 and state = 'pending'";
    Ok(client.execute(statement, &[&batch_id, &state.as_str(), &detail]).await?)
}

// Commands are looked up one by one: joins were planned from statistics of the moment when nothing
// was queued yet, and took a second for a thousand items.
const COLLECT_LOST: &str = "
with queued as materialized (
    select ctid as place, command_id,
           (select status from commands c where c.id = q.command_id) as status
    from batch_items q where batch_id = $1 and state = 'queued'
), ended as materialized (
    select place, status, (select error from commands c where c.id = command_id) as error
    from queued where status is null or status in ('dead', 'cancelled', 'succeeded')
)
update batch_items i set finished_at = clock_timestamp(),
    state = case ended.status when 'cancelled' then 'stopped' else 'failed' end,
    detail = coalesce(ended.error, 'its command is ' || coalesce(ended.status, 'gone'))
from ended where i.ctid = ended.place and i.state = 'queued'";

/// Ends queued items whose command has ended without telling: it died, was cancelled, or was
/// removed. Returns how many they are.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn collect_lost(client: &Client, batch_id: Uuid) -> Result<u64> {
    let statement = client.prepare_cached(COLLECT_LOST).await?;
    Ok(client.execute(&statement, &[&batch_id]).await?)
}

/// Items by their turn, after position `after`, all or those in one state.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn items(
    client: &Client,
    batch_id: Uuid,
    state: Option<ItemState>,
    after: Option<i32>,
    limit: i64,
) -> Result<Vec<Item>> {
    let statement = "
        select card_id, set_id, position, state, command_id, detail, calls, finished_at
        from batch_items
        where batch_id = $1 and ($2::text is null or state = $2)
          and ($3::int is null or position > $3)
        order by position limit $4";
    let state = state.map(ItemState::as_str);
    let rows = client.query(statement, &[&batch_id, &state, &after, &limit]).await?;
    rows.iter().map(|row| Item::read(&mut Reader::new(row))).collect()
}

impl Item {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Item> {
        Ok(Item {
            card_id: reader.get(),
            set_id: reader.get(),
            position: reader.get(),
            state: reader.word()?,
            command_id: reader.get(),
            detail: reader.get(),
            calls: reader.get(),
            finished_at: reader.get(),
        })
    }
}
