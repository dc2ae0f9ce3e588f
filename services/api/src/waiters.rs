//! Clients that wait for the end of their command.
//!
//! One listener hears of ends, for all waiters of this process; their rows are read together. A
//! slow round over all waiters catches what no notice tells of: notices that were missed while the
//! connection was down, and commands that were accepted before somebody waited for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use store::commands::CommandRow;
use store::{Notice, Store};
use tokio::sync::oneshot;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;
use vital::Vital;

/// Channel of the notices.
const CHANNEL: &str = "done";
/// Pause between two rounds over all waiters.
const ROUND: Duration = Duration::from_secs(1);
/// Rows read by one statement.
const PAGE: usize = 1000;

/// Who waits for what.
#[derive(Clone, Default)]
pub(crate) struct Waiters {
    waiting: Arc<Mutex<HashMap<Uuid, Vec<oneshot::Sender<CommandRow>>>>>,
}

/// One client's wait; dropped, it leaves nothing behind.
pub(crate) struct Waiter {
    id: Uuid,
    waiters: Waiters,
    ended: oneshot::Receiver<CommandRow>,
}

impl Waiters {
    /// Starts to hear of ends, until the value is dropped everywhere.
    pub(crate) fn start(store: &Store, vital: &Vital) -> Waiters {
        let waiters = Waiters::default();
        vital.spawn("listener for ended commands", hear(store.clone(), waiters.clone()));
        waiters
    }

    /// Registers a wait. It must be made before the command can end.
    pub(crate) fn register(&self, id: Uuid) -> Waiter {
        let (sender, ended) = oneshot::channel();
        self.lock().entry(id).or_default().push(sender);
        Waiter { id, waiters: self.clone(), ended }
    }

    fn ids(&self) -> Vec<Uuid> {
        self.lock().keys().copied().collect()
    }

    fn awaited(&self, payload: &str) -> Vec<Uuid> {
        let waiting = self.lock();
        let ids = payload.split(',').filter_map(|id| id.parse().ok());
        ids.filter(|id| waiting.contains_key(id)).collect()
    }

    fn tell(&self, command: &CommandRow) {
        for waiter in self.lock().remove(&command.id).unwrap_or_default() {
            // A client that has left needs no word.
            waiter.send(command.clone()).unwrap_or_default();
        }
    }

    fn forget_closed(&self, id: Uuid) {
        let mut waiting = self.lock();
        if let Some(senders) = waiting.get_mut(&id) {
            senders.retain(|sender| !sender.is_closed());
            if senders.is_empty() {
                waiting.remove(&id);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Vec<oneshot::Sender<CommandRow>>>> {
        // No code panics while it holds the lock.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiter {
    /// The command once it has ended, or nothing when `wait` is over first.
    pub(crate) async fn end(mut self, wait: Duration) -> Option<CommandRow> {
        tokio::time::timeout(wait, &mut self.ended).await.ok()?.ok()
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.ended.close();
        self.waiters.forget_closed(self.id);
    }
}

async fn hear(store: Store, waiters: Waiters) {
    let mut listener = store.listen(CHANNEL);
    let mut round = tokio::time::interval(ROUND);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let mut ended = tokio::select! {
            notice = listener.next() => match notice {
                Some(Notice::Payload(payload)) => waiters.awaited(&payload),
                Some(Notice::Connected) => waiters.ids(),
                None => return,
            },
            _ = round.tick() => waiters.ids(),
        };
        while let Some(Some(Notice::Payload(payload))) = listener.next().now_or_never() {
            ended.extend(waiters.awaited(&payload));
        }
        for page in ended.chunks(PAGE) {
            if let Err(error) = look_up(&store, &waiters, page).await {
                tracing::warn!(%error, "results of awaited commands could not be read");
            }
        }
    }
}

async fn look_up(store: &Store, waiters: &Waiters, ids: &[Uuid]) -> store::Result<()> {
    let client = store.client().await?;
    let commands = store::commands::get_many(&client, ids).await?;
    commands.iter().filter(|command| has_ended(command)).for_each(|command| waiters.tell(command));
    Ok(())
}

/// Whether nothing will happen to the command any more by itself.
pub(crate) fn has_ended(command: &CommandRow) -> bool {
    matches!(command.status.as_str(), "succeeded" | "cancelled" | "dead")
}
