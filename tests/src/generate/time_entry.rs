//! The time that people book on a ticket.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use super::random::Random;
use super::rhythm::{Calendar, later};
use super::ticket::Ticket;
use super::words;

/// Number of entries of one ticket, one first.
const ENTRY_WEIGHTS: [u64; 5] = [680, 210, 70, 30, 10];
/// Minutes of one entry.
const MINUTES: [(i64, i64); 5] = [(0, 5), (300, 15), (600, 30), (900, 75), (1_000, 240)];
const MINUTES_STEP: i64 = 5;
/// Billable, not billable, shown on the invoice at no charge.
const BILLING_WEIGHTS: [u64; 3] = [720, 200, 80];
const BILLING: [&str; 3] = ["Billable", "DoNotBill", "NoCharge"];

/// A time entry in the field names of the original files.
#[derive(Debug, Clone, Serialize)]
pub struct TimeEntry<'a> {
    pub cw_time_entry_id: String,
    pub tenant_id: Uuid,
    pub cw_ticket_id: &'a str,
    pub member: &'static str,
    pub work_type: &'static str,
    pub billable: bool,
    pub billable_option: &'static str,
    pub minutes: i64,
    pub notes: &'static str,
    pub date_worked: Date,
}

/// The entries of `ticket`, numbered from `first_number` on; none before its first response.
pub(super) fn entries<'a>(
    ticket: &'a Ticket<'_>,
    first_number: u64,
    calendar: &Calendar,
    random: &mut Random,
) -> Vec<TimeEntry<'a>> {
    let (Some(start), Some(owner)) = (ticket.first_response_at, ticket.owner) else {
        return Vec::new();
    };
    let last_instant = later(calendar.end, -1).unwrap_or(calendar.end);
    let end = ticket.closed_at.unwrap_or(last_instant);
    let n_entries = random.weighted(&ENTRY_WEIGHTS) as u64 + 1;
    (0..n_entries)
        .map(|index| {
            let billing = random.weighted(&BILLING_WEIGHTS);
            let minutes = random.quantile(&MINUTES);
            TimeEntry {
                cw_time_entry_id: (first_number + index).to_string(),
                tenant_id: ticket.tenant_id,
                cw_ticket_id: &ticket.cw_ticket_id,
                member: if random.per_mille(150) { random.pick(&words::MEMBERS) } else { owner },
                work_type: words::WORK_TYPES[random.weighted(&words::WORK_TYPE_WEIGHTS)],
                billable: billing == 0,
                billable_option: BILLING[billing],
                minutes: minutes - minutes % MINUTES_STEP,
                notes: random.pick(&words::NOTES),
                date_worked: calendar.date(worked_at(start, end, random)),
            }
        })
        .collect()
}

/// Most work happens near the first response, however long the ticket stays open.
fn worked_at(start: Timestamp, end: Timestamp, random: &mut Random) -> Timestamp {
    let span = (end.as_second() - start.as_second()).max(0);
    let near = random.between(0, span).min(random.between(0, span));
    later(start, near).unwrap_or(start)
}
