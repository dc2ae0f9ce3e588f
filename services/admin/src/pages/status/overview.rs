//! What the status page knows, before it is put into words: read once for all who look.

use std::time::Instant;

use jiff::Timestamp;
use store::batches::{Progress, Run};
use store::command_states::{Ended, NameState};
use store::commands::CommandRow;
use store::lanes::Pause;
use store::outbox::Lag;
use store::quota::Usage;
use store::schedules::Upcoming;
use store::spend::Spent;
use store::tenants::TenantProfile;
use store::workers::Worker;

use crate::Queue;
use crate::site::Site;

/// Every part may be missing by itself: its panel says so, and the others stand.
pub(crate) struct Overview {
    /// Time of the simplest question to the database, in milliseconds.
    pub(super) database_ms: Option<f64>,
    /// Open, idle and wanted connections of this process.
    pub(super) pool: (usize, usize, usize),
    pub(super) broker: Result<Broker, String>,
    pub(super) outbox: Option<Lag>,
    pub(super) quota: Option<Quota>,
    pub(super) batch: Option<Batch>,
    pub(super) states: Option<Vec<NameState>>,
    pub(super) ended: Option<Vec<Ended>>,
    pub(super) runs: Option<Runs>,
    pub(super) workers: Option<Vec<Worker>>,
    pub(super) departures: Option<Vec<Upcoming>>,
    /// Lanes that people have stopped for a while.
    pub(super) pauses: Vec<Pause>,
}

/// What the broker says of itself.
pub(super) struct Broker {
    pub(super) answered_ms: f64,
    pub(super) queues: Vec<Queue>,
}

/// Today's calls.
pub(super) struct Quota {
    pub(super) usage: Usage,
    pub(super) opened_at: Option<Timestamp>,
    pub(super) curve: Vec<Spent>,
    /// Calls of the last batch that ended.
    pub(super) last_batch_calls: i64,
}

/// The batch that runs, or the last one.
pub(super) struct Batch {
    pub(super) run: Option<Run>,
    pub(super) progress: Option<Progress>,
}

/// What ended last.
pub(super) struct Runs {
    pub(super) commands: Vec<CommandRow>,
    pub(super) tenants: Vec<TenantProfile>,
}

/// Rows of `commands` that the counts look at.
const NEWEST: i64 = 10_000;
/// Minutes of the small curves.
pub(super) const MINUTES: i32 = 15;
/// Width of a step of the spend curve.
const CURVE_SECONDS: f64 = 300.0;
/// A worker that was silent for so long is gone.
const LIVING_SECONDS: f64 = 120.0;
/// Commands too small and too many for the list of the last runs.
const SMALL: &[&str] = &["cards.price", "cards.reprice", "diagnostics.ping", "diagnostics.wait"];
const N_RUNS: i64 = 6;
const N_DEPARTURES: usize = 6;

impl Overview {
    pub(crate) async fn read(site: &Site) -> Overview {
        let (broker, stored) = tokio::join!(ask_broker(site), Stored::read(site));
        let stored = stored.unwrap_or_else(|error| {
            tracing::warn!(%error, "the status could not be read");
            Stored::default()
        });
        Overview {
            database_ms: stored.database_ms,
            pool: site.store.pool_status(),
            broker,
            outbox: stored.outbox,
            quota: stored.quota,
            batch: stored.batch,
            states: stored.states,
            ended: stored.ended,
            runs: stored.runs,
            workers: stored.workers,
            departures: stored.departures,
            pauses: stored.pauses,
        }
    }
}

async fn ask_broker(site: &Site) -> Result<Broker, String> {
    let started = Instant::now();
    let asked = tokio::time::timeout(std::time::Duration::from_secs(2), (site.queues)()).await;
    let queues = asked.map_err(|_| "no answer within 2 s".to_owned())??;
    Ok(Broker { answered_ms: milliseconds(started), queues })
}

/// The parts that the database holds.
#[derive(Default)]
struct Stored {
    database_ms: Option<f64>,
    outbox: Option<Lag>,
    quota: Option<Quota>,
    batch: Option<Batch>,
    states: Option<Vec<NameState>>,
    ended: Option<Vec<Ended>>,
    runs: Option<Runs>,
    workers: Option<Vec<Worker>>,
    departures: Option<Vec<Upcoming>>,
    pauses: Vec<Pause>,
}

impl Stored {
    async fn read(site: &Site) -> store::Result<Stored> {
        let db = site.store.client().await?;
        let started = Instant::now();
        let workers = known(store::workers::living(&db, LIVING_SECONDS).await);
        Ok(Stored {
            database_ms: workers.is_some().then(|| milliseconds(started)),
            outbox: known(store::outbox::lag(&db).await),
            quota: known(quota(&db).await),
            batch: known(batch(&db).await),
            states: known(store::command_states::by_name(&db, NEWEST).await),
            ended: known(store::command_states::ended(&db, NEWEST, MINUTES).await),
            runs: known(runs(&db).await),
            workers,
            departures: known(store::schedules::upcoming(&db, N_DEPARTURES).await),
            pauses: known(store::lanes::pauses(&db).await)
                .map(|(pauses, _)| pauses)
                .unwrap_or_default(),
        })
    }
}

async fn quota(db: &store::Client) -> store::Result<Quota> {
    let usage = store::quota::current(db, commands::PROVIDER).await?;
    let date = usage.day.usage_date;
    let opened_at = store::spend::opened_at(db, commands::PROVIDER, date).await?;
    let curve = store::spend::curve(db, commands::PROVIDER, date, CURVE_SECONDS).await?;
    let last = store::batches::list(db, None, 5).await?;
    let last = last.iter().find(|run| run.finished_at.is_some() && run.set_id.is_none());
    let last_batch_calls = last.map_or(0, |run| i64::from(run.calls_spent));
    Ok(Quota { usage, opened_at, curve, last_batch_calls })
}

async fn batch(db: &store::Client) -> store::Result<Batch> {
    let running = store::batches::running(db).await?.pop();
    let run = match running {
        Some(run) => Some(run),
        None => store::batches::list(db, None, 1).await?.pop(),
    };
    let progress = match &run {
        Some(run) => store::batches::progress(db, run.id).await?,
        None => None,
    };
    Ok(Batch { run, progress })
}

async fn runs(db: &store::Client) -> store::Result<Runs> {
    let commands = store::command_states::last_ended(db, NEWEST, SMALL, N_RUNS).await?;
    let tenants = store::tenants::list(db, false).await?;
    Ok(Runs { commands, tenants })
}

fn known<T>(read: store::Result<T>) -> Option<T> {
    read.inspect_err(|error| tracing::warn!(%error, "a part of the status could not be read")).ok()
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}
