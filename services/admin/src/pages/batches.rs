//! `/batches`: start one, and see those that were.

mod launch;

use askama::Template;
use jiff::Timestamp;
use store::batches::{self, Run, RunState};
use warp::reply::Response;

use crate::failure::Failure;
use crate::icon::Mark;
use crate::paging::{Pager, Place, cut};
use crate::plot::short;
use crate::reply;
use crate::route::Route;
use crate::say::Say;
use crate::shell::Shell;
use crate::visit::Visit;

use launch::{Estimate, Launch};

#[derive(Template)]
#[template(path = "batches.html")]
struct BatchesPage {
    shell: Shell,
    sentence: String,
    launch: Launch,
    estimate: Option<Estimate>,
    rows: Vec<BatchRow>,
    pager: Pager,
}

struct BatchRow {
    id: String,
    mark: Mark,
    started_at: Timestamp,
    scope: String,
    span: String,
    done: i64,
    targeted: i64,
    /// In percent of the bar.
    width: String,
    failed: i64,
    calls: i64,
}

const PAGE: usize = 25;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/batches", |visit| Box::pin(show(visit))),
        Route::post("/batches", |visit| Box::pin(launch::start(visit))),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    let say = &visit.say;
    let place = Place::of(&visit.query);
    let before = place.after.as_deref().map(str::parse).transpose();
    let before = before.map_err(|_| Failure::Broken)?;
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let sets = visit.site.sets().await;
    let client = visit.db().await?;
    let mut runs = batches::list(&client, before, limit).await?;
    let running = batches::running(&client).await?;
    let launch = Launch::read(say, &visit.query, &sets);
    let estimate = launch::estimate(say, &client, &visit.query, &launch).await?;
    drop(client);
    let more = cut(&mut runs, PAGE);
    let last = runs.last().filter(|_| more).map(|run| run.id.to_string());
    let next = super::status::next_batch(&visit.site.settings(), say.now);
    let page = BatchesPage {
        sentence: match (running.first(), next) {
            (Some(run), _) => say.t1("batches-running", "at", say.moment(run.started_at)),
            (None, Some(at)) => say.t1("batches-next", "at", say.moment(at)),
            (None, None) => say.t("batches-none-planned"),
        },
        launch,
        estimate,
        pager: place.pager("/batches", &visit.query, last),
        rows: runs.iter().map(|run| row(say, run)).collect(),
        shell: visit.shell("page-batches").await,
    };
    Ok(reply::html(&page))
}

fn row(say: &Say, run: &Run) -> BatchRow {
    let done = run.cards_succeeded + run.cards_failed + run.cards_skipped;
    let share = f64::from(done) / f64::from(run.cards_targeted.max(1));
    let end = run.finished_at.unwrap_or(say.now);
    BatchRow {
        id: run.id.to_string(),
        mark: mark(say, run),
        started_at: run.started_at,
        scope: run.set_id.clone().unwrap_or_else(|| say.t("batch-all-sets")),
        span: say.between(run.started_at, end),
        done: done.into(),
        targeted: run.cards_targeted.into(),
        width: short(share * 100.0),
        failed: (run.cards_failed + run.cards_skipped).into(),
        calls: run.calls_spent.into(),
    }
}

/// Where a batch stands.
pub(super) fn mark(say: &Say, run: &Run) -> Mark {
    match run.state {
        RunState::Planning => Mark::new("idle", "dashed", say.t("batch-planning")),
        RunState::Running => Mark::new("run", "ring", say.t("status-running")),
        RunState::Stopping => Mark::new("warn", "pause", say.t("batch-stopping")),
        RunState::Stopped => Mark::new("idle", "pause", say.t("batch-stopped")),
        RunState::Finished if run.cards_deferred > 0 => {
            Mark::new("warn", "clock", say.t("batch-deferred"))
        }
        RunState::Finished => Mark::new("ok", "tick", say.t("batch-finished")),
    }
}
