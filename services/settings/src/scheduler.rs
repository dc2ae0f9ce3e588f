//! The scheduler.

use std::time::Duration;

use crate::{Reader, Variable, optional};

/// How often the scheduler looks, and how long things are kept.
#[derive(Clone, Debug)]
pub struct Scheduler {
    /// `SWEEP_SECONDS`: at most so long between two looks at the watch list.
    pub sweep: Duration,
    /// `RETENTION_DAYS`: days an ended command is kept.
    pub retention_days: i32,
}

const SWEEP_SECONDS: Variable = optional("SWEEP_SECONDS", "15");
const RETENTION_DAYS: Variable = optional("RETENTION_DAYS", "30");

pub(crate) const VARIABLES: &[Variable] = &[SWEEP_SECONDS, RETENTION_DAYS];

impl Scheduler {
    pub fn load(reader: &mut Reader<'_>) -> Scheduler {
        let sweep: u64 = reader.parsed(SWEEP_SECONDS, "a number of seconds");
        let retention_days = reader.parsed(RETENTION_DAYS, "a number of days");
        if retention_days < 1 {
            reader.problem(RETENTION_DAYS.name, "must be at least 1");
        }
        Scheduler { sweep: Duration::from_secs(sweep.max(1)), retention_days }
    }
}
