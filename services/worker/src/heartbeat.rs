//! Keeps leases alive, hears of cancellations, and writes progress; on a connection of its own, so
//! that no amount of work can starve it.

use std::time::Duration;

use store::{
    Connection, Listener, Notice, Session, Store,
    lease::Lessor,
    workers::{self, Identity},
};
use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::{held::Held, retry::until_made};

/// Progress is written at most so often.
const PROGRESS: Duration = Duration::from_millis(500);

/// What the heartbeat needs.
pub(crate) struct Heartbeat {
    pub(crate) store: Store,
    pub(crate) identity: Identity,
    pub(crate) lease: Duration,
    pub(crate) held: Held,
    /// The last run has ended.
    pub(crate) stop: CancellationToken,
}

struct Link {
    lessor: Lessor,
    client: Connection,
}

impl Heartbeat {
    /// Beats until `stop`, then signs off.
    pub(crate) async fn run(self) {
        let mut cancellations = self.store.listen("cancel");
        let mut beat = interval(self.lease / 6);
        let mut progress = interval(PROGRESS);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        progress.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut link = None;
        loop {
            let due = tokio::select! {
                () = self.stop.cancelled() => break,
                _ = beat.tick() => Due::Beat,
                _ = progress.tick() => Due::Progress,
                () = cancellation(&mut cancellations, &self.held) => continue,
            };
            if link.is_none() {
                link = until_made("heartbeat", &self.stop, || self.connect()).await;
            }
            let Some(open) = &link else { break };
            let started = Instant::now();
            if let Err(error) = self.write(open, due).await {
                tracing::warn!(%error, elapsed = ?started.elapsed(), "heartbeat failed");
                link = None;
            }
        }
        if let Some(Link { client, .. }) = link {
            // A worker that cannot sign off is forgotten when its heartbeats stop.
            drop(workers::leave(&client, self.identity.id).await);
        }
    }

    async fn connect(&self) -> store::Result<Link> {
        let client = self.store.connect(Session::Relaxed).await?;
        let lease = self.store.connect(Session::Relaxed).await?;
        let lessor = Lessor::new(lease, self.identity.id, self.lease.as_secs_f64()).await?;
        Ok(Link { lessor, client })
    }

    async fn write(&self, link: &Link, due: Due) -> store::Result<()> {
        match due {
            Due::Beat => self.beat(link).await,
            Due::Progress => self.progress(link).await,
        }
    }

    async fn beat(&self, link: &Link) -> store::Result<()> {
        workers::beat(&link.client, &self.identity).await?;
        let held = self.held.all();
        if held.is_empty() {
            return Ok(());
        }
        let alive = link.lessor.beat(&held).await?;
        for (id, _) in held {
            match alive.iter().find(|beat| beat.id == id) {
                Some(beat) if !beat.cancel_requested => {}
                // Asked to stop, or leased by somebody else: either way its work is not wanted. A
                // run that ended meanwhile is no longer held, and does not hear this.
                _ => self.held.cancel(id),
            }
        }
        Ok(())
    }

    async fn progress(&self, link: &Link) -> store::Result<()> {
        let said = self.held.take_progress();
        if said.is_empty() {
            return Ok(());
        }
        let said: Vec<_> = said
            .into_iter()
            .map(|(id, attempt, progress)| (id, attempt, serde_json::json!(progress)))
            .collect();
        link.lessor.progress(&said).await
    }
}

#[derive(Clone, Copy)]
enum Due {
    Beat,
    Progress,
}

/// Waits for one cancellation and passes it on.
async fn cancellation(cancellations: &mut Listener, held: &Held) {
    // Missed ones come with the next heartbeat.
    if let Some(Notice::Payload(id)) = cancellations.next().await
        && let Ok(id) = id.parse()
    {
        held.cancel(id);
    }
}
