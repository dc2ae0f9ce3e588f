//! Tables `schedules`, `schedule_fire`: which commands are ordered by the clock, and which slots
//! have been.
//!
//! A schedule is a row. On the [`Timetable`] it stands once, or once for each tenant; its slots
//! follow from its [`Recurrence`], and what is due from [`decide()`]. The primary key of
//! `schedule_fire` makes a second fire of a slot impossible, with any number of schedulers.

mod decide;
mod edit;
mod fire;
mod recurrence;
mod timetable;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use decide::{Decision, LATEST_START, Settled, decide};
pub use edit::{Change, get, list, put, remove, set_enabled};
pub use fire::{Fired, Order, Outcome, fire, miss, newest, refuse};
pub use recurrence::Recurrence;
pub use timetable::{Entry, Timetable, Upcoming, timetable, upcoming};

/// The schedule whose hour, minute, zone and on/off are settings of the shop.
pub const NIGHTLY_BATCH: &str = "nightly-batch";

/// A schedule as stored.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Schedule {
    /// Words of small letters and digits, joined by hyphens.
    pub name: String,
    /// Dotted name of a command.
    pub command: String,
    /// Its parameters, an object; `{today}` and `{yesterday}` stand for dates of the slot.
    pub parameters: Value,
    /// The tenant of every order.
    pub tenant_id: Option<Uuid>,
    /// One order for each active tenant.
    pub each_tenant: bool,
    /// Five fields; `None` only for [`NIGHTLY_BATCH`].
    pub cron: Option<String>,
    /// IANA name; `None`: the zone of the tenant, else of the shop.
    pub timezone: Option<String>,
    pub only_when: Option<Condition>,
    /// Means nothing for [`NIGHTLY_BATCH`]: `batch_enabled` does.
    pub is_enabled: bool,
    /// Slots until then do not fire.
    pub changed_at: Timestamp,
}

/// What must be so for a schedule to fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// The catalogue holds a card.
    Cards,
    /// Figures of the tenant may have been stale for a minute.
    DirtyDays,
}

impl Condition {
    /// As rows write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Condition::Cards => "cards",
            Condition::DirtyDays => "dirty_days",
        }
    }
}

impl std::str::FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Condition, String> {
        match text {
            "cards" => Ok(Condition::Cards),
            "dirty_days" => Ok(Condition::DirtyDays),
            _ => Err(format!("`{text}` is no condition: write cards or dirty_days")),
        }
    }
}
