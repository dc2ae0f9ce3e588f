//! `GET /v1/kpis/daily`: the figures of the tenant whose key it is, of one day or a range.

use jiff::civil::Date;
use msp::kpi::{DailyKpis, Period};
use schemars::JsonSchema;
use serde::Serialize;
use store::Tenant;
use uuid::Uuid;
use warp::reply::Response;

use crate::params::Params;
use crate::problem::Problem;
use crate::reply;
use crate::route::{Access, Call, Route};
use crate::state::Api;

/// The computed days of a range.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "DailyKpisRange")]
struct RangeView {
    tenant_id: Uuid,
    from: Date,
    to: Date,
    /// Days that were never computed are left out.
    days: Vec<DailyKpis>,
}

/// The days that a request asks for.
enum Asked {
    Day(Date),
    Range(Period),
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/kpis/daily", Access::Key, |api, call| Box::pin(daily(api, call)))
            .about("kpis", "The daily figures of the key's tenant: of one day, or of a range.")
            .query("date", "date", "The day. Answers with `DailyKpis`.")
            .query("from", "date", "First day of a range. Answers with `DailyKpisRange`.")
            .query("to", "date", "Last day of the range.")
            .answers::<Either>(200, "The figures."),
    ]
}

/// What `date` and what `from` and `to` answer with.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "describes the two forms of the answer")]
enum Either {
    Day(Box<DailyKpis>),
    Range(RangeView),
}

async fn daily(api: Api, call: Call) -> Result<Response, Problem> {
    let tenant_id = call.tenant_id()?;
    let asked = asked(&call.query)?;
    let mut client = api.store.client().await?;
    let tenant = Tenant::begin(&mut client, tenant_id).await?;
    match asked {
        Asked::Day(date) => match store::kpi_daily::day(&tenant, date).await? {
            Some(kpis) => Ok(reply::ok(&kpis)),
            None => Err(Problem::NotFound(format!("the figures of {date} are not computed"))),
        },
        Asked::Range(period) => {
            let (from, to) = (period.from(), period.to());
            let days = store::kpi_daily::range(&tenant, from, to).await?;
            Ok(reply::ok(&RangeView { tenant_id, from, to, days }))
        }
    }
}

fn asked(query: &[(String, String)]) -> Result<Asked, Problem> {
    let expected = "a date such as 2026-01-24";
    let mut params = Params::new(query);
    let date: Option<Date> = params.optional("date", expected);
    let from: Option<Date> = params.optional("from", expected);
    let to: Option<Date> = params.optional("to", expected);
    params.finish()?;
    match (date, from, to) {
        (Some(date), None, None) => Ok(Asked::Day(date)),
        (None, Some(from), Some(to)) => match Period::new(from, to) {
            Ok(period) => Ok(Asked::Range(period)),
            Err(error) => Err(Problem::field("from", error.to_string())),
        },
        (None, Some(_), None) => Err(Problem::field("to", "is required with `from`")),
        (None, None, Some(_)) => Err(Problem::field("from", "is required with `to`")),
        (None, None, None) => Err(Problem::field("date", "is required, or `from` and `to`")),
        (Some(_), _, _) => Err(Problem::field("date", "cannot stand with `from` and `to`")),
    }
}
