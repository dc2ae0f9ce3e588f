//! Which lanes are paused, as this worker knows it.

use std::collections::BTreeSet;
use std::time::Duration;

use store::{Store, lanes};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// A notification can be missed, so the pauses are also read so often.
const POLL: Duration = Duration::from_secs(2);

/// The paused lanes; `None` until they are known, and nothing is taken so long.
type Paused = Option<BTreeSet<String>>;

/// Tells lanes when to stop and to go on.
#[derive(Clone)]
pub(crate) struct Gate(watch::Receiver<Paused>);

impl Gate {
    /// Keeps a gate up to date until `stop`.
    pub(crate) fn start(store: Store, stop: CancellationToken) -> Gate {
        let (sender, receiver) = watch::channel(None);
        tokio::spawn(watch_pauses(store, sender, stop));
        Gate(receiver)
    }

    /// Returns once the lane may be worked on.
    pub(crate) async fn opened(&mut self, lane: &str) {
        self.until(|paused| paused.as_ref().is_some_and(|paused| !paused.contains(lane))).await;
    }

    /// Returns once the lane is paused.
    pub(crate) async fn closed(&mut self, lane: &str) {
        self.until(|paused| paused.as_ref().is_some_and(|paused| paused.contains(lane))).await;
    }

    async fn until(&mut self, wanted: impl FnMut(&Paused) -> bool) {
        if self.0.wait_for(wanted).await.is_err() {
            // The worker stops, which every lane hears by itself.
            std::future::pending::<()>().await;
        }
    }
}

async fn watch_pauses(store: Store, sender: watch::Sender<Paused>, stop: CancellationToken) {
    let mut notices = store.listen("lanes");
    loop {
        let wait = match read(&store, &sender).await {
            Ok(wait) => wait,
            Err(error) => {
                // What was known last holds.
                tracing::warn!(%error, "the pauses of lanes cannot be read: will try again");
                POLL
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
            _ = notices.next() => notices.drain(),
        }
    }
}

/// Reads the pauses, and returns when to look again: when the first of them ends, at the latest.
async fn read(store: &Store, sender: &watch::Sender<Paused>) -> store::Result<Duration> {
    let client = store.client().await?;
    let (pauses, now) = lanes::pauses(&client).await?;
    let ends = pauses.iter().filter_map(|pause| pause.resume_at);
    let wait = ends.min().and_then(|end| Duration::try_from(end.duration_since(now)).ok());
    let closed = Some(pauses.into_iter().map(|pause| pause.lane).collect());
    sender.send_if_modified(|known| {
        let is_new = *known != closed;
        if is_new {
            *known = closed;
        }
        is_new
    });
    Ok(wait.map_or(POLL, |wait| wait.min(POLL)))
}
