//! `/tenants/{id}`: how is this client doing, and is the data fresh?

use askama::Template;
use http::StatusCode;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use msp::kpi::DailyKpis;
use serde_json::json;
use store::tenants::TenantProfile;
use store::{Tenant, kpi_daily, kpi_freshness};
use uuid::Uuid;
use warp::reply::Response;

use super::charts;
use crate::failure::Failure;
use crate::field::{Field, FieldError};
use crate::order::order;
use crate::plot::Plot;
use crate::reply;
use crate::route::Route;
use crate::say::Say;
use crate::shell::Shell;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "tenant.html")]
struct TenantPage {
    shell: Shell,
    id: String,
    name: String,
    sentence: String,
    figures: Option<Figures>,
    trends: Plot,
    hours: Plot,
    open: Plot,
    days: Vec<DayRow>,
    dirty: Vec<String>,
    n_dirty: usize,
    tickets_at: Option<Timestamp>,
    entries_at: Option<Timestamp>,
    exported_at: Option<Timestamp>,
    from: Field,
    to: Field,
    errors: Vec<FieldError>,
    error_title: String,
    /// The command that was ordered a moment ago.
    ordered: Option<String>,
}

/// The newest computed day in five figures.
struct Figures {
    date: String,
    billable: Option<String>,
    resolution: Option<String>,
    first_call: Option<String>,
    open: i64,
    urgent: i64,
}

struct DayRow {
    date: String,
    created: i64,
    is_anomaly: bool,
    closed: i64,
    open: i64,
    hours: String,
    billable: Option<String>,
    resolution: Option<String>,
    first_call: Option<String>,
}

const N_DAYS: i64 = 30;
/// Dirty days that are named one by one.
const N_NAMED: usize = 6;
const MOST_DIRTY: i64 = 400;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/tenants/{id}", |visit| Box::pin(show(visit))),
        Route::post("/tenants/{id}/recompute", |visit| Box::pin(recompute(visit))),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    page(&visit, StatusCode::OK).await
}

/// Orders the days between two dates, or all that are dirty.
async fn recompute(visit: Visit) -> Result<Response, Failure> {
    let id = visit.id()?;
    let command = if visit.form.has("dirty") {
        order(&visit, "kpi.recompute", json!({ "tenant_id": id })).await?
    } else {
        let (from, to) = (date(&visit, "from"), date(&visit, "to"));
        let today = visit.say.now.to_zoned(visit.say.zone.clone()).date();
        match (from, to) {
            (Some(from), Some(to)) if from <= to && to <= today => {
                let parameters = json!({ "tenant_id": id, "from": from, "to": to });
                order(&visit, "kpi.compute-range", parameters).await?
            }
            _ => return page(&visit, StatusCode::UNPROCESSABLE_ENTITY).await,
        }
    };
    Ok(reply::see_other(&format!("/tenants/{id}?ordered={command}")))
}

fn date(visit: &Visit, field: &str) -> Option<Date> {
    visit.form.get(field).trim().parse().ok()
}

async fn page(visit: &Visit, status: StatusCode) -> Result<Response, Failure> {
    let (say, id) = (&visit.say, visit.id()?);
    let mut client = visit.db().await?;
    let tenant = store::tenants::get(&client, id).await?.ok_or(Failure::NotFound)?;
    let names = [super::TICKETS, super::ENTRIES, super::EXPORTS];
    let done = kpi_freshness::last_done(&client, &names).await?;
    let today = today(say, &tenant);
    let from = today.checked_sub(Span::new().days(N_DAYS)).unwrap_or(today);
    let transaction = Tenant::begin(&mut client, id).await?;
    let days = kpi_daily::range(&transaction, from, today).await?;
    let dirty = kpi_freshness::dirty_days(&transaction, today, MOST_DIRTY).await?;
    drop(transaction);
    drop(client);
    let refused = status != StatusCode::OK;
    let (from_field, to_field) = fields(visit, from, today, refused);
    let errors: Vec<FieldError> =
        [&from_field, &to_field].into_iter().filter_map(Field::fault).collect();
    let mut shell = visit.shell_titled(tenant.name.clone()).await;
    if !errors.is_empty() {
        shell.title = say.t1("error-title", "title", &shell.title);
    }
    let page = TenantPage {
        id: id.to_string(),
        sentence: sentence(say, &days, &tenant),
        figures: last_whole(&days, today).map(|day| Figures::new(say, day)),
        trends: charts::trends(say, from, today, &days),
        hours: charts::hours(say, from, today, &days),
        open: charts::open(say, from, today, &days),
        days: days.iter().rev().take(14).map(|day| DayRow::new(say, day)).collect(),
        n_dirty: dirty.len(),
        dirty: dirty.iter().take(N_NAMED).map(|day| say.date(*day)).collect(),
        tickets_at: super::at(&done, id, super::TICKETS),
        entries_at: super::at(&done, id, super::ENTRIES),
        exported_at: super::at(&done, id, super::EXPORTS),
        from: from_field,
        to: to_field,
        errors,
        error_title: say.t("tenant-not-ordered"),
        ordered: ordered(visit),
        name: tenant.name,
        shell,
    };
    Ok(reply::html_with(status, &page))
}

/// A day of a tenant is a day of its own zone.
fn today(say: &Say, tenant: &TenantProfile) -> Date {
    let zone = TimeZone::get(&tenant.timezone).unwrap_or(TimeZone::UTC);
    say.now.to_zoned(zone).date()
}

fn fields(visit: &Visit, from: Date, to: Date, refused: bool) -> (Field, Field) {
    let say = &visit.say;
    let field = |name: &'static str, label: String, default: Date| {
        let typed = visit.form.given(name).map_or_else(|| default.to_string(), str::to_owned);
        let is_date = typed.parse::<Date>().is_ok();
        let error = (refused && !is_date).then(|| say.t1("rule-date", "given", &typed));
        Field { kind: "date", error, ..Field::text(name, label, typed) }
    };
    let from = field("from", say.t("from"), from);
    let mut to = field("to", say.t("to"), to);
    if refused && from.error.is_none() && to.error.is_none() {
        to.error = Some(say.t("rule-period"));
    }
    (from, to)
}

/// Today is not over: the day before tells more.
fn last_whole(days: &[DailyKpis], today: Date) -> Option<&DailyKpis> {
    days.iter().rev().find(|day| day.date < today).or(days.last())
}

/// Only an id can stand here: anybody can write an address.
fn ordered(visit: &Visit) -> Option<String> {
    visit.query.get("ordered").parse::<Uuid>().ok().map(|id| id.to_string())
}

fn sentence(say: &Say, days: &[DailyKpis], tenant: &TenantProfile) -> String {
    match (days.first(), days.last()) {
        (Some(first), Some(last)) => say.f(
            "tenant-sentence",
            &[
                ("from", say.date(first.date).into()),
                ("to", say.date(last.date).into()),
                ("zone", tenant.timezone.clone().into()),
            ],
        ),
        _ => say.t("tenant-no-days"),
    }
}

/// Of a percentage, or of minutes; nothing where there was nothing to divide by.
fn percent(say: &Say, percent: Option<f64>) -> Option<String> {
    percent.map(|percent| say.percent(percent / 100.0, 0))
}

fn minutes(say: &Say, minutes: Option<f64>) -> Option<String> {
    minutes.map(|minutes| say.span(minutes * 60.0))
}

fn billable(say: &Say, day: &DailyKpis) -> Option<String> {
    let time = &day.kpis.time_consumption;
    let share = charts::ratio(time.billable_minutes, time.total_minutes)?;
    Some(say.percent(share, 0))
}

impl Figures {
    fn new(say: &Say, day: &DailyKpis) -> Figures {
        let (tech, trends) = (&day.kpis.tech_efficiency, &day.kpis.ticket_trends);
        Figures {
            date: say.date(day.date),
            billable: billable(say, day),
            resolution: minutes(say, tech.avg_resolution_minutes),
            first_call: percent(say, tech.first_call_resolution_rate),
            open: trends.tickets_open,
            urgent: trends.tickets_high_priority,
        }
    }
}

impl DayRow {
    fn new(say: &Say, day: &DailyKpis) -> DayRow {
        let (tech, trends) = (&day.kpis.tech_efficiency, &day.kpis.ticket_trends);
        let total = day.kpis.time_consumption.total_minutes;
        DayRow {
            date: say.day(day.date),
            created: trends.tickets_created,
            is_anomaly: trends.anomaly_detected,
            closed: trends.tickets_closed,
            open: trends.tickets_open,
            hours: say.hours(total),
            billable: billable(say, day),
            resolution: minutes(say, tech.avg_resolution_minutes),
            first_call: percent(say, tech.first_call_resolution_rate),
        }
    }
}
