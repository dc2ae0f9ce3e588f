//! `GET /v1/time-entries`: who of the tenant worked when, and on what.

use jiff::Timestamp;
use jiff::civil::Date;
use msp::time_entry::BillableClass;
use schemars::JsonSchema;
use serde::Serialize;
use store::Tenant;
use store::raw_time_entries::{self, Filter, Place, TimeEntryRow};
use warp::reply::Response;

use crate::cursor;
use crate::params::Params;
use crate::problem::Problem;
use crate::route::{Access, Call, Route};
use crate::state::Api;
use crate::{etag, page};

const CLASSES: [(BillableClass, &str); 3] = [
    (BillableClass::Billable, "billable"),
    (BillableClass::NoCharge, "no_charge"),
    (BillableClass::NotBillable, "not_billable"),
];

/// A page of time entries, oldest day first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TimeEntryPage")]
struct PageView {
    time_entries: Vec<TimeEntryView>,
    /// Path of the next page; null on the last one. Also in the `Link` header.
    next: Option<String>,
}

/// A time entry as its source reports it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "TimeEntry")]
struct TimeEntryView {
    source: String,
    /// As the source has it.
    id: String,
    /// Null for work that belongs to no ticket.
    ticket_id: Option<String>,
    member: Option<String>,
    work_type: Option<String>,
    /// `billable`, `no_charge` (the client sees it, and does not pay) or `not_billable`.
    class: &'static str,
    minutes: i32,
    /// As the source states it; it has no time zone.
    date: Date,
    notes: Option<String>,
    updated_at: Option<Timestamp>,
    /// When this version of it was first loaded.
    ingested_at: Timestamp,
}

pub(super) fn routes() -> Vec<Route> {
    let mut route =
        Route::get("/v1/time-entries", Access::Key, |api, call| Box::pin(list(api, call)))
            .about("records", "Lists time entries of the key's tenant, oldest day first.")
            .query("from", "date", "Worked on this day or later.")
            .query("to", "date", "Worked on this day or earlier.")
            .query("member", "", "Entries of one member.")
            .query("ticket_id", "", "Entries of one ticket.")
            .query("class", "", "Entries of one class.")
            .query("cursor", "", "Where the page begins: as `next` has it.")
            .query("limit", "integer", "Entries on a page, at most 500.")
            .paged()
            .has_etag()
            .answers::<PageView>(200, "A page of time entries.");
    route.limit("class", &CLASSES.map(|(_, name)| name));
    vec![route]
}

async fn list(api: Api, call: Call) -> Result<Response, Problem> {
    let tenant_id = call.tenant_id()?;
    let filter = filter(&call.query)?;
    let mut client = api.store.client().await?;
    let tenant = Tenant::begin(&mut client, tenant_id).await?;
    let rows = raw_time_entries::list(&tenant, &filter).await?;
    let next = page::last_of_full(&rows, filter.limit).map(|last| {
        let cursor = cursor::write(&last.date.to_string(), &last.source, &last.id);
        page::next(&call.path, &call.query, &[("cursor", &cursor)])
    });
    let view = PageView { time_entries: rows.into_iter().map(TimeEntryView::from).collect(), next };
    Ok(page::link(etag::ok(&call, &view)?, view.next.as_deref()))
}

fn filter(query: &[(String, String)]) -> Result<Filter, Problem> {
    let mut params = Params::new(query);
    let day = "a date such as 2026-01-24";
    let after = cursor::take(&mut params);
    let filter = Filter {
        from: params.optional("from", day),
        to: params.optional("to", day),
        member: params.optional("member", "a name"),
        ticket_id: params.optional("ticket_id", "the id of a ticket"),
        class: class(&mut params),
        after: after.map(|(date, source, id)| Place { date, source, id }),
        limit: page::limit(&mut params),
    };
    params.finish()?;
    Ok(filter)
}

fn class(params: &mut Params) -> Option<BillableClass> {
    let name: String = params.optional("class", "a class")?;
    let known = CLASSES.into_iter().find(|(_, known)| *known == name);
    if known.is_none() {
        params.refuse("class", "must be billable, no_charge or not_billable");
    }
    known.map(|(class, _)| class)
}

impl From<TimeEntryRow> for TimeEntryView {
    fn from(row: TimeEntryRow) -> TimeEntryView {
        let class = CLASSES.into_iter().find(|(class, _)| *class == row.class);
        TimeEntryView {
            source: row.source,
            id: row.id,
            ticket_id: row.ticket_id,
            member: row.member,
            work_type: row.work_type,
            class: class.map_or("", |(_, name)| name),
            minutes: row.minutes,
            date: row.date,
            notes: row.notes,
            updated_at: row.updated_at,
            ingested_at: row.ingested_at,
        }
    }
}
