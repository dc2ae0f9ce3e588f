//! How far it is, in figures and set by set.

use jiff::{Span, Timestamp};
use store::batches::{self, Outcomes, Progress, SetProgress};
use uuid::Uuid;

use super::Known;
use crate::failure::Failure;
use crate::icon::Mark;
use crate::plot::short;
use crate::say::Say;

#[derive(Default)]
pub(super) struct ProgressView {
    pub(super) done: i64,
    pub(super) targeted: i64,
    pub(super) percent: String,
    /// Sentence for those who cannot see the bar.
    pub(super) label: String,
    /// Parts of the bar, in percent: succeeded, to review, failed.
    pub(super) parts: [String; 3],
    /// Where the second and the third begin.
    pub(super) starts: [String; 2],
    pub(super) end: Option<Timestamp>,
    pub(super) outcomes: Outcomes,
    pub(super) failed: i64,
    pub(super) deferred: i64,
    pub(super) stopped: i64,
    pub(super) calls: i64,
}

/// A set of the batch.
pub(super) struct SetRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) mark: Mark,
    pub(super) done: i64,
    pub(super) targeted: i64,
    pub(super) width: String,
    pub(super) failed: i64,
    pub(super) to_review: i64,
}

pub(super) async fn read(
    say: &Say,
    client: &store::Client,
    id: Uuid,
    known: &Known,
) -> Result<ProgressView, Failure> {
    let Some(progress) = batches::progress(client, id).await? else {
        return Ok(ProgressView::default());
    };
    let outcomes = batches::outcomes(client, id).await?;
    let view = view(say, &progress, outcomes);
    // What has stopped has no end to wait for.
    Ok(if known.is_over() { ProgressView { end: None, ..view } } else { view })
}

fn view(say: &Say, progress: &Progress, outcomes: Outcomes) -> ProgressView {
    let (targeted, failed) = (progress.targeted, progress.failed + progress.skipped);
    let done = progress.succeeded + failed;
    let review = outcomes.to_review.min(progress.succeeded);
    let share = |n: i64| 100.0 * ratio(n, targeted);
    let (good, doubtful) = (share(progress.succeeded - review), share(review));
    ProgressView {
        done,
        targeted,
        percent: say.percent(ratio(done, targeted), 0),
        label: say.f(
            "progress-label",
            &[
                ("good", crate::say::Argument::argument(&(progress.succeeded - review))),
                ("review", crate::say::Argument::argument(&review)),
                ("failed", crate::say::Argument::argument(&failed)),
                ("targeted", crate::say::Argument::argument(&targeted)),
            ],
        ),
        parts: [short(good), short(doubtful), short(share(failed))],
        starts: [short(good), short(good + doubtful)],
        end: end(say.now, progress),
        outcomes,
        failed,
        deferred: progress.deferred,
        stopped: progress.stopped,
        calls: progress.calls,
    }
}

/// When it will be over, at the speed of the last minute.
fn end(now: Timestamp, progress: &Progress) -> Option<Timestamp> {
    if progress.per_second < 0.01 || progress.open() == 0 {
        return None;
    }
    let open = f64::from(u32::try_from(progress.open()).ok()?);
    #[expect(clippy::cast_possible_truncation, reason = "casts from floats saturate")]
    let seconds = (open / progress.per_second).ceil() as i64;
    now.checked_add(Span::new().try_seconds(seconds).ok()?).ok()
}

/// The sets worth a line, and how many others are over without anything to tell.
pub(super) fn rows(say: &Say, sets: &[SetProgress], all: bool) -> (Vec<SetRow>, usize) {
    let is_quiet = |set: &&SetProgress| {
        !all && set.done == set.targeted && set.failed == 0 && set.to_review == 0
    };
    let n_quiet = sets.iter().filter(is_quiet).count();
    let shown = sets.iter().filter(|set| !is_quiet(set)).map(|set| row(say, set));
    (shown.collect(), n_quiet)
}

fn row(say: &Say, set: &SetProgress) -> SetRow {
    let mark = if set.done == set.targeted {
        Mark::new("ok", "tick", say.t("set-over"))
    } else if set.queued > 0 || set.done > 0 {
        Mark::new("run", "ring", say.t("status-running"))
    } else {
        Mark::new("idle", "dashed", say.t("status-queued"))
    };
    SetRow {
        id: set.set_id.clone(),
        name: set.name.clone(),
        mark,
        done: set.done,
        targeted: set.targeted,
        width: short(100.0 * ratio(set.done, set.targeted)),
        failed: set.failed,
        to_review: set.to_review,
    }
}

fn ratio(n: i64, of: i64) -> f64 {
    let small = |n: i64| f64::from(i32::try_from(n).unwrap_or(i32::MAX));
    if of > 0 { small(n) / small(of) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    #[test]
    fn the_parts_of_the_bar_add_up_to_what_is_done() {
        let say = Say::new(Lang::Fr, "UTC");
        let progress = Progress {
            state: batches::RunState::Running,
            targeted: 200,
            pending: 80,
            queued: 20,
            succeeded: 90,
            failed: 6,
            skipped: 4,
            deferred: 0,
            stopped: 0,
            calls: 104,
            per_second: 4.0,
        };
        let outcomes = Outcomes { to_review: 10, ..Outcomes::default() };
        let view = view(&say, &progress, outcomes);
        assert_eq!(view.parts, ["40", "5", "5"]);
        assert_eq!(view.starts, ["40", "45"]);
        assert_eq!((view.done, view.failed, view.percent.as_str()), (100, 10, "50\u{a0}%"));
        let seconds = view.end.unwrap().duration_since(say.now).as_secs();
        assert_eq!(seconds, 25);
    }

    #[test]
    fn sets_without_anything_to_tell_are_folded() {
        let say = Say::new(Lang::En, "UTC");
        let set = |id: &str, done, failed| SetProgress {
            set_id: id.into(),
            name: id.into(),
            targeted: 10,
            queued: 0,
            done,
            failed,
            to_review: 0,
        };
        let sets = [set("a", 10, 0), set("b", 10, 1), set("c", 3, 0)];
        let (shown, n_quiet) = rows(&say, &sets, false);
        assert_eq!(shown.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(n_quiet, 1);
        assert_eq!(rows(&say, &sets, true).1, 0);
    }
}
