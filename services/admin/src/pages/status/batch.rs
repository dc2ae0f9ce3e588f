//! The batch that runs, or how the last one ended.

use jiff::{Span, Timestamp};
use store::batches::{Progress, Run, RunState};

use super::overview::Batch;
use crate::icon::Mark;
use crate::plot::short;
use crate::say::Say;

/// The panel; both parts are empty when there never was a batch.
pub(super) struct BatchView {
    pub(super) running: Option<Running>,
    pub(super) last: Option<Last>,
}

/// A batch that runs.
pub(super) struct Running {
    pub(super) id: String,
    pub(super) sentence: String,
    pub(super) done: i64,
    pub(super) targeted: i64,
    pub(super) bar: String,
    /// Shares of the bar, in percent.
    pub(super) succeeded_width: String,
    pub(super) failed_width: String,
    pub(super) end: Option<Timestamp>,
    pub(super) rate: String,
    pub(super) failed: i64,
    pub(super) calls: i64,
    pub(super) scope: String,
    pub(super) started_at: Timestamp,
}

/// A batch that has ended.
pub(super) struct Last {
    pub(super) id: String,
    pub(super) mark: Mark,
    pub(super) started_at: Timestamp,
    pub(super) span: String,
    pub(super) targeted: i64,
    pub(super) succeeded: i64,
    pub(super) failed: i64,
    pub(super) calls: i64,
}

impl BatchView {
    pub(super) fn new(say: &Say, batch: &Batch) -> BatchView {
        let Some(run) = &batch.run else { return BatchView { running: None, last: None } };
        match (&batch.progress, run.finished_at) {
            (Some(progress), None) => {
                BatchView { running: Some(running(say, run, progress)), last: None }
            }
            _ => BatchView { running: None, last: Some(last(say, run)) },
        }
    }
}

fn running(say: &Say, run: &Run, progress: &Progress) -> Running {
    let done = progress.targeted - progress.open();
    let share = |n: i64| short(100.0 * ratio(n, progress.targeted));
    let end = end(say.now, progress);
    let started = say.clock(run.started_at);
    let sentence = match end {
        _ if progress.state == RunState::Stopping => {
            say.t1("batch-sentence-stopping", "at", started)
        }
        Some(end) => say.t2("batch-sentence", ("at", started), ("end", say.moment(end))),
        None => say.t1("batch-sentence-open", "at", started),
    };
    Running {
        id: run.id.to_string(),
        sentence,
        done,
        targeted: progress.targeted,
        bar: say.t2("batch-bar", ("done", done), ("targeted", progress.targeted)),
        succeeded_width: share(done - progress.failed),
        failed_width: share(progress.failed),
        end,
        rate: say.t1("batch-rate", "n", say.float(progress.per_second, 1)),
        failed: progress.failed,
        calls: progress.calls,
        scope: run.set_id.clone().unwrap_or_else(|| say.t("batch-all-sets")),
        started_at: run.started_at,
    }
}

/// When it will be over, at the speed of the last minute.
fn end(now: Timestamp, progress: &Progress) -> Option<Timestamp> {
    if progress.per_second < 0.01 {
        return None;
    }
    let open = u32::try_from(progress.open()).ok()?;
    let seconds = (f64::from(open) / progress.per_second).ceil();
    #[expect(clippy::cast_possible_truncation, reason = "casts from floats saturate")]
    let span = Span::new().try_seconds(seconds as i64).ok()?;
    now.checked_add(span).ok()
}

fn last(say: &Say, run: &Run) -> Last {
    let mark = match run.state {
        RunState::Finished => Mark::new("ok", "tick", say.t("batch-finished")),
        _ => Mark::new("idle", "pause", say.t("batch-stopped")),
    };
    Last {
        id: run.id.to_string(),
        mark,
        started_at: run.started_at,
        span: run.finished_at.map(|end| say.between(run.started_at, end)).unwrap_or_default(),
        targeted: run.cards_targeted.into(),
        succeeded: run.cards_succeeded.into(),
        failed: run.cards_failed.into(),
        calls: run.calls_spent.into(),
    }
}

fn ratio(n: i64, of: i64) -> f64 {
    let small = |n: i64| f64::from(i32::try_from(n).unwrap_or(i32::MAX));
    if of > 0 { small(n) / small(of) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_follows_from_the_rate() {
        let now: Timestamp = "2026-11-21T15:42:00Z".parse().unwrap();
        let progress = Progress {
            state: RunState::Running,
            targeted: 2_400,
            pending: 500,
            queued: 100,
            succeeded: 1_800,
            failed: 0,
            skipped: 0,
            deferred: 0,
            stopped: 0,
            calls: 1_900,
            per_second: 5.0,
        };
        assert_eq!(end(now, &progress), Some("2026-11-21T15:44:00Z".parse().unwrap()));
        assert_eq!(end(now, &Progress { per_second: 0.0, ..progress }), None);
    }
}
