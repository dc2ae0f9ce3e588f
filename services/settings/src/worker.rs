//! Workers.

use std::time::Duration;

use crate::{Reader, Variable, optional};

/// How a worker works.
#[derive(Clone, Debug)]
pub struct Worker {
    /// `LEASE_SECONDS`: how long a command stays with a worker that has gone silent. Heartbeats
    /// come six times as often.
    pub lease: Duration,
    /// `WORKER_GRACE_SECONDS`: how long running commands may go on after SIGTERM.
    pub grace: Duration,
}

const LEASE_SECONDS: Variable = optional("LEASE_SECONDS", "60");
const GRACE_SECONDS: Variable = optional("WORKER_GRACE_SECONDS", "25");

pub(crate) const VARIABLES: &[Variable] = &[LEASE_SECONDS, GRACE_SECONDS];

impl Worker {
    pub fn load(reader: &mut Reader<'_>) -> Worker {
        let lease: u64 = reader.parsed(LEASE_SECONDS, "a number of seconds");
        if lease == 0 {
            reader.problem(LEASE_SECONDS.name, "must be at least 1");
        }
        let grace: u64 = reader.parsed(GRACE_SECONDS, "a number of seconds");
        Worker { lease: Duration::from_secs(lease), grace: Duration::from_secs(grace) }
    }
}
