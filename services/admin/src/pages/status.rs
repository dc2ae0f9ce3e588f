//! `/`: is anything wrong, and will tonight fit the quota?

mod batch;
mod departures;
mod forecast;
mod health;
mod lanes;
mod overview;
mod quota;
mod runs;
mod workers;

use std::future::ready;
use std::time::Duration;

use askama::Template;
use warp::reply::Response;

use crate::failure::Failure;
use crate::live::{self, Part};
use crate::reply;
use crate::route::{Access, Route};
use crate::shell::Shell;
use crate::visit::{Frame, Visit};

pub(super) use forecast::next_batch;
pub(super) use lanes::LaneRow;
pub(crate) use overview::Overview;

use batch::BatchView;
use departures::Departure;
use health::HealthLine;
use quota::QuotaView;
use runs::RunLine;
use workers::WorkerRow;

#[derive(Template)]
#[template(
    path = "status.html",
    blocks = ["sentence", "warning", "quota", "batch", "departures", "lanes", "runs", "health", "workers"]
)]
struct StatusPage {
    shell: Shell,
    sentence: String,
    quota: Option<QuotaView>,
    batch: Option<BatchView>,
    departures: Option<Vec<Departure>>,
    zone: String,
    lanes: Option<Vec<LaneRow>>,
    runs: Option<Vec<RunLine>>,
    health: Vec<HealthLine>,
    workers: Option<Vec<WorkerRow>>,
}

/// How long figures stand, however many look.
pub(super) const MAX_AGE: Duration = Duration::from_millis(1_500);

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/", |visit| Box::pin(show(visit))),
        Route::get("/live/status", |visit| Box::pin(ready(Ok(stream(visit)))))
            .access(Access::Stream),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    Ok(reply::html(&page(&visit).await))
}

fn stream(visit: Visit) -> Response {
    live::stream_of(visit, |frame, _| Box::pin(parts(frame)))
}

async fn parts(frame: Frame) -> Result<Vec<Part>, Failure> {
    let page = page(&frame).await;
    Ok(vec![
        Part::new("sentence", &page.as_sentence())?,
        Part::new("warning", &page.as_warning())?,
        Part::new("quota", &page.as_quota())?,
        Part::new("batch", &page.as_batch())?,
        Part::new("departures", &page.as_departures())?,
        Part::new("lanes", &page.as_lanes())?,
        Part::new("runs", &page.as_runs())?,
        Part::new("health", &page.as_health())?,
        Part::new("workers", &page.as_workers())?,
    ])
}

async fn page(frame: &Frame) -> StatusPage {
    let site = &frame.site;
    let overview = site.overview.get(MAX_AGE, Overview::read(site)).await;
    let shell = frame.shell("page-status").await;
    let (say, settings) = (&frame.say, site.settings());
    let batch = overview.batch.as_ref().map(|batch| BatchView::new(say, batch));
    StatusPage {
        sentence: sentence(frame, &overview, batch.as_ref()),
        quota: overview.quota.as_ref().map(|quota| QuotaView::new(say, quota, &settings)),
        batch,
        departures: overview.departures.as_ref().map(|all| departures::lines(say, all)),
        zone: settings.batch_timezone.clone(),
        lanes: overview.lanes(say),
        runs: overview.runs.as_ref().map(|runs| runs::lines(say, runs)),
        health: health::lines(say, &overview),
        workers: overview.workers.as_ref().map(|workers| workers::rows(say, workers)),
        shell,
    }
}

/// The answer before anything is read.
fn sentence(frame: &Frame, overview: &Overview, batch: Option<&BatchView>) -> String {
    let say = &frame.say;
    let work = match batch.and_then(|batch| batch.running.as_ref()) {
        Some(running) => running.sentence.clone(),
        None => say.t("status-no-batch"),
    };
    let fault = if overview.workers.as_ref().is_some_and(Vec::is_empty) {
        say.t("status-no-worker")
    } else if overview.broker.is_err() {
        say.t("status-no-broker")
    } else if overview.database_ms.is_none() {
        say.t("status-no-database")
    } else {
        say.t("status-well")
    };
    format!("{work} {fault}")
}
