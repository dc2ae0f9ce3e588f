//! `/lanes`: what waits where, and who works there.

use std::future::ready;

use askama::Template;
use http::StatusCode;
use warp::reply::Response;

use super::status::{LaneRow, MAX_AGE, Overview};
use crate::failure::Failure;
use crate::field::{Field, FieldError};
use crate::live::{self, Part};
use crate::reply;
use crate::route::{Access, Route};
use crate::shell::Shell;
use crate::visit::{Frame, Visit};

#[derive(Template)]
#[template(path = "lanes.html", blocks = ["lanes"])]
struct LanesPage {
    shell: Shell,
    sentence: String,
    lanes: Option<Vec<LaneRow>>,
}

/// Asks why, and for how long.
#[derive(Template)]
#[template(path = "lane-pause.html")]
struct PausePage {
    shell: Shell,
    lane: &'static str,
    reason: Field,
    /// Minutes, and how they are called.
    spans: [(i64, String); 4],
    errors: Vec<FieldError>,
    error_title: String,
}

/// How long a lane can be paused; 0 is until somebody resumes it.
const MINUTES: [i64; 4] = [60, 240, 1_440, 0];
const MOST: i64 = 30 * 1_440;
const LONGEST_REASON: usize = 200;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/lanes", |visit| Box::pin(show(visit))),
        Route::get("/lanes/{lane}/pause", |visit| Box::pin(ask(visit))),
        Route::post("/lanes/{lane}/pause", |visit| Box::pin(pause(visit))),
        Route::post("/lanes/{lane}/resume", |visit| Box::pin(resume(visit))),
        Route::get("/live/lanes", |visit| Box::pin(ready(Ok(stream(visit)))))
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
    Ok(vec![Part::new("lanes", &page(&frame).await.as_lanes())?])
}

async fn ask(visit: Visit) -> Result<Response, Failure> {
    pause_page(&visit, StatusCode::OK).await
}

async fn pause(visit: Visit) -> Result<Response, Failure> {
    let lane = lane(&visit)?;
    let reason = visit.form.get("reason").trim();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return pause_page(&visit, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let minutes: i64 = visit.form.get("minutes").parse().unwrap_or(MINUTES[0]);
    let resume_at = (minutes > 0)
        .then(|| visit.say.now.checked_add(jiff::SignedDuration::from_mins(minutes.min(MOST))))
        .transpose()
        .map_err(|_| Failure::Broken)?;
    let client = visit.db().await?;
    store::lanes::pause(&client, visit.actor(), lane, resume_at, reason).await?;
    visit.site.overview.forget().await;
    Ok(reply::see_other("/lanes"))
}

async fn resume(visit: Visit) -> Result<Response, Failure> {
    let lane = lane(&visit)?;
    let client = visit.db().await?;
    store::lanes::resume(&client, visit.actor(), lane).await?;
    visit.site.overview.forget().await;
    Ok(reply::see_other("/lanes"))
}

/// The lane of the address; what is none leads nowhere.
fn lane(visit: &Visit) -> Result<&'static str, Failure> {
    commands::lane(visit.segment()).map(|lane| lane.name).ok_or(Failure::NotFound)
}

async fn pause_page(visit: &Visit, status: StatusCode) -> Result<Response, Failure> {
    let (say, lane) = (&visit.say, lane(visit)?);
    let mut reason = Field::text("reason", say.t("lanes-reason"), visit.form.get("reason"));
    reason.hint = say.t("lanes-reason-hint");
    if status != StatusCode::OK {
        reason.error = Some(say.t("lanes-reason-rule"));
    }
    let errors: Vec<FieldError> = reason.fault().into_iter().collect();
    let mut shell = visit.shell_titled(say.t1("lanes-pause-ask", "lane", lane)).await;
    if !errors.is_empty() {
        shell.title = say.t1("error-title", "title", &shell.title);
    }
    let spans = MINUTES.map(|minutes| {
        let words = match minutes {
            0 => say.t("lanes-until-resumed"),
            _ => say.t1("lanes-for", "span", say.span(60.0 * f64::from(minutes_of(minutes)))),
        };
        (minutes, words)
    });
    let error_title = say.t("lanes-not-paused");
    let page = PausePage { shell, lane, reason, spans, errors, error_title };
    Ok(reply::html_with(status, &page))
}

fn minutes_of(minutes: i64) -> i32 {
    i32::try_from(minutes).unwrap_or(i32::MAX)
}

async fn page(frame: &Frame) -> LanesPage {
    let overview = frame.site.overview.get(MAX_AGE, Overview::read(&frame.site)).await;
    let lanes = overview.lanes(&frame.say);
    let sum = |of: fn(&LaneRow) -> i64| lanes.iter().flatten().map(of).sum::<i64>();
    let (waiting, running) = (sum(|row| row.waiting), sum(|row| row.running));
    LanesPage {
        sentence: frame.say.t2("lanes-sentence", ("waiting", waiting), ("running", running)),
        lanes,
        shell: frame.shell("page-lanes").await,
    }
}
