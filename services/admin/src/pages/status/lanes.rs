//! The lanes: what waits, what runs, who works there, and how fast it goes.

use jiff::Timestamp;
use store::command_states::{Ended, NameState};
use store::lanes::Pause;

use super::overview::{MINUTES, Overview};
use crate::icon::Mark;
use crate::plot::{Spark, spark};
use crate::say::Say;

/// A line of the table.
pub(crate) struct LaneRow {
    pub(crate) name: &'static str,
    /// What it carries, in words.
    pub(crate) about: String,
    pub(crate) waiting: i64,
    pub(crate) running: i64,
    /// When the oldest waiting one was accepted.
    pub(crate) oldest: Option<Timestamp>,
    /// Living workers that take from it.
    pub(crate) n_workers: i64,
    /// Ends of the last quarter of an hour, minute by minute.
    pub(crate) spark: Option<Spark>,
    pub(crate) per_minute: String,
    pub(crate) pause: Option<PauseView>,
}

/// Why a lane stands still, and until when.
pub(crate) struct PauseView {
    pub(crate) mark: Mark,
    pub(crate) reason: String,
    pub(crate) actor: String,
}

impl Overview {
    /// All lanes; nothing when the database could not say.
    pub(crate) fn lanes(&self, say: &Say) -> Option<Vec<LaneRow>> {
        let (states, ended) = (self.states.as_ref()?, self.ended.as_ref()?);
        let row = |lane: &commands::Lane| {
            let name = lane.name;
            let ready = self.broker.as_ref().ok().and_then(|broker| {
                let queue = broker.queues.iter().find(|queue| queue.lane == name)?;
                Some(i64::from(queue.ready))
            });
            let (queued, oldest) = waiting(states, name);
            let workers = self.workers.iter().flatten();
            let minutes = minutes(ended, name);
            LaneRow {
                name,
                about: say.try_t(&format!("lane-{name}")).unwrap_or_default(),
                // What the broker holds may be older than the newest rows that were counted.
                waiting: ready.unwrap_or(0).max(queued),
                running: running(states, name),
                oldest,
                n_workers: say_count(workers.filter(|w| w.lanes.iter().any(|l| l == name)).count()),
                per_minute: say.float(minutes.iter().sum::<f64>() / f64::from(MINUTES), 1),
                spark: spark(&minutes),
                pause: self.pauses.iter().find(|pause| pause.lane == name).map(|p| paused(say, p)),
            }
        };
        Some(commands::LANES.iter().map(row).collect())
    }
}

fn paused(say: &Say, pause: &Pause) -> PauseView {
    let words = match pause.resume_at {
        Some(at) => say.t1("lanes-paused-until", "at", say.moment(at)),
        None => say.t("lanes-paused"),
    };
    PauseView {
        mark: Mark::new("idle", "pause", words),
        reason: pause.reason.clone(),
        actor: pause.actor.clone(),
    }
}

fn waiting(states: &[NameState], lane: &str) -> (i64, Option<Timestamp>) {
    let queued = states.iter().filter(|state| state.status == "queued");
    let queued: Vec<_> = queued.filter(|state| commands::lane_of(&state.name) == lane).collect();
    (queued.iter().map(|state| state.n).sum(), queued.iter().map(|state| state.oldest).min())
}

fn running(states: &[NameState], lane: &str) -> i64 {
    let running = states.iter().filter(|state| state.status == "running");
    running.filter(|state| commands::lane_of(&state.name) == lane).map(|state| state.n).sum()
}

/// Ends by minute, oldest first.
fn minutes(ended: &[Ended], lane: &str) -> Vec<f64> {
    let n_in = |minutes_ago: i32| {
        let ended = ended.iter().filter(|ended| ended.minutes_ago == minutes_ago);
        let n: i64 =
            ended.filter(|ended| commands::lane_of(&ended.name) == lane).map(|ended| ended.n).sum();
        f64::from(i32::try_from(n).unwrap_or(i32::MAX))
    };
    (0..MINUTES).rev().map(n_in).collect()
}

fn say_count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_count_in_their_own_lane() {
        let state = |name: &str, status: &str, n, oldest: &str| NameState {
            name: name.into(),
            status: status.into(),
            n,
            oldest: oldest.parse().unwrap(),
        };
        let states = [
            state("cards.price", "queued", 5, "2026-11-21T15:00:00Z"),
            state("cards.reprice", "queued", 1, "2026-11-21T14:00:00Z"),
            state("cards.price", "running", 2, "2026-11-21T13:00:00Z"),
            state("gone.away", "queued", 9, "2026-11-21T12:00:00Z"),
        ];
        assert_eq!(waiting(&states, "cards"), (5, Some("2026-11-21T15:00:00Z".parse().unwrap())));
        assert_eq!(waiting(&states, "reprice").0, 1);
        assert_eq!((running(&states, "cards"), waiting(&states, "kpi")), (2, (0, None)));
        let ended = [Ended { name: "kpi.compute-daily".into(), minutes_ago: 0, n: 4 }];
        let minutes = minutes(&ended, "kpi");
        assert_eq!((minutes.len(), minutes.last()), (15, Some(&4.0)));
    }
}
