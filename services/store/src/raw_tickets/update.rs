//! Brings changed tickets up to date, and keeps what they were.

use tokio_postgres::types::ToSql;
use tokio_postgres::{Statement, Transaction};

use crate::ingest::Scope;
use crate::{Connection, Result};

/// The statements, in the order in which they run.
pub(super) struct Update {
    plan: Statement,
    spans: Statement,
    remove_spans: Statement,
    add_spans: Statement,
    write: Statement,
    events: Statement,
}

/// Decides for each ticket what its current span becomes; older versions drop out here.
///
/// A span keeps the closing it got first. Only a new span, known from the source's history or seen
/// as closed before and open now, makes room for another one.
const PLAN: &str = "
insert into ticket_plan
select
    s.cw_ticket_id, o.status, o.created_at_remote, o.high_priority, o.first_response_at,
    o.resolved_at, o.closed_at, o.reopened_at, o.sla_response_due_at, o.sla_resolution_due_at,
    o.sla_response_met, o.sla_resolution_met, o.satisfaction_score,
    s.created_at_remote, c.closed_at, r.reopened_at, s.history is not null,
    s.history is not null
        or r.reopened_at is distinct from o.reopened_at
        or s.created_at_remote <> o.created_at_remote
        or s.high_priority <> o.high_priority
from ticket_changed s
cross join lateral (
    select * from raw_tickets t
    where t.tenant_id = $1 and t.source = $2 and t.cw_ticket_id = s.cw_ticket_id
    limit 1
) o
cross join lateral (
    select case
        when s.history is not null then s.history[cardinality(s.history)]
        when o.closed_at is not null and s.closed_at is null
            then greatest(coalesce(s.updated_at_remote, now()), o.closed_at, s.created_at_remote)
        when o.reopened_at is not null then greatest(o.reopened_at, s.created_at_remote)
    end as reopened_at
) r
cross join lateral (
    select case
        when s.closed_at is null then null
        when o.closed_at is not null and r.reopened_at is not distinct from o.reopened_at
            then greatest(o.closed_at, s.created_at_remote)
        else greatest(s.closed_at, r.reopened_at)
    end as closed_at
) c
where s.updated_at_remote is null or o.updated_at_remote is null
    or s.updated_at_remote >= o.updated_at_remote";

const SPANS: &str = "
insert into ticket_spans
select p.cw_ticket_id, false, e.opened_at, e.closed_at, e.next_opened_at
from ticket_plan p
join ticket_past_spans e
    on e.tenant_id = $1 and e.source = $2 and e.cw_ticket_id = p.cw_ticket_id
where p.spans_differ
union all -- what the source's history says
select
    p.cw_ticket_id, true,
    case i when 1 then s.created_at_remote else s.history[2 * i - 2] end,
    s.history[2 * i - 1], s.history[2 * i]
from ticket_plan p
join ticket_changed s on s.cw_ticket_id = p.cw_ticket_id
cross join generate_series(1, cardinality(s.history) / 2) i
where p.has_history
union all -- what was known before, under the creation of now
select
    p.cw_ticket_id, true,
    case e.opened_at when p.created_at then p.new_created_at
        else greatest(e.opened_at, p.new_created_at) end,
    greatest(e.closed_at, p.new_created_at), greatest(e.next_opened_at, p.new_created_at)
from ticket_plan p
join ticket_past_spans e
    on e.tenant_id = $1 and e.source = $2 and e.cw_ticket_id = p.cw_ticket_id
where p.spans_differ and not p.has_history
union all -- the span that ended, now that the ticket is open again
select
    p.cw_ticket_id, true,
    case when p.reopened_at is null then p.new_created_at
        else greatest(p.reopened_at, p.new_created_at) end,
    greatest(p.closed_at, p.new_created_at), p.new_reopened_at
from ticket_plan p
where not p.has_history and p.closed_at is not null and p.new_closed_at is null";

const REMOVE_SPANS: &str = "
delete from ticket_past_spans e using ticket_plan p
where e.tenant_id = $1 and e.source = $2 and e.cw_ticket_id = p.cw_ticket_id and p.spans_differ";

const ADD_SPANS: &str = "
insert into ticket_past_spans (
    tenant_id, source, cw_ticket_id, created_at_remote, opened_at, closed_at, next_opened_at,
    high_priority)
select
    $1, $2, n.cw_ticket_id, s.created_at_remote, n.opened_at, n.closed_at, n.next_opened_at,
    s.high_priority
from ticket_spans n
join ticket_changed s on s.cw_ticket_id = n.cw_ticket_id
where n.is_new";

const WRITE: &str = "
with written as (
    update raw_tickets t set
        content_hash = s.content_hash, board = s.board, status = s.status, priority = s.priority,
        summary = s.summary, description = s.description, company = s.company, owner = s.owner,
        created_at_remote = s.created_at_remote,
        updated_at_remote = coalesce(s.updated_at_remote, t.updated_at_remote),
        sla_status = s.sla_status, estimated_hours = s.estimated_hours::numeric,
        high_priority = s.high_priority, first_response_at = s.first_response_at,
        resolved_at = s.resolved_at, closed_at = p.new_closed_at, reopened_at = p.new_reopened_at,
        sla_response_due_at = s.sla_response_due_at,
        sla_resolution_due_at = s.sla_resolution_due_at,
        sla_response_verdict = s.sla_response_verdict,
        sla_resolution_verdict = s.sla_resolution_verdict,
        satisfaction_score = s.satisfaction_score::numeric, raw = s.raw::jsonb, ingested_at = now()
    from ticket_changed s
    join ticket_plan p on p.cw_ticket_id = s.cw_ticket_id
    where t.tenant_id = $1 and t.source = $2 and t.cw_ticket_id = s.cw_ticket_id
    returning t.cw_ticket_id, t.created_at_remote, t.high_priority, t.first_response_at,
        t.resolved_at, t.closed_at, t.reopened_at, t.sla_response_due_at, t.sla_resolution_due_at,
        t.sla_response_met, t.sla_resolution_met, t.satisfaction_score
)
insert into ticket_written select * from written";

const EVENTS: &str = "
insert into ticket_status_events (
    tenant_id, source, cw_ticket_id, at, old_status, new_status, was_closed, is_closed)
select
    $1, $2, p.cw_ticket_id, coalesce(s.updated_at_remote, now()), p.status, s.status,
    p.closed_at is not null, p.new_closed_at is not null
from ticket_plan p
join ticket_changed s on s.cw_ticket_id = p.cw_ticket_id
where s.status is distinct from p.status
    or (p.closed_at is null) <> (p.new_closed_at is null)";

impl Update {
    pub(super) async fn prepare(client: &Connection) -> Result<Update> {
        Ok(Update {
            plan: client.prepare(PLAN).await?,
            spans: client.prepare(SPANS).await?,
            remove_spans: client.prepare(REMOVE_SPANS).await?,
            add_spans: client.prepare(ADD_SPANS).await?,
            write: client.prepare(WRITE).await?,
            events: client.prepare(EVENTS).await?,
        })
    }

    /// Applies `ticket_changed` and returns how many tickets were written.
    pub(super) async fn run(&self, transaction: &Transaction<'_>, scope: Scope) -> Result<u64> {
        let key: [&(dyn ToSql + Sync); 2] = [&scope.tenant_id, &scope.source];
        transaction.execute(&self.plan, &key).await?;
        if transaction.execute(&self.spans, &key).await? > 0 {
            transaction.execute(&self.remove_spans, &key).await?;
            transaction.execute(&self.add_spans, &key).await?;
        }
        let n_written = transaction.execute(&self.write, &key).await?;
        transaction.execute(&self.events, &key).await?;
        Ok(n_written)
    }
}
