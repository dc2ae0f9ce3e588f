//! `GET /v1/kpis/breakdown`: figures of a range by company, board, priority or member.

use jiff::civil::Date;
use msp::kpi::Period;
use schemars::JsonSchema;
use serde::Serialize;
use store::Tenant;
use store::kpi_daily::{Dimension, Page, Slice};
use warp::reply::Response;

use crate::params::Params;
use crate::problem::Problem;
use crate::route::{Access, Call, Route};
use crate::state::Api;
use crate::{etag, page};

const DIMENSIONS: [(Dimension, &str); 4] = [
    (Dimension::Company, "company"),
    (Dimension::Board, "board"),
    (Dimension::Priority, "priority"),
    (Dimension::Member, "member"),
];
/// Longer ranges belong into an export.
const MAX_DAYS: i32 = 366;

/// Figures by one dimension.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KpiBreakdown")]
struct BreakdownView {
    by: &'static str,
    from: Date,
    to: Date,
    values: Vec<SliceView>,
    /// Path of the next page; null on the last one. Also in the `Link` header.
    next: Option<String>,
}

/// The figures of one company, board, priority or member.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KpiSlice")]
struct SliceView {
    /// Null for records without one, which are last.
    value: Option<String>,
    tickets_created: i64,
    tickets_closed: i64,
    tickets_reopened: i64,
    /// Open at the end of the last day.
    tickets_open: i64,
    tickets_high_priority: i64,
    avg_resolution_minutes: Option<f64>,
    n_resolution: i64,
    avg_first_response_minutes: Option<f64>,
    n_first_response: i64,
    total_minutes: i64,
    billable_minutes: i64,
    non_billable_minutes: i64,
    no_charge_minutes: i64,
}

pub(super) fn route() -> Route {
    let mut route =
        Route::get("/v1/kpis/breakdown", Access::Key, |api, call| Box::pin(breakdown(api, call)))
            .about("kpis", "Figures of a range by company, board, priority or member.")
            .required("by", "", "What to tell apart.")
            .required("from", "date", "First day.")
            .required("to", "date", "Last day, at most 366 days in all.")
            .query("after", "", "Only values after this one: the last of a page.")
            .query("limit", "integer", "Values on a page, at most 500.")
            .paged()
            .has_etag()
            .answers::<BreakdownView>(200, "A page of values.");
    route.limit("by", &DIMENSIONS.map(|(_, name)| name));
    route
}

async fn breakdown(api: Api, call: Call) -> Result<Response, Problem> {
    let tenant_id = call.tenant_id()?;
    let mut params = Params::new(&call.query);
    let by = dimension(&mut params);
    let expected = "a date such as 2026-01-24";
    let from = params.required("from", expected);
    let to = params.required("to", expected);
    let after: Option<String> = params.optional("after", "a value");
    let limit = page::limit(&mut params);
    let period = from.zip(to).and_then(|(from, to)| period(&mut params, from, to));
    params.finish()?;
    let (Some((dimension, by)), Some(period)) = (by, period) else { return Err(Problem::Internal) };
    let mut client = api.store.client().await?;
    let tenant = Tenant::snapshot(&mut client, tenant_id).await?;
    let asked = Page { after: after.as_deref(), limit };
    let slices = store::kpi_daily::breakdown(&tenant, dimension, period, &asked).await?;
    let last = page::last_of_full(&slices, limit).and_then(|last| last.value.as_deref());
    let view = BreakdownView {
        by,
        from: period.from(),
        to: period.to(),
        next: last.map(|last| page::next(&call.path, &call.query, &[("after", last)])),
        values: slices.into_iter().map(SliceView::from).collect(),
    };
    Ok(page::link(etag::ok(&call, &view)?, view.next.as_deref()))
}

fn dimension(params: &mut Params) -> Option<(Dimension, &'static str)> {
    let name: String = params.required("by", "a dimension")?;
    let known = DIMENSIONS.into_iter().find(|(_, known)| *known == name);
    if known.is_none() {
        params.refuse("by", "must be company, board, priority or member");
    }
    known
}

fn period(params: &mut Params, from: Date, to: Date) -> Option<Period> {
    match Period::new(from, to) {
        Ok(period) if period.n_days() <= MAX_DAYS => return Some(period),
        Ok(period) => {
            let n_days = period.n_days();
            params.refuse("to", format!("{n_days} days are too many: at most {MAX_DAYS}"));
        }
        Err(error) => params.refuse("from", error.to_string()),
    }
    None
}

impl From<Slice> for SliceView {
    fn from(slice: Slice) -> SliceView {
        SliceView {
            value: slice.value,
            tickets_created: slice.tickets_created,
            tickets_closed: slice.tickets_closed,
            tickets_reopened: slice.tickets_reopened,
            tickets_open: slice.tickets_open,
            tickets_high_priority: slice.tickets_high_priority,
            avg_resolution_minutes: slice.avg_resolution_minutes,
            n_resolution: slice.n_resolution,
            avg_first_response_minutes: slice.avg_first_response_minutes,
            n_first_response: slice.n_first_response,
            total_minutes: slice.total_minutes,
            billable_minutes: slice.billable_minutes,
            non_billable_minutes: slice.non_billable_minutes,
            no_charge_minutes: slice.no_charge_minutes,
        }
    }
}
