//! Reads time entries one page after the other, in a tenant's transaction.

use jiff::Timestamp;
use jiff::civil::Date;
use msp::time_entry::BillableClass;
use tokio_postgres::Row;

use crate::{Result, Tenant};

/// Which time entries to read; what is `None` does not restrict them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Worked on this day or later.
    pub from: Option<Date>,
    /// Worked on this day or earlier.
    pub to: Option<Date>,
    pub member: Option<String>,
    pub ticket_id: Option<String>,
    pub class: Option<BillableClass>,
    /// Only what comes after this entry.
    pub after: Option<Place>,
    pub limit: i64,
}

/// Where an entry stands: entries are in the order of their day, then of source and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub date: Date,
    pub source: String,
    pub id: String,
}

/// A time entry as its source reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeEntryRow {
    pub source: String,
    pub id: String,
    pub ticket_id: Option<String>,
    pub member: Option<String>,
    pub work_type: Option<String>,
    pub class: BillableClass,
    pub minutes: i32,
    /// As the source states it; it has no time zone.
    pub date: Date,
    pub notes: Option<String>,
    pub updated_at: Option<Timestamp>,
    pub ingested_at: Timestamp,
}

const LIST: &str = "
    select source, cw_time_entry_id, cw_ticket_id, member, work_type, billable_class, minutes,
           date_worked, notes, updated_at_remote, ingested_at
    from raw_time_entries
    where tenant_id = $1
      and date_worked >= coalesce($2, '-infinity'::date)
      and date_worked <= coalesce($3, 'infinity'::date)
      and ($4::text is null or member = $4) and ($5::text is null or cw_ticket_id = $5)
      and ($6::smallint is null or billable_class = $6)
      and ($7::date is null or (date_worked, source, cw_time_entry_id)
               > ($7, $8::text collate \"C\", $9::text collate \"C\"))
    order by date_worked, source, cw_time_entry_id
    limit $10";

/// The time entries of a filter, oldest day first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(tenant: &Tenant<'_>, filter: &Filter) -> Result<Vec<TimeEntryRow>> {
    let (date, source, id) = match &filter.after {
        Some(place) => (Some(place.date), Some(&place.source), Some(&place.id)),
        None => (None, None, None),
    };
    // The index begins the walk at the page's place, and not at the oldest entry.
    let from = filter.from.max(date);
    let class = filter.class.map(|class| class as i16);
    let rows = tenant
        .query(
            LIST,
            &[
                &tenant.id(),
                &from,
                &filter.to,
                &filter.member,
                &filter.ticket_id,
                &class,
                &date,
                &source,
                &id,
                &filter.limit,
            ],
        )
        .await?;
    Ok(rows.iter().map(entry).collect())
}

fn entry(row: &Row) -> TimeEntryRow {
    TimeEntryRow {
        source: row.get("source"),
        id: row.get("cw_time_entry_id"),
        ticket_id: row.get("cw_ticket_id"),
        member: row.get("member"),
        work_type: row.get("work_type"),
        class: class(row.get("billable_class")),
        minutes: row.get("minutes"),
        date: row.get("date_worked"),
        notes: row.get("notes"),
        updated_at: row.get("updated_at_remote"),
        ingested_at: row.get("ingested_at"),
    }
}

fn class(number: i16) -> BillableClass {
    match number {
        1 => BillableClass::Billable,
        2 => BillableClass::NoCharge,
        _ => BillableClass::NotBillable,
    }
}
