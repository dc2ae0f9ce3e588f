//! The temporary tables of a load of tickets. They empty themselves with each commit.

use msp::ticket::Ticket;

use crate::ingest::{Row, RowId};

pub(super) const N_COLUMNS: i16 = 24;

/// `ticket_new` and `ticket_changed` take the rows; `ticket_plan` holds the old values of tickets
/// that are about to change, with their new span; `ticket_spans` all past spans before and after;
/// `ticket_written` the new values.
pub(super) const CREATE: &str = r#"
create temp table ticket_new (
    cw_ticket_id text collate "C", content_hash uuid, board text, status text, priority text,
    summary text, description text, company text, owner text, created_at_remote timestamptz,
    updated_at_remote timestamptz, sla_status text, estimated_hours text, high_priority boolean,
    first_response_at timestamptz, resolved_at timestamptz, closed_at timestamptz,
    sla_response_due_at timestamptz, sla_resolution_due_at timestamptz,
    sla_response_verdict boolean, sla_resolution_verdict boolean, satisfaction_score text,
    history timestamptz[], raw text
) on commit delete rows;
create temp table ticket_changed (like ticket_new) on commit delete rows;
create temp table ticket_plan (
    cw_ticket_id text collate "C", status text, created_at timestamptz, high_priority boolean,
    first_response_at timestamptz, resolved_at timestamptz, closed_at timestamptz,
    reopened_at timestamptz, sla_response_due_at timestamptz, sla_resolution_due_at timestamptz,
    sla_response_met boolean, sla_resolution_met boolean, satisfaction_score numeric,
    new_created_at timestamptz, new_closed_at timestamptz, new_reopened_at timestamptz,
    has_history boolean, spans_differ boolean
) on commit delete rows;
create temp table ticket_spans (
    cw_ticket_id text collate "C", is_new boolean, opened_at timestamptz, closed_at timestamptz,
    next_opened_at timestamptz
) on commit delete rows;
create temp table ticket_written (
    cw_ticket_id text collate "C", created_at timestamptz, high_priority boolean,
    first_response_at timestamptz, resolved_at timestamptz, closed_at timestamptz,
    reopened_at timestamptz, sla_response_due_at timestamptz, sla_resolution_due_at timestamptz,
    sla_response_met boolean, sla_resolution_met boolean, satisfaction_score numeric
) on commit delete rows;
"#;

/// Writes the columns of `ticket_new`.
pub(super) fn write(row: &mut Row<'_>, id: RowId<'_>, ticket: &Ticket<'_>, raw: &str) {
    let instants: Vec<_> = ticket
        .reopenings
        .iter()
        .flat_map(|reopening| [reopening.closed_at, reopening.reopened_at])
        .collect();
    row.text(Some(id.key))
        .uuid(id.content_hash)
        .text(ticket.board.as_deref())
        .text(ticket.status.as_deref())
        .text(ticket.priority.as_deref())
        .text(ticket.summary.as_deref())
        .text(ticket.description.as_deref())
        .text(ticket.company.as_deref())
        .text(ticket.owner.as_deref())
        .instant(Some(ticket.created_at))
        .instant(ticket.updated_at)
        .text(ticket.sla_status.as_deref())
        .decimal(ticket.estimated_hours)
        .bool(Some(ticket.high_priority))
        .instant(ticket.first_response_at)
        .instant(ticket.resolved_at)
        .instant(ticket.closed_at)
        .instant(ticket.sla_response_due_at)
        .instant(ticket.sla_resolution_due_at)
        .bool(ticket.sla_response_verdict)
        .bool(ticket.sla_resolution_verdict)
        .decimal(ticket.satisfaction_score)
        .instants(&instants)
        .text(Some(raw));
}
