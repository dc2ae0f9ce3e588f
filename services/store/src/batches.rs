//! Tables `batch_runs`, `batch_items`: what a batch looks at, and how far it has come.
//!
//! A batch is planned once ([`create`]), turned into commands a few at a time ([`fan_out`]), and
//! over when no item is open. Its counters are counted from the items, never incremented: a counter
//! that each item touched would make every worker wait for one row. Whoever drives the batch copies
//! them now and then ([`refresh`]).

mod items;
mod look;
mod plan;
mod runs;

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use items::{
    Ended, ItemEnd, add_calls, close_pending, collect_lost, end_item, fan_out, items,
    skip_failing_set,
};
pub use look::{
    Cause, Event, Outcomes, SetProgress, by_set, causes, ended_so, events, moves, outcomes, pace,
};
pub use plan::{PlanInput, Scope, plan_inputs};
pub use runs::{
    Created, NewRun, create, finish, get, list, progress, refresh, resume, running, stop,
};

/// A batch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    /// The id of its command.
    pub id: Uuid,
    /// `full` or `hybrid`.
    pub mode: String,
    pub set_id: Option<String>,
    /// What was asked for.
    pub requested: Value,
    pub state: RunState,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub cards_targeted: i32,
    pub cards_succeeded: i32,
    pub cards_failed: i32,
    pub cards_skipped: i32,
    pub cards_deferred: i32,
    pub calls_spent: i32,
    pub stop_reason: Option<String>,
    pub report: Option<Value>,
}

/// Where a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    Planning,
    Running,
    /// Told to stop: what is queued still ends.
    Stopping,
    Stopped,
    Finished,
}

/// Where a card of a batch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    Pending,
    /// Its command is accepted.
    Queued,
    Succeeded,
    Failed,
    /// Its set kept failing.
    Skipped,
    /// The quota did not reach.
    Deferred,
    /// The batch was stopped before its turn.
    Stopped,
}

/// A card of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    pub card_id: i64,
    pub set_id: String,
    /// Its turn, from 0.
    pub position: i32,
    pub state: ItemState,
    pub command_id: Option<Uuid>,
    pub detail: Option<String>,
    pub calls: i32,
    pub finished_at: Option<Timestamp>,
}

/// How far a batch has come.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Progress {
    pub state: RunState,
    pub targeted: i64,
    pub pending: i64,
    pub queued: i64,
    pub succeeded: i64,
    pub failed: i64,
    pub skipped: i64,
    pub deferred: i64,
    pub stopped: i64,
    pub calls: i64,
    /// Cards that ended within the last minute, per second.
    pub per_second: f64,
}

impl Progress {
    /// Cards whose end is still to come.
    pub fn open(&self) -> i64 {
        self.pending + self.queued
    }

    /// Cards that ended without a price, `3 failed` and the like; what there is none of is left out.
    pub fn without_price(&self) -> impl Iterator<Item = String> {
        [
            (self.failed, "failed"),
            (self.skipped, "skipped"),
            (self.deferred, "deferred"),
            (self.stopped, "stopped"),
        ]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{n} {what}"))
    }
}

/// A word that names no state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no state of a batch")]
pub struct UnknownState(String);

impl RunState {
    const ALL: [(RunState, &str); 5] = [
        (RunState::Planning, "planning"),
        (RunState::Running, "running"),
        (RunState::Stopping, "stopping"),
        (RunState::Stopped, "stopped"),
        (RunState::Finished, "finished"),
    ];

    /// As rows write it.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }
}

impl ItemState {
    const ALL: [(ItemState, &str); 7] = [
        (ItemState::Pending, "pending"),
        (ItemState::Queued, "queued"),
        (ItemState::Succeeded, "succeeded"),
        (ItemState::Failed, "failed"),
        (ItemState::Skipped, "skipped"),
        (ItemState::Deferred, "deferred"),
        (ItemState::Stopped, "stopped"),
    ];

    /// As rows write it.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }
}

impl FromStr for RunState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<RunState, UnknownState> {
        let known = Self::ALL.iter().find(|(_, word)| *word == text);
        known.map(|(state, _)| *state).ok_or_else(|| UnknownState(text.to_owned()))
    }
}

impl FromStr for ItemState {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<ItemState, UnknownState> {
        let known = Self::ALL.iter().find(|(_, word)| *word == text);
        known.map(|(state, _)| *state).ok_or_else(|| UnknownState(text.to_owned()))
    }
}

impl fmt::Display for ItemState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
