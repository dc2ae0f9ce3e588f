//! `GET /v1/kpis/daily`: the figures of one day or a range, also as they were at an earlier moment.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;
use msp::kpi::{DailyKpis, Period};
use schemars::JsonSchema;
use serde::Serialize;
use store::kpi_daily::AsOf;
use store::{Store, Tenant};
use uuid::Uuid;
use warp::reply::Response;

use crate::etag::Prepared;
use crate::params::Params;
use crate::problem::Problem;
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

/// Requests that are read together: all for single days of a tenant, others only with their like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Together {
    Days(Uuid),
    Like(Uuid, Asked),
}

/// The days of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Asked {
    Day(Date),
    DayAsOf(Date, AsOf),
    Range(Period),
}

pub(super) fn route() -> Route {
    Route::get("/v1/kpis/daily", Access::Key, |api, call| Box::pin(daily(api, call)))
        .about("kpis", "The daily figures of the key's tenant: of one day, or of a range.")
        .query("date", "date", "The day. Answers with `DailyKpis`.")
        .query(
            "as_of",
            "",
            "With `date`: the figures as they were then. An instant, or a day, which means its end \
             in the tenant's time zone.",
        )
        .query("from", "date", "First day of a range. Answers with `DailyKpisRange`.")
        .query("to", "date", "Last day of the range.")
        .fails(&["not-found"])
        .has_etag()
        .answers::<Either>(200, "The figures.")
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
    let together = match asked {
        Asked::Day(_) => Together::Days(tenant_id),
        other => Together::Like(tenant_id, other),
    };
    let store = api.store.clone();
    let read = move |together, asked: Vec<Asked>| {
        let store = store.clone();
        async move { read(&store, together, &asked).await }
    };
    match api.figures.get(together, asked, read).await? {
        Some(prepared) => Ok(prepared.answer(&call)),
        None => Err(missing(asked)),
    }
}

fn missing(asked: Asked) -> Problem {
    match asked {
        Asked::DayAsOf(date, _) => {
            Problem::NotFound(format!("no figures of {date} are known from that moment"))
        }
        Asked::Day(date) => Problem::NotFound(format!("the figures of {date} are not computed")),
        // A range without days is an empty list.
        Asked::Range(_) => Problem::Internal,
    }
}

async fn read(
    store: &Store,
    together: Together,
    asked: &[Asked],
) -> Result<HashMap<Asked, Arc<Prepared>>, Problem> {
    let (Together::Days(tenant_id) | Together::Like(tenant_id, _)) = together;
    let mut client = store.client().await?;
    let tenant = Tenant::begin(&mut client, tenant_id).await?;
    let mut prepared = HashMap::new();
    let mut days = Vec::new();
    for one in asked {
        match *one {
            Asked::Day(date) => days.push(date),
            Asked::DayAsOf(date, moment) => {
                if let Some(kpis) = store::kpi_daily::day_as_of(&tenant, date, moment).await? {
                    prepared.insert(*one, Arc::new(Prepared::new(&kpis)?));
                }
            }
            Asked::Range(period) => {
                let (from, to) = (period.from(), period.to());
                let days = store::kpi_daily::range(&tenant, from, to).await?;
                let view = RangeView { tenant_id, from, to, days };
                prepared.insert(*one, Arc::new(Prepared::new(&view)?));
            }
        }
    }
    if !days.is_empty() {
        for kpis in store::kpi_daily::days(&tenant, &days).await? {
            prepared.insert(Asked::Day(kpis.date), Arc::new(Prepared::new(&kpis)?));
        }
    }
    Ok(prepared)
}

fn asked(query: &[(String, String)]) -> Result<Asked, Problem> {
    let expected = "a date such as 2026-01-24";
    let mut params = Params::new(query);
    let date: Option<Date> = params.optional("date", expected);
    let from: Option<Date> = params.optional("from", expected);
    let to: Option<Date> = params.optional("to", expected);
    let as_of = as_of(&mut params);
    if as_of.is_some() && date.is_none() {
        params.refuse("as_of", "stands with `date` only");
    }
    params.finish()?;
    if let (Some(date), Some(moment), None, None) = (date, as_of, from, to) {
        return Ok(Asked::DayAsOf(date, moment));
    }
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

fn as_of(params: &mut Params) -> Option<AsOf> {
    let text: String = params.optional("as_of", "a moment")?;
    let moment = match (text.parse(), text.parse()) {
        (Ok(instant), _) => Some(AsOf::Instant(instant)),
        (_, Ok(day)) => Some(AsOf::EndOf(day)),
        _ => None,
    };
    if moment.is_none() {
        params.refuse("as_of", "must be an instant such as 2026-01-24T00:00:00Z, or a date");
    }
    moment
}
