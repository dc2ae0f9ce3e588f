//! Brings back what is due: retries, postponed commands, lost leases, lost messages; and lets
//! reservations of dead workers lapse.

use std::time::Duration;

use jiff::Timestamp;
use store::{Store, commands::smallest_id, due, outbox, quota};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// How often the watch list is looked at; an index makes an empty look free.
const SWEEP: Duration = Duration::from_secs(1);
/// How often commands that have grown old are audited.
const AUDIT: Duration = Duration::from_secs(15);
/// Commands queued again in one statement.
const SWEEP_LIMIT: i64 = 1_000;
/// Commands audited in one statement.
const AUDIT_LIMIT: i64 = 50_000;

/// Sweeps until `shutdown`.
pub(crate) async fn run(store: Store, audit_after: Duration, shutdown: CancellationToken) {
    let mut ticks = interval(SWEEP);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut next_audit = Instant::now();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let audit_due = Instant::now() >= next_audit;
        if audit_due {
            next_audit += AUDIT.min(audit_after);
        }
        if let Err(error) = look(&store, audit_due.then_some(audit_after)).await {
            tracing::warn!(%error, "sweep failed: will try again");
        }
    }
}

async fn look(store: &Store, audit_after: Option<Duration>) -> store::Result<()> {
    let client = store.client().await?;
    if let Some(age) = audit_after {
        audit(&client, age).await?;
        expire(&client).await?;
    }
    loop {
        let queued = due::sweep(&client, SWEEP_LIMIT).await?;
        if queued > 0 {
            tracing::info!(queued, "commands queued again");
        }
        if queued < SWEEP_LIMIT {
            break;
        }
    }
    let lag = outbox::lag(&client).await?;
    #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
    metrics::gauge!("outbox_pending").set(lag.entries as f64);
    metrics::gauge!("outbox_oldest_seconds").set(lag.oldest_seconds);
    Ok(())
}

/// Calls that a dead worker held count as made.
async fn expire(client: &store::Client) -> store::Result<()> {
    let spent = quota::expire(client).await?;
    if spent > 0 {
        tracing::warn!(spent, "reserved calls were not settled in time and count as made");
    }
    Ok(())
}

async fn audit(client: &store::Client, age: Duration) -> store::Result<()> {
    loop {
        let until = smallest_id(Timestamp::now() - age);
        let (read, listed) = due::audit(client, until, AUDIT_LIMIT).await?;
        if listed > 0 {
            tracing::warn!(listed, "commands are still open: watching them");
        }
        if read < AUDIT_LIMIT {
            return Ok(());
        }
    }
}
