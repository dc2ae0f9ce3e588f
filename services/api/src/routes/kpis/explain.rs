//! `GET /v1/kpis/explain`: the records behind one number, and the arithmetic from them to it.

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use store::Tenant;
use store::kpi_daily::{Explanation, Record};
use warp::reply::Response;

use crate::etag;
use crate::params::Params;
use crate::problem::Problem;
use crate::route::{Access, Call, Route};
use crate::state::Api;

/// Records shown when the request does not say how many.
const DEFAULT: i64 = 1000;
const MAX: i64 = 10_000;

/// What one figure is made of.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KpiExplanation")]
struct ExplanationView {
    date: Date,
    kpi: String,
    /// How it follows from its records, in words.
    #[schemars(extend("examples" = ["number of tickets created"]))]
    formula: &'static str,
    /// As it is kept: a number, a truth value, or null when there is nothing to divide by.
    #[schemars(extend("examples" = [8]))]
    value: Value,
    /// What the records of now give.
    #[schemars(extend("examples" = [8]))]
    from_records: Value,
    /// Whether both are equal. They are not when records came since the day was computed.
    agrees: bool,
    /// Records came that may change the day; it will be computed again.
    is_stale: bool,
    revision: i32,
    computed_at: Timestamp,
    /// What the arithmetic is made of, by name.
    #[schemars(extend("examples" = [{ "records": 8 }]))]
    terms: Map<String, Value>,
    /// All records there are.
    n_records: i64,
    /// The first of them, by instant.
    records: Vec<RecordView>,
}

/// A record behind a figure.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KpiRecord")]
struct RecordView {
    source: String,
    /// Of the ticket or the time entry, as the source has it.
    id: String,
    at: Option<Timestamp>,
    /// What it adds: seconds, minutes, days of age, a score, or a number of tickets.
    value: Option<f64>,
    /// Whether it counts, where the figure is a share.
    counted: bool,
    #[schemars(extend("examples" = ["created"]))]
    note: String,
}

pub(super) fn route() -> Route {
    let names: Vec<&str> = store::kpi_daily::explainable().collect();
    let mut route =
        Route::get("/v1/kpis/explain", Access::Key, |api, call| Box::pin(explain(api, call)))
            .about("kpis", "The records behind one number, and the arithmetic from them to it.")
            .required("date", "date", "The day.")
            .required("kpi", "", "The name of the figure, as `/v1/kpis/daily` has it.")
            .query("limit", "integer", "Records to show, at most 10000; 1000 by default.")
            .fails(&["not-found"])
            .has_etag()
            .answers::<ExplanationView>(200, "The figure and its records.");
    route.limit("kpi", &names);
    route.bound("limit", 1, MAX);
    route
}

async fn explain(api: Api, call: Call) -> Result<Response, Problem> {
    let tenant_id = call.tenant_id()?;
    let mut params = Params::new(&call.query);
    let date = params.required::<Date>("date", "a date such as 2026-01-24");
    let kpi = params.required::<String>("kpi", "the name of a figure");
    let limit = params.optional("limit", "a number").unwrap_or(DEFAULT);
    if !(1..=MAX).contains(&limit) {
        params.refuse("limit", format!("must be between 1 and {MAX}"));
    }
    if kpi.as_ref().is_some_and(|kpi| !store::kpi_daily::explainable().any(|name| name == kpi)) {
        let names: Vec<&str> = store::kpi_daily::explainable().collect();
        params.refuse("kpi", format!("must be one of {}", names.join(", ")));
    }
    params.finish()?;
    let (Some(date), Some(kpi)) = (date, kpi) else { return Err(Problem::Internal) };
    let mut client = api.store.client().await?;
    let tenant = Tenant::snapshot(&mut client, tenant_id).await?;
    match store::kpi_daily::explain(&tenant, date, &kpi, limit).await? {
        Some(explanation) => etag::ok(&call, &view(date, kpi, explanation)),
        None => Err(Problem::NotFound(format!("the figures of {date} are not computed"))),
    }
}

fn view(date: Date, kpi: String, explanation: Explanation) -> ExplanationView {
    let terms = match explanation.terms {
        Value::Object(terms) => terms,
        _ => Map::new(),
    };
    ExplanationView {
        date,
        kpi,
        formula: explanation.formula,
        value: explanation.value,
        from_records: explanation.from_records,
        agrees: explanation.agrees,
        is_stale: explanation.is_stale,
        revision: explanation.revision,
        computed_at: explanation.computed_at,
        terms,
        n_records: explanation.n_records,
        records: explanation.records.into_iter().map(RecordView::from).collect(),
    }
}

impl From<Record> for RecordView {
    fn from(record: Record) -> RecordView {
        RecordView {
            source: record.source,
            id: record.id,
            at: record.at,
            value: record.value,
            counted: record.counted,
            note: record.note,
        }
    }
}
