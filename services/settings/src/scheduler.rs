//! The scheduler.

use crate::{Reader, Variable, optional};

/// How long things are kept.
#[derive(Clone, Debug)]
pub struct Scheduler {
    /// `RETENTION_DAYS`: days an ended command is kept.
    pub retention_days: i32,
}

const RETENTION_DAYS: Variable = optional("RETENTION_DAYS", "30");

pub(crate) const VARIABLES: &[Variable] = &[RETENTION_DAYS];

impl Scheduler {
    pub fn load(reader: &mut Reader<'_>) -> Scheduler {
        let retention_days = reader.parsed(RETENTION_DAYS, "a number of days");
        if retention_days < 1 {
            reader.problem(RETENTION_DAYS.name, "must be at least 1");
        }
        Scheduler { retention_days }
    }
}
