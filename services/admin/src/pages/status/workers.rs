//! The workers, by their last sign of life.

use jiff::Timestamp;
use store::workers::Worker;

use crate::icon::Mark;
use crate::say::Say;

/// A line of the table.
pub(super) struct WorkerRow {
    pub(super) name: String,
    pub(super) version: String,
    /// Another version than this site's: an upgrade is under way, or was forgotten.
    pub(super) is_other_version: bool,
    pub(super) lanes: String,
    pub(super) slots: i64,
    pub(super) seen_at: Timestamp,
    /// Silent for longer than a heartbeat.
    pub(super) silent: Option<Mark>,
}

/// Heartbeats come every ten seconds.
const SILENT_SECONDS: i64 = 30;

pub(super) fn rows(say: &Say, workers: &[Worker]) -> Vec<WorkerRow> {
    let row = |worker: &Worker| {
        let is_all = commands::LANES.iter().all(|lane| worker.lanes.iter().any(|l| l == lane.name));
        let lanes = if is_all { say.t("workers-all-lanes") } else { worker.lanes.join(", ") };
        let silence = say.now.as_second() - worker.seen_at.as_second();
        let silent = silence > SILENT_SECONDS;
        WorkerRow {
            name: worker.host.clone(),
            version: worker.version.clone(),
            is_other_version: worker.version != env!("CARGO_PKG_VERSION"),
            lanes,
            slots: worker.slots.into(),
            seen_at: worker.seen_at,
            silent: silent.then(|| Mark::new("warn", "warning", say.t("workers-silent"))),
        }
    };
    workers.iter().map(row).collect()
}
