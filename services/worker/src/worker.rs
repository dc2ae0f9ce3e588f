//! Starts the loops of a worker, and stops them in order.

use std::{sync::Arc, time::Duration};

use broker::{Broker, Consumer};
use commands::{Callbacks, Folders, Lane, Market};
use store::{
    Store,
    record::{End, Run},
    workers::Identity,
};
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;
use vital::{BrokenDown, Vital};

use crate::{
    batch::Batches,
    consume::{Delivered, LaneLoop},
    gate::Gate,
    heartbeat::Heartbeat,
    held::Held,
    leaser::{self, Leaser},
    recorder::{self, Recorder, Settled},
    run::Runner,
};

/// How a worker works.
#[derive(Clone)]
pub struct Config {
    /// Names this process in leases and reservations.
    pub id: Uuid,
    pub lanes: Vec<Lane>,
    /// How long a command stays with a worker that has gone silent.
    pub lease: Duration,
    /// How long running commands may go on after the stop was asked for.
    pub grace: Duration,
    pub folders: Folders,
    pub market: Arc<Market>,
    pub callbacks: Arc<Callbacks>,
    pub host: String,
    pub version: &'static str,
}

/// How long the last records and acknowledgements may take once nothing runs any more.
const FAREWELL: Duration = Duration::from_secs(3);

/// Runs commands until `shutdown`; then takes nothing new, lets running commands end within the
/// grace period, and gives back those that do not, without counting the attempt.
///
/// # Errors
/// When a loop that all commands need has panicked; what ran is given back then, too.
pub async fn run(
    config: Config,
    store: Store,
    broker: Broker,
    shutdown: CancellationToken,
) -> Result<(), BrokenDown> {
    let vital = Vital::new(shutdown.clone());
    let identity = identity(&config);
    let held = Held::default();
    let idle = CancellationToken::new();
    let give_up = CancellationToken::new();
    let (to_recorder, settled) = mpsc::channel(recorder::MAX_BATCH * 2);
    let runner = Arc::new(runner(&config, &store, &held));
    count_from_zero();

    let heartbeat = Heartbeat {
        store: store.clone(),
        identity: identity.clone(),
        lease: config.lease,
        held: held.clone(),
        stop: idle.clone(),
    };
    let heartbeat = vital.spawn("heartbeat", heartbeat.run());
    let recorder = Recorder {
        store: store.clone(),
        token: identity.id,
        worker: identity.host.clone(),
        give_up: give_up.clone(),
    };
    let settled = Batches::new(settled, recorder::MAX_BATCH);
    let recorder = vital.spawn("recorder", recorder.run(settled));
    let gate = Gate::start(store.clone(), shutdown.clone());
    let (consumers, delivered) = start_lanes(&config.lanes, &broker, &gate, &vital, &shutdown);
    let leaser = Leaser {
        store,
        token: identity.id,
        lease_seconds: config.lease.as_secs_f64(),
        runner: Arc::clone(&runner),
        recorder: to_recorder.clone(),
        stop: shutdown.clone(),
    };
    let delivered = Batches::new(delivered, leaser::MAX_BATCH);
    let leaser = vital.spawn("leaser", leaser.run(delivered));
    tracing::info!(worker.id = %identity.id, lanes = ?identity.lanes, "worker started");

    shutdown.cancelled().await;
    drop(leaser.await);
    let consumers = futures::future::join_all(consumers).await;
    finish(&runner, to_recorder, config.grace).await;
    idle.cancel();
    if tokio::time::timeout(FAREWELL, recorder).await.is_err() {
        give_up.cancel();
    }
    drop(tokio::time::timeout(FAREWELL, heartbeat).await);
    drop(consumers);
    tracing::info!(worker.id = %identity.id, "worker stopped");
    vital.verdict()
}

fn runner(config: &Config, store: &Store, held: &Held) -> Runner {
    Runner {
        store: store.clone(),
        folders: Arc::new(config.folders.clone()),
        market: Arc::clone(&config.market),
        callbacks: Arc::clone(&config.callbacks),
        held: held.clone(),
        tasks: TaskTracker::new(),
    }
}

/// So that nobody takes counters for missing until something happens.
fn count_from_zero() {
    metrics::counter!("inbox_duplicates_total").increment(0);
    metrics::counter!("leases_lost_total").increment(0);
}

fn start_lanes(
    lanes: &[Lane],
    broker: &Broker,
    gate: &Gate,
    vital: &Vital,
    shutdown: &CancellationToken,
) -> (Vec<JoinHandle<Option<Consumer>>>, mpsc::Receiver<Delivered>) {
    let (to_leaser, delivered) = mpsc::channel(leaser::MAX_BATCH * 2);
    let consumers = lanes
        .iter()
        .map(|lane| {
            let lane = LaneLoop {
                lane: *lane,
                broker: broker.clone(),
                leaser: to_leaser.clone(),
                gate: gate.clone(),
                stop: shutdown.clone(),
            };
            vital.spawn("consumer", lane.run())
        })
        .collect();
    (consumers, delivered)
}

/// Waits for the running commands; releases what is left when the grace period is over.
async fn finish(runner: &Runner, recorder: mpsc::Sender<Settled>, grace: Duration) {
    if tokio::time::timeout(grace, runner.held.empty()).await.is_err() {
        let left = runner.held.all();
        tracing::warn!(left = left.len(), "the grace period is over: releasing what still runs");
        for (id, attempt) in left {
            // Recorded before the run hears that it should stop, so that its own end comes too late
            // to count. Its ticket stays unacknowledged and the message comes again: a duplicate.
            let run = Some(Run { id, attempt, end: End::Released });
            drop(recorder.send(Settled { run, tickets: Vec::new() }).await);
        }
        runner.held.cancel_all();
    }
    drop(recorder);
    runner.tasks.close();
    drop(tokio::time::timeout(FAREWELL, runner.tasks.wait()).await);
}

fn identity(config: &Config) -> Identity {
    let slots = config.lanes.iter().map(|lane| i32::from(lane.slots)).sum();
    Identity {
        id: config.id,
        host: config.host.clone(),
        version: config.version,
        lanes: config.lanes.iter().map(|lane| lane.name.to_owned()).collect(),
        slots,
    }
}
