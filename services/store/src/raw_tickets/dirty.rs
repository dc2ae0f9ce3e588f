//! The days whose figures a load of tickets touches, exactly.
//!
//! A ticket counts on the day it was created and, through the z-score, on the thirty that follow;
//! in the backlog of every day it was open; on the days it was closed, reopened and first
//! answered; and on the days its targets were decided. A change marks the days on which any of
//! that differs. Days after today are never marked: nothing was computed for them.

use jiff::Timestamp;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Statement, Transaction};

use crate::ingest::Scope;
use crate::{Connection, Result};

pub(super) struct Dirty {
    first_ticket: Statement,
    enter_zone: Statement,
    mark_new: Statement,
    mark_changed: Statement,
    lock_first: Statement,
    mark_first: Statement,
}

/// The z-score knows no days before the first ticket, so that ticket shapes it as well.
const FIRST_TICKET: &str = "select min(created_at_remote) from raw_tickets where tenant_id = $1";

/// What an instant's day is, for the rest of the transaction: a cast asks the session's zone, which
/// is found once and not for each row.
const ENTER_ZONE: &str = "select set_config('timezone', timezone, true) from tenants where id = $1";

/// Most tickets were open on the same days as many others. Few were reopened or have instants
/// outside of their days, and only those are looked at one by one.
const MARK_NEW: &str = "
with open_days as (
    select created_at_remote::date as created,
        coalesce(history[1], closed_at, now())::date as closed
    from ticket_new
    group by 1, 2
), days as (
    select daterange(created, greatest(closed, created + 30), '[]') as days from open_days
    union all
    select daterange(o.day, greatest(o.day, x.day), '[]')
    from ticket_new s
    cross join generate_series(1, cardinality(s.history) / 2) i,
        lateral (select s.history[2 * i]::date as day) o,
        lateral (select coalesce(s.history[2 * i + 1], s.closed_at, now())::date as day) x
    where s.history is not null
    union all
    select daterange(v.at::date, v.at::date, '[]')
    from ticket_new s,
        lateral (
            select least(s.first_response_at, s.sla_response_due_at) as response,
                least(s.resolved_at, s.closed_at, s.sla_resolution_due_at) as resolution
        ) decided,
        lateral (values (s.first_response_at), (response), (resolution)) v (at)
    where v.at is not null
        and (s.history is not null or least(response, resolution) < s.created_at_remote
            or greatest(s.first_response_at, response, resolution)
                > coalesce(s.closed_at, now()))
), marked as (
    select range_agg(days) * datemultirange(daterange(null, now()::date, '[]')) as days from days
)
insert into kpi_dirty (tenant_id, days) select $1, days from marked where not isempty(days)";

const MARK_CHANGED: &str = include_str!("mark_changed.sql");

/// Two connections that each move a first ticket away would both still see the other's.
const LOCK_FIRST: &str = "
select pg_advisory_xact_lock(hashtextextended('first ticket/' || $1::uuid::text, 0))
from ticket_plan p join ticket_written w on w.cw_ticket_id = p.cw_ticket_id
where p.created_at <> w.created_at
limit 1";

const MARK_FIRST: &str = "
with first as (
    select (least($2, min) at time zone timezone)::date as earlier,
        (greatest($2, min) at time zone timezone)::date as later,
        (now() at time zone timezone)::date as today
    from tenants,
        (select min(created_at_remote) from raw_tickets where tenant_id = $1) m
    where id = $1
)
insert into kpi_dirty (tenant_id, days)
select $1, datemultirange(daterange(earlier, least(later + 30, today), '[]'))
from first where earlier <> later and earlier <= today";

impl Dirty {
    pub(super) async fn prepare(client: &Connection) -> Result<Dirty> {
        Ok(Dirty {
            first_ticket: client.prepare(FIRST_TICKET).await?,
            enter_zone: client.prepare(ENTER_ZONE).await?,
            mark_new: client.prepare(MARK_NEW).await?,
            mark_changed: client.prepare(MARK_CHANGED).await?,
            lock_first: client.prepare(LOCK_FIRST).await?,
            mark_first: client.prepare(MARK_FIRST).await?,
        })
    }

    /// When the tenant's first ticket was created; call it before anything is written.
    pub(super) async fn first_ticket(
        &self,
        transaction: &Transaction<'_>,
        scope: Scope,
    ) -> Result<Option<Timestamp>> {
        Ok(transaction.query_one(&self.first_ticket, &[&scope.tenant_id]).await?.get(0))
    }

    /// Marks the days of `ticket_new`.
    pub(super) async fn mark_new(&self, transaction: &Transaction<'_>, scope: Scope) -> Result<()> {
        transaction.query(&self.enter_zone, &[&scope.tenant_id]).await?;
        transaction.execute(&self.mark_new, &[&scope.tenant_id]).await?;
        Ok(())
    }

    /// Marks the days on which `ticket_written` differs from `ticket_plan`.
    pub(super) async fn mark_changed(
        &self,
        transaction: &Transaction<'_>,
        scope: Scope,
    ) -> Result<()> {
        transaction.execute(&self.mark_changed, &[&scope.tenant_id]).await?;
        transaction.query(&self.lock_first, &[&scope.tenant_id]).await?;
        Ok(())
    }

    /// Marks the days whose z-score a new first ticket touches; call it last.
    pub(super) async fn mark_first(
        &self,
        transaction: &Transaction<'_>,
        scope: Scope,
        before: Option<Timestamp>,
    ) -> Result<()> {
        let Some(before) = before else { return Ok(()) };
        let parameters: [&(dyn ToSql + Sync); 2] = [&scope.tenant_id, &before];
        transaction.execute(&self.mark_first, &parameters).await?;
        Ok(())
    }
}
