//! Reads tickets one page after the other, in a tenant's transaction.

use jiff::Timestamp;
use tokio_postgres::Row;

use crate::{Result, Tenant};

/// Which tickets to read; what is `None` does not restrict them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Created at this instant or later.
    pub created_from: Option<Timestamp>,
    /// Created before this instant.
    pub created_to: Option<Timestamp>,
    pub is_closed: Option<bool>,
    pub company: Option<String>,
    pub board: Option<String>,
    pub priority: Option<String>,
    pub owner: Option<String>,
    /// Only what comes after this ticket.
    pub after: Option<Place>,
    pub limit: i64,
}

/// Where a ticket stands: tickets are in the order of their creation, then of source and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub created_at: Timestamp,
    pub source: String,
    pub id: String,
}

/// A ticket as its source reports it.
#[derive(Clone, Debug, PartialEq)]
pub struct TicketRow {
    pub source: String,
    pub id: String,
    pub board: Option<String>,
    pub status: Option<String>,
    pub priority: Option<String>,
    pub is_high_priority: bool,
    pub summary: Option<String>,
    pub company: Option<String>,
    pub owner: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Option<Timestamp>,
    pub first_response_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    pub reopened_at: Option<Timestamp>,
    pub sla_response_due_at: Option<Timestamp>,
    pub sla_resolution_due_at: Option<Timestamp>,
    pub is_sla_response_met: Option<bool>,
    pub is_sla_resolution_met: Option<bool>,
    pub satisfaction_score: Option<f64>,
    pub ingested_at: Timestamp,
}

const LIST: &str = "
    select source, cw_ticket_id, board, status, priority, high_priority, summary, company, owner,
           created_at_remote, updated_at_remote, first_response_at, resolved_at, closed_at,
           reopened_at, sla_response_due_at, sla_resolution_due_at, sla_response_met,
           sla_resolution_met, satisfaction_score::float8, ingested_at
    from raw_tickets
    where tenant_id = $1
      and created_at_remote >= coalesce($2, '-infinity'::timestamptz)
      and created_at_remote < coalesce($3, 'infinity'::timestamptz)
      and ($4::boolean is null or is_closed = $4)
      and ($5::text is null or company = $5) and ($6::text is null or board = $6)
      and ($7::text is null or priority = $7) and ($8::text is null or owner = $8)
      and ($9::timestamptz is null or (created_at_remote, source, cw_ticket_id)
               > ($9, $10::text collate \"C\", $11::text collate \"C\"))
    order by created_at_remote, source, cw_ticket_id
    limit $12";

/// The tickets of a filter, oldest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(tenant: &Tenant<'_>, filter: &Filter) -> Result<Vec<TicketRow>> {
    let (at, source, id) = match &filter.after {
        Some(place) => (Some(place.created_at), Some(&place.source), Some(&place.id)),
        None => (None, None, None),
    };
    // The index begins the walk at the page's place, and not at the oldest ticket.
    let from = filter.created_from.max(at);
    let rows = tenant
        .query(
            LIST,
            &[
                &tenant.id(),
                &from,
                &filter.created_to,
                &filter.is_closed,
                &filter.company,
                &filter.board,
                &filter.priority,
                &filter.owner,
                &at,
                &source,
                &id,
                &filter.limit,
            ],
        )
        .await?;
    Ok(rows.iter().map(ticket).collect())
}

fn ticket(row: &Row) -> TicketRow {
    TicketRow {
        source: row.get("source"),
        id: row.get("cw_ticket_id"),
        board: row.get("board"),
        status: row.get("status"),
        priority: row.get("priority"),
        is_high_priority: row.get("high_priority"),
        summary: row.get("summary"),
        company: row.get("company"),
        owner: row.get("owner"),
        created_at: row.get("created_at_remote"),
        updated_at: row.get("updated_at_remote"),
        first_response_at: row.get("first_response_at"),
        resolved_at: row.get("resolved_at"),
        closed_at: row.get("closed_at"),
        reopened_at: row.get("reopened_at"),
        sla_response_due_at: row.get("sla_response_due_at"),
        sla_resolution_due_at: row.get("sla_resolution_due_at"),
        is_sla_response_met: row.get("sla_response_met"),
        is_sla_resolution_met: row.get("sla_resolution_met"),
        satisfaction_score: row.get("satisfaction_score"),
        ingested_at: row.get("ingested_at"),
    }
}
