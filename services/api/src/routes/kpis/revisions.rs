//! `GET /v1/kpis/revisions`: what the figures of a day were, and when they changed.

use jiff::Timestamp;
use jiff::civil::Date;
use msp::kpi::DailyKpis;
use schemars::JsonSchema;
use serde::Serialize;
use store::Tenant;
use store::kpi_daily::Revision;
use warp::reply::Response;

use crate::etag;
use crate::params::Params;
use crate::problem::Problem;
use crate::route::{Access, Call, Route};
use crate::state::Api;

/// All figures that a day has had.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KpiRevisions")]
struct RevisionsView {
    date: Date,
    /// Oldest first; the last one stands.
    revisions: Vec<RevisionView>,
}

/// Figures while they stood.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KpiRevision")]
struct RevisionView {
    known_since: Timestamp,
    /// When others took their place; null for those that stand.
    known_until: Option<Timestamp>,
    kpis: DailyKpis,
}

pub(super) fn route() -> Route {
    Route::get("/v1/kpis/revisions", Access::Key, |api, call| Box::pin(revisions(api, call)))
        .about("kpis", "All figures that a day has had, and when they changed.")
        .required("date", "date", "The day.")
        .fails(&["not-found"])
        .has_etag()
        .answers::<RevisionsView>(200, "The figures, oldest first.")
}

async fn revisions(api: Api, call: Call) -> Result<Response, Problem> {
    let tenant_id = call.tenant_id()?;
    let mut params = Params::new(&call.query);
    let date = params.required("date", "a date such as 2026-01-24");
    params.finish()?;
    let date: Date = date.ok_or(Problem::Internal)?;
    let mut client = api.store.client().await?;
    let tenant = Tenant::snapshot(&mut client, tenant_id).await?;
    let revisions = store::kpi_daily::revisions(&tenant, date).await?;
    if revisions.is_empty() {
        return Err(Problem::NotFound(format!("the figures of {date} are not computed")));
    }
    let revisions = revisions.into_iter().map(RevisionView::from).collect();
    etag::ok(&call, &RevisionsView { date, revisions })
}

impl From<Revision> for RevisionView {
    fn from(revision: Revision) -> RevisionView {
        RevisionView {
            known_since: revision.known_since,
            known_until: revision.known_until,
            kpis: revision.kpis,
        }
    }
}
