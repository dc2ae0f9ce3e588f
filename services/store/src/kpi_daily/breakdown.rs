//! Figures of a range of days by company, board, priority or member.
//!
//! They are counted from the records when somebody asks, and not kept. A record belongs to the
//! company, board and priority that it has now, so that a ticket which was moved counts where it
//! is. The figures that can be summed add up to those of `kpi_daily` over the range.

use jiff::civil::Date;
use msp::kpi::Period;
use tokio_postgres::Row;
use tokio_postgres::types::Type;

use super::compute::Calendar;
use crate::{Result, Tenant};

/// By what figures are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    Company,
    Board,
    Priority,
    /// Tickets by their owner, time by who worked it.
    Member,
}

/// Which part of a breakdown to read.
#[derive(Clone, Debug)]
pub struct Page<'a> {
    /// Only values after this one, by their bytes.
    pub after: Option<&'a str>,
    pub limit: i64,
}

/// The figures of one company, board, priority or member.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// `None`: records without one. It is last.
    pub value: Option<String>,
    pub tickets_created: i64,
    pub tickets_closed: i64,
    pub tickets_reopened: i64,
    /// Open at the end of the last day.
    pub tickets_open: i64,
    pub tickets_high_priority: i64,
    pub avg_resolution_minutes: Option<f64>,
    pub n_resolution: i64,
    pub avg_first_response_minutes: Option<f64>,
    pub n_first_response: i64,
    pub total_minutes: i64,
    pub billable_minutes: i64,
    pub non_billable_minutes: i64,
    pub no_charge_minutes: i64,
}

/// The figures of `period`, by the values of a dimension in the order of their bytes.
///
/// # Errors
/// When the database cannot be read.
pub async fn breakdown(
    tenant: &Tenant<'_>,
    dimension: Dimension,
    period: Period,
    page: &Page<'_>,
) -> Result<Vec<Slice>> {
    // Of a long range the calendar is needed at its ends only.
    let begin = Calendar::of(tenant, day(period.from())).await?.begin_of_last();
    let end = Calendar::of(tenant, day(period.to())).await?.end_of_last();
    let rows = tenant
        .query_typed(
            &statement(dimension),
            &[
                (&tenant.id(), Type::UUID),
                (&begin, Type::TIMESTAMPTZ),
                (&end, Type::TIMESTAMPTZ),
                (&period.from(), Type::DATE),
                (&period.to(), Type::DATE),
                (&page.after, Type::TEXT),
                (&page.limit, Type::INT8),
            ],
        )
        .await?;
    Ok(rows.iter().map(slice).collect())
}

fn day(date: Date) -> Period {
    Period::new(date, date).expect("a day of a period is a period")
}

/// $1 tenant, $2 first instant of the range, $3 the one after it, $4 first day, $5 last day, $6 the
/// value before the page, $7 rows of the page.
fn statement(dimension: Dimension) -> String {
    let ticket = match dimension {
        Dimension::Company => "ticket.company",
        Dimension::Board => "ticket.board",
        Dimension::Priority => "ticket.priority",
        Dimension::Member => "ticket.owner",
    };
    let (entry, of_entry) = match dimension {
        Dimension::Member => ("entry.member", ""),
        _ => (
            ticket,
            "left join raw_tickets as ticket on ticket.tenant_id = $1
                and ticket.source = entry.source and ticket.cw_ticket_id = entry.cw_ticket_id",
        ),
    };
    STATEMENT.replace("{ticket}", ticket).replace("{entry}", entry).replace("{of_entry}", of_entry)
}

const STATEMENT: &str = "
with event as (
    select {ticket} as name, 1 as created, 0 as closed, 0 as reopened, 0 as open, 0 as high,
           null::bigint as resolution_s, null::bigint as response_s,
           0 as minutes, 0 as billable, 0 as no_charge
    from raw_tickets as ticket
    where tenant_id = $1 and created_at_remote >= $2 and created_at_remote < $3
    union all
    select {ticket}, 0, 1, 0, 0, 0, date_part('epoch', closed_at - created_at_remote)::bigint,
           null, 0, 0, 0
    from raw_tickets as ticket
    where tenant_id = $1 and closed_at >= $2 and closed_at < $3
    union all
    select {ticket}, 0, 1, 0, 0, 0,
           case when next_opened_at >= span.closed_at + interval '168 hours'
                then date_part('epoch', span.closed_at - span.created_at_remote)::bigint end,
           null, 0, 0, 0
    from ticket_past_spans as span
        left join raw_tickets as ticket using (tenant_id, source, cw_ticket_id)
    where tenant_id = $1 and span.closed_at >= $2 and span.closed_at < $3
    union all
    select {ticket}, 0, 0, 1, 0, 0, null, null, 0, 0, 0
    from ticket_past_spans as span
        left join raw_tickets as ticket using (tenant_id, source, cw_ticket_id)
    where tenant_id = $1 and next_opened_at >= $2 and next_opened_at < $3
    union all
    select {ticket}, 0, 0, 0, 1, high_priority::int, null, null, 0, 0, 0
    from raw_tickets as ticket
    where tenant_id = $1 and created_at_remote < $3
      and coalesce(reopened_at, created_at_remote) < $3 and (closed_at is null or closed_at >= $3)
    union all
    select {ticket}, 0, 0, 0, 1, span.high_priority::int, null, null, 0, 0, 0
    from ticket_past_spans as span
        left join raw_tickets as ticket using (tenant_id, source, cw_ticket_id)
    where tenant_id = $1 and span.created_at_remote < $3 and opened_at < $3
      and span.closed_at >= $3
    union all
    select {ticket}, 0, 0, 0, 0, 0, null,
           date_part('epoch', first_response_at - created_at_remote)::bigint, 0, 0, 0
    from raw_tickets as ticket
    where tenant_id = $1 and first_response_at >= $2 and first_response_at < $3
    union all
    select {entry}, 0, 0, 0, 0, 0, null, null, minutes,
           case billable_class when 1 then minutes else 0 end,
           case billable_class when 2 then minutes else 0 end
    from raw_time_entries as entry {of_entry}
    where entry.tenant_id = $1 and date_worked between $4 and $5
)
select name, sum(created) as tickets_created, sum(closed) as tickets_closed,
       sum(reopened) as tickets_reopened, sum(open) as tickets_open,
       sum(high) as tickets_high_priority,
       round(avg(resolution_s) / 60, 2)::float8 as avg_resolution_minutes,
       count(resolution_s) as n_resolution,
       round(avg(response_s) / 60, 2)::float8 as avg_first_response_minutes,
       count(response_s) as n_first_response,
       sum(minutes) as total_minutes, sum(billable) as billable_minutes,
       sum(minutes) - sum(billable) as non_billable_minutes, sum(no_charge) as no_charge_minutes
from event
where $6::text is null or name collate \"C\" > $6 or name is null
group by name
order by name collate \"C\" nulls last
limit $7";

fn slice(row: &Row) -> Slice {
    Slice {
        value: row.get("name"),
        tickets_created: row.get("tickets_created"),
        tickets_closed: row.get("tickets_closed"),
        tickets_reopened: row.get("tickets_reopened"),
        tickets_open: row.get("tickets_open"),
        tickets_high_priority: row.get("tickets_high_priority"),
        avg_resolution_minutes: row.get("avg_resolution_minutes"),
        n_resolution: row.get("n_resolution"),
        avg_first_response_minutes: row.get("avg_first_response_minutes"),
        n_first_response: row.get("n_first_response"),
        total_minutes: row.get("total_minutes"),
        billable_minutes: row.get("billable_minutes"),
        non_billable_minutes: row.get("non_billable_minutes"),
        no_charge_minutes: row.get("no_charge_minutes"),
    }
}
