//! Settles slots: each ends as one row, and a slot that fires is its command too, in one commit.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{Client, Result};

/// A slot and the command that it orders.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// [`super::Entry::key`].
    pub key: &'a str,
    pub slot: Timestamp,
    /// UUIDv7.
    pub id: Uuid,
    /// Dotted name of the command.
    pub name: &'a str,
    pub tenant_id: Option<Uuid>,
    pub payload: &'a Value,
}

/// What became of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Fired,
    /// The same order of an earlier slot is still open: it would do the same.
    Skipped,
    /// Somebody else has settled it.
    Settled,
}

/// A slot that was settled, as people see it.
#[derive(Clone, Debug, Serialize)]
pub struct Fired {
    pub schedule: String,
    pub tenant_id: Option<Uuid>,
    pub slot: Timestamp,
    /// `fired`, `missed`, `skipped` or `refused`.
    pub outcome: String,
    pub detail: Option<String>,
    pub fired_at: Timestamp,
    pub command_id: Option<Uuid>,
    /// `None` when there is none, or it was pruned.
    pub command_status: Option<String>,
}

// A slot that was recorded as missed by a clock that was ahead fires when its time is there.
const FIRE: &str = "
with earlier as (
    select command_id from schedule_fire
    where schedule = $1 and slot < $2 and outcome = 'fired' order by slot desc limit 1
), same as (
    select commands.id from earlier join commands on commands.id = earlier.command_id
    where status in ('queued', 'running', 'retrying', 'postponed')
      and name = $4 and payload = $6::text::jsonb
), settled as (
    insert into schedule_fire as f (schedule, slot, command_id, outcome, detail)
    select $1, $2, case when same.id is null then $3::uuid end,
           case when same.id is null then 'fired' else 'skipped' end,
           'the same order is still open: ' || same.id
    from (select) as one left join same on true
    on conflict (schedule, slot) do update
    set command_id = excluded.command_id, outcome = excluded.outcome, detail = excluded.detail,
        fired_at = excluded.fired_at
    where f.outcome = 'missed'
    returning command_id
), command as (
    insert into commands (id, name, tenant_id, payload)
    select command_id, $4, $5, $6::text::jsonb from settled where command_id is not null
    returning id, name
), entry as (
    insert into outbox (command_id, name) select id, name from command
)
select command_id is not null, pg_notify('outbox', '') from settled";

/// Fires a slot, unless it is settled or the same order is still open. Repeating it is harmless.
///
/// # Errors
/// When the database cannot be written: nothing has happened then.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn fire(client: &Client, order: &Order<'_>) -> Result<Outcome> {
    let payload = order.payload.to_string();
    let statement = client.prepare_cached(FIRE).await?;
    let row = client
        .query_opt(
            &statement,
            &[&order.key, &order.slot, &order.id, &order.name, &order.tenant_id, &payload],
        )
        .await?;
    Ok(match row.map(|row| row.get(0)) {
        Some(true) => Outcome::Fired,
        Some(false) => Outcome::Skipped,
        None => Outcome::Settled,
    })
}

/// Records slots that nobody fired in time, and returns how many nobody had recorded.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn miss(client: &Client, key: &str, slots: &[Timestamp]) -> Result<u64> {
    let statement = "
        insert into schedule_fire (schedule, slot, outcome)
        select $1, slot, 'missed' from unnest($2::timestamptz[]) as slot
        on conflict do nothing";
    Ok(client.execute(statement, &[&key, &slots]).await?)
}

/// Records a slot whose order does not fit its command. Returns whether nobody had settled it.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn refuse(client: &Client, key: &str, slot: Timestamp, reason: &str) -> Result<bool> {
    let statement = "
        insert into schedule_fire as f (schedule, slot, outcome, detail)
        values ($1, $2, 'refused', $3)
        on conflict (schedule, slot) do update set outcome = 'refused', detail = excluded.detail
        where f.outcome = 'missed'";
    Ok(client.execute(statement, &[&key, &slot, &reason]).await? == 1)
}

/// The slots settled last, newest first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn newest(client: &Client, limit: i64) -> Result<Vec<Fired>> {
    let statement = "
        select split_part(schedule, '/', 1), nullif(split_part(schedule, '/', 2), '')::uuid, slot,
               outcome, detail, fired_at, command_id, commands.status
        from (select * from schedule_fire order by fired_at desc limit $1) as fire
        left join commands on commands.id = fire.command_id
        order by fired_at desc, slot desc";
    let rows = client.query(statement, &[&limit]).await?;
    Ok(rows
        .iter()
        .map(|row| Fired {
            schedule: row.get(0),
            tenant_id: row.get(1),
            slot: row.get(2),
            outcome: row.get(3),
            detail: row.get(4),
            fired_at: row.get(5),
            command_id: row.get(6),
            command_status: row.get(7),
        })
        .collect())
}
