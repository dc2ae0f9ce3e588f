//! Starts the loops of the scheduler, and stops them.

use std::time::Duration;

use broker::Broker;
use store::{Store, prune::Retention};
use tokio_util::sync::CancellationToken;
use vital::{BrokenDown, Vital};

use crate::{burier, clock, pruner, relay, sweeper};

/// How the scheduler works.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// A command that is still open so long after it was accepted goes on the watch list, in case
    /// its message was lost.
    pub audit_after: Duration,
    pub retention: Retention,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            audit_after: Duration::from_mins(10),
            retention: Retention {
                commands_days: 30,
                idempotency_hours: 48,
                batches_days: 180,
                listings_days: 180,
                reservations_days: 30,
            },
        }
    }
}

/// Runs until `shutdown`.
///
/// # Errors
/// When a loop that all commands need has panicked; it has cancelled `shutdown` then.
pub async fn run(
    config: Config,
    store: Store,
    broker: Broker,
    shutdown: CancellationToken,
) -> Result<(), BrokenDown> {
    let vital = Vital::new(shutdown.clone());
    tracing::info!("scheduler started");
    tokio::join!(
        Box::pin(clock::run(store.clone(), shutdown.clone())),
        relay::run(store.clone(), broker.publisher(), &vital, shutdown.clone()),
        sweeper::run(store.clone(), config.audit_after, shutdown.clone()),
        burier::run(store.clone(), broker.dead_letters(burier::PREFETCH), shutdown.clone()),
        pruner::run(store, config.retention, shutdown),
    );
    tracing::info!("scheduler stopped");
    vital.verdict()
}
