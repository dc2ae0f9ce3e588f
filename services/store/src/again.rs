//! Queues commands again that have ended, or that wait for a later time.

use crate::due::RECHECK_SECONDS;

/// The part of a statement that queues the commands of `condition` again, now and with all their
/// attempts before them. They are the rows of `again`, with `id`, `name` and `traceparent`.
///
/// They go on the watch list too: the audit reads each command once, some time after it was
/// accepted, and may long be past them when their message is lost.
pub(crate) fn again(condition: &str) -> String {
    format!(
        "again as (
            update commands
            set status = 'queued', attempt = 0, cancel_requested = false, finished_at = null
            where {condition}
            returning id, name, traceparent
        ), entry as (
            insert into outbox (command_id, name, traceparent)
            select id, name, traceparent from again on conflict do nothing
        ), watched as (
            insert into due (command_id, due_at)
            select id, clock_timestamp() + make_interval(secs => {RECHECK_SECONDS}) from again
            on conflict (command_id) do update set due_at = excluded.due_at
        ), letters as (
            update dead_letters set replayed_at = clock_timestamp()
            from again where dead_letters.command_id = again.id and replayed_at is null
        )"
    )
}
