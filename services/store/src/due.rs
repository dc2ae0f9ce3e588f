//! The watch list: commands to look at again, and the audit that keeps it complete.

use uuid::Uuid;

use crate::{Client, Result};

/// A command that was queued again, and is still open so much later, is queued once more.
pub(crate) const RECHECK_SECONDS: f64 = 300.0;

// A due command is queued again unless it has ended or somebody still holds its lease. One that is
// queued already may have lost its message: its outbox entry is written once more, which at worst
// delivers it twice. Every open command stays on the list until it ends: `recheck` is the net.
const SWEEP: &str = "
with ripe as (
    select command_id, due_at from due where due_at <= clock_timestamp()
    order by due_at limit $1 for update skip locked
), open as (
    select commands.id, commands.name, commands.created_at,
           commands.status = 'running' and commands.lease_until >= clock_timestamp() as held,
           commands.lease_until
    from ripe join commands on commands.id = ripe.command_id
    where commands.status in ('queued', 'running', 'retrying', 'postponed')
    for update of commands skip locked
), queued as (
    update commands set status = 'queued', lease_token = null, lease_until = null
    from open where commands.id = open.id and not open.held
    returning commands.id, commands.name, commands.traceparent
), entry as (
    insert into outbox (command_id, name, traceparent)
    select id, name, traceparent from queued on conflict do nothing
), kept as (
    update due set due_at = case when open.held then open.lease_until
        else clock_timestamp() + greatest(make_interval(secs => $2),
                                          (clock_timestamp() - open.created_at) / 2) end
    from open where due.command_id = open.id
), gone as (
    delete from due using ripe
    where due.command_id = ripe.command_id
      and not exists (select from commands where id = ripe.command_id
                      and status in ('queued', 'running', 'retrying', 'postponed'))
)
select count(*), case when count(*) > 0 then pg_notify('outbox', '') end from queued";

/// Queues what is due, at most `limit` commands, and returns how many. An open command that was
/// queued again is looked at once more after five minutes, or half its age if that is longer.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn sweep(client: &Client, limit: i64) -> Result<i64> {
    Ok(client.query_one(SWEEP, &[&limit, &RECHECK_SECONDS]).await?.get(0))
}

// Reads each command once, in the order of the primary key, some time after it was accepted.
const AUDIT: &str = "
with page as (
    select id, status from commands
    where id > (select last_id from audit_position) and id < $1
    order by id limit $2
), moved as (
    update audit_position set last_id = (select id from page order by id desc limit 1)
    where exists (select from page)
), listed as (
    insert into due (command_id, due_at)
    select id, clock_timestamp() from page
    where status in ('queued', 'running', 'retrying', 'postponed')
    on conflict do nothing
    returning 1
)
select (select count(*) from page), (select count(*) from listed)";

/// Puts commands accepted before `until` (the smallest id of that instant) and still open on the
/// watch list. Returns how many rows it read (fewer than `limit`: it has caught up) and listed.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn audit(client: &Client, until: Uuid, limit: i64) -> Result<(i64, i64)> {
    let row = client.query_one(AUDIT, &[&until, &limit]).await?;
    Ok((row.get(0), row.get(1)))
}
