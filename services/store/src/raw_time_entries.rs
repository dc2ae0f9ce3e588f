//! Table `raw_time_entries`.

mod list;

use msp::time_entry::{BillableClass, TimeEntry};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Statement, Transaction};

use crate::ingest::{Chunk, Packer, RowId, Scope, Staged, Target, Written};
use crate::{Connection, Result};

pub use list::{Filter, Place, TimeEntryRow, list};

/// Loads time entries; see [`crate::ingest`].
pub struct TimeEntries {
    insert: Statement,
    mark_new: Statement,
    plan: Statement,
    update: Statement,
    mark_changed: Statement,
}

const N_COLUMNS: i16 = 13;

/// `entry_new` and `entry_changed` take the rows; `entry_plan` holds the old values of entries
/// that are about to change.
const CREATE: &str = r#"
create temp table entry_new (
    cw_time_entry_id text collate "C", content_hash uuid, cw_ticket_id text collate "C",
    member text, work_type text, billable boolean, billable_class smallint, billable_option text,
    minutes int, notes text, date_worked date, updated_at_remote timestamptz, raw text
) on commit delete rows;
create temp table entry_changed (like entry_new) on commit delete rows;
create temp table entry_plan (
    cw_time_entry_id text collate "C", cw_ticket_id text collate "C", member text,
    billable_class smallint, minutes int, date_worked date
) on commit delete rows;
"#;

const INSERT: &str = "
insert into raw_time_entries (
    tenant_id, source, cw_time_entry_id, content_hash, cw_ticket_id, member, work_type, billable,
    billable_class, billable_option, minutes, notes, date_worked, updated_at_remote, raw)
select $1, $2, cw_time_entry_id, content_hash, cw_ticket_id, member, work_type, billable,
    billable_class, billable_option, minutes, notes, date_worked, updated_at_remote, raw::jsonb
from entry_new";

/// An entry counts on the day it was worked. Whether a ticket was solved at the first call depends
/// on its entries, so the days of its closings count too.
const MARK_NEW: &str = "
with zone as materialized (
    select timezone as tz, (now() at time zone timezone)::date as today from tenants where id = $1
), day as (
    select date_worked as day from entry_new group by 1
    union
    select (t.closed_at at time zone tz)::date
    from zone, (select distinct cw_ticket_id from entry_new where cw_ticket_id is not null) e
    cross join lateral (
        select closed_at from raw_tickets t
        where t.tenant_id = $1 and t.source = $2 and t.cw_ticket_id = e.cw_ticket_id
        union all
        select closed_at from ticket_past_spans t
        where t.tenant_id = $1 and t.source = $2 and t.cw_ticket_id = e.cw_ticket_id
    ) t
    where t.closed_at is not null
), marked as (
    select range_agg(daterange(day, day, '[]')) as days from zone, day where day <= today
)
insert into kpi_dirty (tenant_id, days) select $1, days from marked where days is not null";

const PLAN: &str = "
insert into entry_plan
select s.cw_time_entry_id, o.cw_ticket_id, o.member, o.billable_class, o.minutes, o.date_worked
from entry_changed s
cross join lateral (
    select * from raw_time_entries t
    where t.tenant_id = $1 and t.source = $2 and t.cw_time_entry_id = s.cw_time_entry_id
    limit 1
) o
where s.updated_at_remote is null or o.updated_at_remote is null
    or s.updated_at_remote >= o.updated_at_remote";

const UPDATE: &str = "
update raw_time_entries t set
    content_hash = s.content_hash, cw_ticket_id = s.cw_ticket_id, member = s.member,
    work_type = s.work_type, billable = s.billable, billable_class = s.billable_class,
    billable_option = s.billable_option, minutes = s.minutes, notes = s.notes,
    date_worked = s.date_worked,
    updated_at_remote = coalesce(s.updated_at_remote, t.updated_at_remote),
    raw = s.raw::jsonb, ingested_at = now()
from entry_changed s
join entry_plan p on p.cw_time_entry_id = s.cw_time_entry_id
where t.tenant_id = $1 and t.source = $2 and t.cw_time_entry_id = s.cw_time_entry_id";

const MARK_CHANGED: &str = "
with zone as materialized (
    select timezone as tz, (now() at time zone timezone)::date as today from tenants where id = $1
), pair as (
    select p.date_worked as old_day, s.date_worked as new_day,
        p.cw_ticket_id as old_ticket, s.cw_ticket_id as new_ticket,
        (p.date_worked, p.minutes, p.billable_class, p.member)
            is distinct from (s.date_worked, s.minutes, s.billable_class, s.member) as day_differs,
        (p.cw_ticket_id, p.member) is distinct from (s.cw_ticket_id, s.member) as ticket_differs
    from entry_plan p join entry_changed s on s.cw_time_entry_id = p.cw_time_entry_id
), day as (
    select v.day from pair, lateral (values (old_day), (new_day)) v (day) where day_differs
    union
    select (t.closed_at at time zone tz)::date
    from zone, pair, lateral (values (old_ticket), (new_ticket)) v (cw_ticket_id)
    cross join lateral (
        select closed_at from raw_tickets t
        where t.tenant_id = $1 and t.source = $2 and t.cw_ticket_id = v.cw_ticket_id
        union all
        select closed_at from ticket_past_spans t
        where t.tenant_id = $1 and t.source = $2 and t.cw_ticket_id = v.cw_ticket_id
    ) t
    where ticket_differs and t.closed_at is not null
), marked as (
    select range_agg(daterange(day, day, '[]')) as days from zone, day where day <= today
)
insert into kpi_dirty (tenant_id, days) select $1, days from marked where days is not null";

/// Adds an entry to the chunk at hand; see [`Packer::push`]. `raw` is its JSON.
pub fn pack(
    packer: &mut Packer,
    id: RowId<'_>,
    entry: &TimeEntry<'_>,
    raw: &str,
) -> Option<(usize, Chunk)> {
    packer.push(id, N_COLUMNS, |row| {
        row.text(Some(id.key))
            .uuid(id.content_hash)
            .text(entry.cw_ticket_id.as_deref())
            .text(entry.member.as_deref())
            .text(entry.work_type.as_deref())
            .bool(Some(entry.class == BillableClass::Billable))
            .int2(entry.class as i16)
            .text(entry.billable_option.as_deref())
            .int4(entry.minutes)
            .text(entry.notes.as_deref())
            .day(entry.date_worked)
            .instant(entry.updated_at)
            .text(Some(raw));
    })
}

impl Target for TimeEntries {
    const TABLE: &'static str = "raw_time_entries";
    const STAGE: &'static str = CREATE;
    const PROBE: &'static str = "
        select k.position, o.content_hash is null
        from unnest($3::text[], $4::uuid[]) with ordinality k (key, hash, position)
        left join lateral (
            select o.content_hash from raw_time_entries o
            where o.tenant_id = $1 and o.source = $2 and o.cw_time_entry_id = k.key
            limit 1 -- pins the primary key
        ) o on true
        where o.content_hash is distinct from k.hash
        order by k.position";
    const COPY_NEW: &'static str = "copy entry_new from stdin (format binary)";
    const COPY_CHANGED: &'static str = "copy entry_changed from stdin (format binary)";

    async fn prepare(client: &Connection) -> Result<TimeEntries> {
        Ok(TimeEntries {
            insert: client.prepare(INSERT).await?,
            mark_new: client.prepare(MARK_NEW).await?,
            plan: client.prepare(PLAN).await?,
            update: client.prepare(UPDATE).await?,
            mark_changed: client.prepare(MARK_CHANGED).await?,
        })
    }

    async fn apply(
        &self,
        transaction: &Transaction<'_>,
        scope: Scope,
        staged: Staged,
    ) -> Result<Written> {
        let key: [&(dyn ToSql + Sync); 2] = [&scope.tenant_id, &scope.source];
        let mut written = Written::default();
        if staged.n_new > 0 {
            written.inserted = transaction.execute(&self.insert, &key).await?;
            transaction.execute(&self.mark_new, &key).await?;
        }
        if staged.n_changed > 0 {
            transaction.execute(&self.plan, &key).await?;
            written.updated = transaction.execute(&self.update, &key).await?;
            transaction.execute(&self.mark_changed, &key).await?;
        }
        Ok(written)
    }
}
