//! `/batches/{id}`: how far, until when, is it going well? And afterwards: what changed, what failed?

mod changes;
mod events;
mod pace;
mod progress;
mod report;

use askama::Template;
use store::batches::{self, Run, RunState};
use store::commands::CommandRow;
use tokio::try_join;
use uuid::Uuid;
use warp::reply::Response;

use crate::failure::Failure;
use crate::icon::Mark;
use crate::live::{self, Part};
use crate::plot::Plot;
use crate::reply;
use crate::route::{Access, Route};
use crate::say::Say;
use crate::shell::Shell;
use crate::shop;
use crate::visit::{Frame, Visit};

use events::EventRow;
use progress::{ProgressView, SetRow};
use report::{CauseRow, MoveRow, Odd};

#[derive(Template)]
#[template(
    path = "batch.html",
    blocks = ["mark", "sentence", "actions", "progress", "pace", "events", "report", "sets"]
)]
struct BatchPage {
    shell: Shell,
    id: String,
    mark: Mark,
    sentence: String,
    live: Option<String>,
    doors: Doors,
    progress: ProgressView,
    pace: Option<Plot>,
    pace_limit: String,
    events: Vec<EventRow>,
    sets: Vec<SetRow>,
    sets_over: String,
    /// Sets that are over without anything to tell.
    n_quiet_sets: usize,
    moves: Option<Plot>,
    top: Vec<MoveRow>,
    odd: Option<Odd>,
    causes: Vec<CauseRow>,
    is_over: bool,
}

/// What somebody can do with the batch.
struct Doors {
    can_stop: bool,
    can_resume: bool,
    /// Somebody pressed "stop", and is asked.
    asks_stop: bool,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/batches/{id}", |visit| Box::pin(show(visit))),
        Route::get("/live/batches/{id}", |visit| {
            Box::pin(std::future::ready(Ok(live::stream_of(visit, |frame, segments| {
                Box::pin(parts(frame, segments))
            }))))
        })
        .access(Access::Stream),
        Route::post("/batches/{id}/stop", |visit| Box::pin(changes::stop(visit))),
        Route::post("/batches/{id}/resume", |visit| Box::pin(changes::resume(visit))),
        Route::post("/batches/{id}/again", |visit| Box::pin(changes::again(visit))),
    ]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    let all_sets = visit.query.has("sets");
    let mut page = page(&visit, visit.id()?, all_sets).await?;
    page.doors.asks_stop = page.doors.can_stop && visit.query.has("stop");
    Ok(reply::html(&page))
}

async fn parts(frame: Frame, segments: Vec<String>) -> Result<Vec<Part>, Failure> {
    let id = segments.first().and_then(|id| id.parse().ok()).ok_or(Failure::NotFound)?;
    let page = page(&frame, id, false).await?;
    Ok(vec![
        Part::new("mark", &page.as_mark())?,
        Part::new("sentence", &page.as_sentence())?,
        Part::new("actions", &page.as_actions())?,
        Part::new("progress", &page.as_progress())?,
        Part::new("pace", &page.as_pace())?,
        Part::new("events", &page.as_events())?,
        Part::new("report", &page.as_report())?,
        Part::new("sets", &page.as_sets())?,
    ])
}

/// A batch whose command has begun, or waits.
struct Known {
    command: Option<CommandRow>,
    run: Option<Run>,
}

impl Known {
    async fn read(client: &store::Client, id: Uuid) -> Result<Known, Failure> {
        let command = store::commands::get(client, id).await?;
        let command = command.filter(|command| command.name == "batch.run");
        let run = batches::get(client, id).await?;
        if command.is_none() && run.is_none() {
            return Err(Failure::NotFound);
        }
        Ok(Known { command, run })
    }

    fn status(&self) -> &str {
        self.command.as_ref().map_or("", |command| command.status.as_str())
    }

    /// Nothing moves any more, until somebody or the next window lets it.
    fn is_over(&self) -> bool {
        let is_open = matches!(self.status(), "queued" | "running" | "retrying");
        let has_ended = self.run.as_ref().is_some_and(|run| run.finished_at.is_some());
        if self.command.is_none() { has_ended } else { !is_open }
    }

    fn report(&self) -> Option<&serde_json::Value> {
        self.run.as_ref()?.report.as_ref()
    }

    fn can_stop(&self) -> bool {
        let is_told = self.command.as_ref().is_some_and(|command| command.cancel_requested);
        !is_told && matches!(self.status(), "queued" | "running" | "retrying" | "postponed")
    }

    fn can_resume(&self) -> bool {
        matches!(self.status(), "cancelled" | "dead" | "postponed")
    }

    fn mark(&self, say: &Say) -> Mark {
        match (&self.run, self.status()) {
            (Some(run), "running" | "succeeded" | "cancelled" | "") => {
                super::batches::mark(say, run)
            }
            (_, "running") => Mark::new("run", "ring", say.t("batch-planning")),
            (_, status) => Mark::of_status(say, status),
        }
    }
}

async fn page(frame: &Frame, id: Uuid, all_sets: bool) -> Result<BatchPage, Failure> {
    let say = &frame.say;
    let client = frame.site.store.client().await?;
    let known = Known::read(&client, id).await?;
    let is_over = known.is_over();
    let seen = &known;
    // Gives its connection back by itself: whoever kept one until the report has another could wait
    // for somebody who does the same.
    let course = async move {
        let progress = progress::read(say, &client, id, seen).await?;
        let pace = pace::read(say, &client, seen.run.as_ref()).await?;
        let events = events::read(say, &client, id, seen.run.as_ref()).await?;
        Ok((progress, pace, events, batches::by_set(&client, id).await?))
    };
    // Each of the two looks at every card of the batch: side by side.
    let report = async {
        if !is_over {
            return Ok::<_, Failure>((None, Vec::new(), Vec::new()));
        }
        report::read(say, &frame.site.store.client().await?, id).await
    };
    let ((progress, pace, events, sets), (moves, top, causes)) = try_join!(course, report)?;
    let n_over = sets.iter().filter(|set| set.done == set.targeted).count();
    let sets_over = say.t2("sets-over", ("done", n_over), ("n", sets.len()));
    let (sets, n_quiet_sets) = progress::rows(say, &sets, all_sets || is_over && sets.len() <= 20);
    let settings = frame.site.settings();
    let title = shop::batch(say, started_at(&known));
    Ok(BatchPage {
        id: id.to_string(),
        mark: known.mark(say),
        sentence: sentence(say, &known),
        live: (!is_over).then(|| format!("/live/batches/{id}")),
        doors: Doors {
            can_stop: known.can_stop(),
            can_resume: known.can_resume(),
            asks_stop: false,
        },
        progress,
        pace,
        pace_limit: say.t1("pace-limit", "n", say.float(settings.ebay_requests_per_second, 0)),
        events,
        sets,
        sets_over,
        n_quiet_sets,
        moves,
        top,
        odd: known.report().and_then(|report| report::odd(say, report)),
        causes,
        is_over,
        shell: frame.shell_titled(title).await,
    })
}

fn started_at(known: &Known) -> jiff::Timestamp {
    let run = known.run.as_ref().map(|run| run.started_at);
    let command = known.command.as_ref().map(|command| command.created_at);
    run.or(command).unwrap_or_default()
}

/// What was asked for, and how it ended.
fn sentence(say: &Say, known: &Known) -> String {
    let scope = known.run.as_ref().and_then(|run| run.set_id.clone());
    let scope = scope.unwrap_or_else(|| say.t("batch-all-sets"));
    let end = known.run.as_ref().and_then(|run| Some((run.started_at, run.finished_at?)));
    let status = known.status();
    let error = known.command.as_ref().and_then(|command| command.error.clone());
    match (status, end) {
        ("dead", _) => {
            let told = say.cause(&error.unwrap_or_default());
            say.t1("batch-dead", "error", told.line())
        }
        ("postponed", _) => say.t("batch-postponed"),
        ("queued", _) => say.t("batch-queued"),
        ("running", _) if known.run.as_ref().is_some_and(|run| run.state == RunState::Stopping) => {
            say.t("batch-is-stopping")
        }
        (_, Some((start, end))) => say.f(
            "batch-over",
            &[
                ("scope", crate::say::Argument::argument(&scope)),
                ("at", crate::say::Argument::argument(&say.moment(end))),
                ("span", crate::say::Argument::argument(&say.between(start, end))),
            ],
        ),
        _ => say.t1("batch-begun-at", "scope", scope),
    }
}
