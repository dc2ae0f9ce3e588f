//! `GET /v1/tickets`: the tickets of the tenant whose key it is, as their source reports them.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use store::Tenant;
use store::raw_tickets::{self, Filter, Place, TicketRow};
use warp::reply::Response;

use crate::cursor;
use crate::params::Params;
use crate::problem::Problem;
use crate::route::{Access, Call, Route};
use crate::state::Api;
use crate::{etag, page};

/// A page of tickets, oldest first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TicketPage")]
struct PageView {
    tickets: Vec<TicketView>,
    /// Path of the next page; null on the last one. Also in the `Link` header.
    next: Option<String>,
}

/// A ticket as its source reports it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Ticket")]
struct TicketView {
    source: String,
    /// As the source has it.
    id: String,
    board: Option<String>,
    status: Option<String>,
    priority: Option<String>,
    is_high_priority: bool,
    summary: Option<String>,
    company: Option<String>,
    owner: Option<String>,
    created_at: Timestamp,
    updated_at: Option<Timestamp>,
    first_response_at: Option<Timestamp>,
    resolved_at: Option<Timestamp>,
    /// Null while it is open.
    closed_at: Option<Timestamp>,
    /// When it was last opened again.
    reopened_at: Option<Timestamp>,
    sla_response_due_at: Option<Timestamp>,
    sla_resolution_due_at: Option<Timestamp>,
    /// Null without a target, or before it is decided.
    is_sla_response_met: Option<bool>,
    is_sla_resolution_met: Option<bool>,
    satisfaction_score: Option<f64>,
    /// When this version of it was first loaded.
    ingested_at: Timestamp,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/tickets", Access::Key, |api, call| Box::pin(list(api, call)))
            .about("records", "Lists tickets of the key's tenant, oldest first.")
            .query("created_from", "date-time", "Created at this instant or later.")
            .query("created_to", "date-time", "Created before this instant.")
            .query("closed", "boolean", "Only tickets that are closed, or are not.")
            .query("company", "", "Tickets of one company, by its name.")
            .query("board", "", "Tickets of one board.")
            .query("priority", "", "Tickets of one priority.")
            .query("owner", "", "Tickets of one member.")
            .query("cursor", "", "Where the page begins: as `next` has it.")
            .query("limit", "integer", "Tickets on a page, at most 500.")
            .paged()
            .has_etag()
            .answers::<PageView>(200, "A page of tickets."),
    ]
}

async fn list(api: Api, call: Call) -> Result<Response, Problem> {
    let tenant_id = call.tenant_id()?;
    let filter = filter(&call.query)?;
    let mut client = api.store.client().await?;
    let tenant = Tenant::begin(&mut client, tenant_id).await?;
    let rows = raw_tickets::list(&tenant, &filter).await?;
    let next = page::last_of_full(&rows, filter.limit).map(|last| {
        let cursor = cursor::write(&last.created_at.to_string(), &last.source, &last.id);
        page::next(&call.path, &call.query, &[("cursor", &cursor)])
    });
    let view = PageView { tickets: rows.into_iter().map(TicketView::from).collect(), next };
    Ok(page::link(etag::ok(&call, &view)?, view.next.as_deref()))
}

fn filter(query: &[(String, String)]) -> Result<Filter, Problem> {
    let mut params = Params::new(query);
    let instant = "an instant such as 2026-01-24T00:00:00Z";
    let after = cursor::take(&mut params);
    let filter = Filter {
        created_from: params.optional("created_from", instant),
        created_to: params.optional("created_to", instant),
        is_closed: params.optional("closed", "true or false"),
        company: params.optional("company", "a name"),
        board: params.optional("board", "a name"),
        priority: params.optional("priority", "a name"),
        owner: params.optional("owner", "a name"),
        after: after.map(|(created_at, source, id)| Place { created_at, source, id }),
        limit: page::limit(&mut params),
    };
    params.finish()?;
    Ok(filter)
}

impl From<TicketRow> for TicketView {
    fn from(row: TicketRow) -> TicketView {
        TicketView {
            source: row.source,
            id: row.id,
            board: row.board,
            status: row.status,
            priority: row.priority,
            is_high_priority: row.is_high_priority,
            summary: row.summary,
            company: row.company,
            owner: row.owner,
            created_at: row.created_at,
            updated_at: row.updated_at,
            first_response_at: row.first_response_at,
            resolved_at: row.resolved_at,
            closed_at: row.closed_at,
            reopened_at: row.reopened_at,
            sla_response_due_at: row.sla_response_due_at,
            sla_resolution_due_at: row.sla_resolution_due_at,
            is_sla_response_met: row.is_sla_response_met,
            is_sla_resolution_met: row.is_sla_resolution_met,
            satisfaction_score: row.satisfaction_score,
            ingested_at: row.ingested_at,
        }
    }
}
