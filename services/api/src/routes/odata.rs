//! `/v1/odata`: the tables of the star schema as an OData 4.0 feed, for Power BI and Excel.
//!
//! Read-only and flat: filters, orders and pages are the database's work, so that a refresh of one
//! month reads one month. A page that is not the last one ends with a link to the next.

mod page;
mod sets;

use odata::{EntitySet, Error, Kind, Query};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use store::{Tenant, star};
use warp::reply::Response;

use crate::problem::Problem;
use crate::reply;
use crate::route::{Access, Call, Route};
use crate::state::Api;

const SET: &str = "Name of a set, as the list of sets has it.";
/// The newest version that a client understands, and those that our answers suit.
const MAX_VERSION: &str = "OData-MaxVersion";
const VERSIONS: [&str; 2] = ["4.0", "4.01"];
/// Where the sets are.
const ROOT: &str = "/v1/odata";

/// The sets there are.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ODataService")]
struct ServiceView {
    #[serde(rename = "@odata.context")]
    context: String,
    value: Vec<SetView>,
}

/// One set.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ODataSet")]
struct SetView {
    name: &'static str,
    kind: &'static str,
    /// Relative to the root of the feed.
    url: &'static str,
}

/// Rows of a set.
#[derive(JsonSchema)]
#[schemars(rename = "ODataPage")]
#[expect(dead_code, reason = "describes the JSON that `page` writes")]
struct PageView {
    #[serde(rename = "@odata.context")]
    context: String,
    /// All rows that the filter lets through, when `$count=true`.
    #[serde(rename = "@odata.count")]
    count: Option<i64>,
    /// `$metadata` tells the members of each set.
    value: Vec<Value>,
    /// Where the next page is; absent on the last one.
    #[serde(rename = "@odata.nextLink")]
    next_link: Option<String>,
}

pub(super) fn routes() -> Vec<Route> {
    let rows = Route::get("/v1/odata/{set}", Access::Key, |api, call| Box::pin(rows(api, call)))
        .about("odata", "Rows of a set, in pages of 5,000, or `Prefer: odata.maxpagesize`.")
        .placeholder("set", "", SET, "fact_ticket")
        .query("$filter", "", "Conditions: `created_date ge 2026-01-01 and is_closed`.")
        .such_as("created_date ge 2026-01-01")
        .query("$select", "", "Names of properties, separated by commas.")
        .such_as("ticket_id,created_date")
        .query("$orderby", "", "Properties, each perhaps with `desc`, separated by commas.")
        .such_as("created_at desc")
        .query("$top", "integer", "Rows at most.")
        .such_as(10)
        .query("$skip", "integer", "Rows to leave out.")
        .such_as(0)
        .query("$count", "boolean", "Whether to count all rows.")
        .such_as(true)
        .query("$skiptoken", "", "From the link to the next page.")
        .such_as(r#"[null,["2026-01-24T08:30:00Z","mock","T1"]]"#)
        .query("$format", "", "`json` is the only one.")
        .such_as("json")
        .header("Prefer", "`odata.maxpagesize=N`: rows on a page at most.", "odata.maxpagesize=500")
        .answers::<PageView>(200, "A page of rows.");
    let counts =
        Route::get("/v1/odata/{set}/$count", Access::Key, |api, call| Box::pin(count(api, call)))
            .about("odata", "Counts the rows of a set.")
            .placeholder("set", "", SET, "fact_ticket")
            .query("$filter", "", "As for the rows.")
            .such_as("created_date ge 2026-01-01")
            .answers_text("text/plain", "A number.");
    vec![
        Route::get(ROOT, Access::Key, |_, call| Box::pin(async move { service(&call) }))
            .about("odata", "Lists the sets of the OData 4.0 feed.")
            .answers::<ServiceView>(200, "The sets.")
            .key_in_query()
            .odata(),
        Route::get("/v1/odata/$metadata", Access::Key, |_, call| {
            Box::pin(async move { metadata(&call) })
        })
        .about("odata", "Describes the sets, as CSDL in XML.")
        .answers_text("application/xml", "The description.")
        .key_in_query()
        .odata(),
        max_version(rows.key_in_query().odata()),
        max_version(counts.key_in_query().odata()),
    ]
}

/// Documents the newest version that a client understands.
fn max_version(route: Route) -> Route {
    let description = "The newest version that the client understands: at least 4.0.";
    let mut route = route.header(MAX_VERSION, description, "4.0");
    route.limit(MAX_VERSION, &VERSIONS);
    route
}

fn service(call: &Call) -> Result<Response, Problem> {
    only_format(call, is_json)?;
    let set = |set: &EntitySet| SetView { name: set.name, kind: "EntitySet", url: set.name };
    let view = ServiceView {
        context: format!("{}{ROOT}/$metadata", page::base(call)),
        value: sets::all().iter().map(set).collect(),
    };
    Ok(page::with_headers(reply::ok(&view), page::JSON))
}

fn metadata(call: &Call) -> Result<Response, Problem> {
    only_format(call, |format| matches!(format, "xml" | "application/xml"))?;
    Ok(page::with_headers(reply::bytes("application/xml", sets::metadata()), "application/xml"))
}

async fn rows(api: Api, call: Call) -> Result<Response, Problem> {
    let set = sets::find(call.segment())?;
    let query = parse(set, &call)?;
    if query.format.as_deref().is_some_and(|format| !is_json(format)) {
        return Err(Problem::Malformed("$format: json is the only format".into()));
    }
    let wish = page::Wish::of(&call, &query);
    let mut client = api.store.client().await?;
    // One moment for the rows and their number.
    let tenant = Tenant::snapshot(&mut client, call.tenant_id()?).await?;
    star::prepare(&tenant).await?;
    let count = if query.count { Some(star::count(&tenant, set, &query).await?) } else { None };
    let rows = star::page(&tenant, set, &query, wish.n_rows).await?;
    tenant.commit().await?;
    page::answer(
        page::Answer { set, query, wish, count, rows, base: page::base(&call) },
        call.query,
    )
    .await
}

async fn count(api: Api, call: Call) -> Result<Response, Problem> {
    let set = sets::find(call.segment())?;
    let query = parse(set, &call)?;
    let mut client = api.store.client().await?;
    let tenant = Tenant::begin(&mut client, call.tenant_id()?).await?;
    star::prepare(&tenant).await?;
    let count = star::count(&tenant, set, &query).await?;
    tenant.commit().await?;
    Ok(page::with_headers(reply::bytes("text/plain", count.to_string()), "text/plain"))
}

fn parse(set: &EntitySet, call: &Call) -> Result<Query, Problem> {
    // Some programs append their name: `4.0;NetFx`.
    let wanted = call.header(MAX_VERSION).and_then(|version| version.split(';').next());
    let supported = wanted.is_none_or(|version| VERSIONS.contains(&version));
    if !supported {
        return Err(Problem::Malformed("OData-MaxVersion: answers are OData 4.0".into()));
    }
    Query::parse(set, &call.query).map_err(Problem::from)
}

fn is_json(format: &str) -> bool {
    format == "json" || format.starts_with("application/json")
}

/// Refuses every option but a `$format` of these.
fn only_format(call: &Call, is_known: fn(&str) -> bool) -> Result<(), Problem> {
    for (name, value) in &call.query {
        if name != "$format" || !is_known(value) {
            return Err(Problem::Malformed(format!("{name}: is not an option of this resource")));
        }
    }
    Ok(())
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error.kind {
            Kind::Unsupported => Problem::NotImplemented(error.to_string()),
            Kind::Invalid => Problem::Malformed(error.to_string()),
        }
    }
}
