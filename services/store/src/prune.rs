//! Removes what nobody will ask for any more, a bounded number of rows at a time.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::{Client, Result, commands::smallest_id, listing_months, quota};

/// How long things are kept.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Commands after their end, with their attempts and dead letters, dead letters of no command, and
    /// settled slots but the newest of each schedule, in days.
    pub commands_days: i32,
    /// Idempotency keys, in hours.
    pub idempotency_hours: i32,
    /// What became of each card of a batch, in days after the batch was ordered; the batch itself,
    /// with its report, stays.
    pub batches_days: i32,
    /// Raw listings of snapshots, in days: a month goes once all of it is older. A card's newest
    /// ones always stay.
    pub listings_days: i32,
    /// Reservations of calls, in days; the sums of each day always stay.
    pub reservations_days: i32,
}

/// By the id, which begins with the time of acceptance, since no index knows the end: what is old and
/// has ended late is looked at again and again, and is never much.
const PRUNE_COMMANDS: &str = "
with old as (
    select id from commands
    where id < $1 and finished_at < $2 and status in ('succeeded', 'cancelled', 'dead')
    order by id limit $3
), attempts as (
    delete from attempts using old where command_id = old.id
), letters as (
    delete from dead_letters using old where command_id = old.id
)
delete from commands using old where commands.id = old.id";

/// In the order of the primary key, so that nothing is read when nothing is old.
const PRUNE_ITEMS: &str = "
delete from batch_items where (batch_id, card_id) in (
    select i.batch_id, i.card_id from batch_items i
    where i.batch_id < $1
      and not exists (select from batch_runs r where r.id = i.batch_id and r.finished_at is null)
    order by i.batch_id limit $2)";

/// Removes at most `limit` rows of each kind, and one month of listings; returns how many went.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune(
    client: &Client,
    now: Timestamp,
    retention: Retention,
    limit: i64,
) -> Result<u64> {
    let days_ago = |days: i32| now - SignedDuration::from_hours(24 * i64::from(days));
    let ended_before = days_ago(retention.commands_days);
    let accepted_before: Uuid = smallest_id(ended_before);
    let mut removed =
        client.execute(PRUNE_COMMANDS, &[&accepted_before, &ended_before, &limit]).await?;
    let letters = "
        delete from dead_letters where id in (
            select id from dead_letters
            where died_at < $1 and not exists (select from commands c where c.id = command_id)
            limit $2)";
    removed += client.execute(letters, &[&ended_before, &limit]).await?;
    let keys = "
        delete from idempotency_keys where key in (
            select key from idempotency_keys
            where created_at < clock_timestamp() - make_interval(hours => $1) limit $2)";
    removed += client.execute(keys, &[&retention.idempotency_hours, &limit]).await?;
    let fires = "
        delete from schedule_fire where ctid in (
            select ctid from schedule_fire old
            where fired_at < clock_timestamp() - make_interval(days => $1)
              and exists (select from schedule_fire later
                          where later.schedule = old.schedule and later.slot > old.slot)
            limit $2)";
    removed += client.execute(fires, &[&retention.commands_days, &limit]).await?;
    let workers = "delete from workers where seen_at < clock_timestamp() - interval '1 day'";
    removed += client.execute(workers, &[]).await?;
    removed += quota::prune(client, retention.reservations_days, limit).await?;
    let ordered_before: Uuid = smallest_id(days_ago(retention.batches_days));
    removed += client.execute(PRUNE_ITEMS, &[&ordered_before, &limit]).await?;
    let is_dropped = listing_months::drop_oldest(client, days_ago(retention.listings_days)).await?;
    removed += u64::from(is_dropped);
    Ok(removed)
}
