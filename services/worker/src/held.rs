//! The commands that this worker runs right now.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use commands::Progress;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Shared by the loops of one worker.
#[derive(Clone, Default)]
pub(crate) struct Held {
    runs: Arc<Mutex<HashMap<Uuid, Entry>>>,
    emptied: Arc<Notify>,
}

struct Entry {
    attempt: i32,
    cancelled: CancellationToken,
    /// Said by the run, and not yet written to its row.
    progress: Option<Progress>,
}

impl Held {
    pub(crate) fn insert(&self, id: Uuid, attempt: i32) -> CancellationToken {
        let cancelled = CancellationToken::new();
        let entry = Entry { attempt, cancelled: cancelled.clone(), progress: None };
        self.runs().insert(id, entry);
        cancelled
    }

    pub(crate) fn remove(&self, id: Uuid) {
        let mut runs = self.runs();
        runs.remove(&id);
        if runs.is_empty() {
            self.emptied.notify_waiters();
        }
    }

    pub(crate) fn cancel(&self, id: Uuid) {
        if let Some(entry) = self.runs().get(&id) {
            entry.cancelled.cancel();
        }
    }

    pub(crate) fn cancel_all(&self) {
        self.runs().values().for_each(|entry| entry.cancelled.cancel());
    }

    pub(crate) fn report(&self, id: Uuid, progress: Progress) {
        if let Some(entry) = self.runs().get_mut(&id) {
            entry.progress = Some(progress);
        }
    }

    /// Ids and attempts, for the heartbeat.
    pub(crate) fn all(&self) -> Vec<(Uuid, i32)> {
        self.runs().iter().map(|(id, entry)| (*id, entry.attempt)).collect()
    }

    /// Takes the progress that was said since the last call.
    pub(crate) fn take_progress(&self) -> Vec<(Uuid, i32, Progress)> {
        self.runs()
            .iter_mut()
            .filter_map(|(id, entry)| Some((*id, entry.attempt, entry.progress.take()?)))
            .collect()
    }

    /// Returns once nothing runs.
    pub(crate) async fn empty(&self) {
        loop {
            let emptied = self.emptied.notified();
            tokio::pin!(emptied);
            emptied.as_mut().enable();
            if self.runs().is_empty() {
                return;
            }
            emptied.await;
        }
    }

    fn runs(&self) -> MutexGuard<'_, HashMap<Uuid, Entry>> {
        // A run never panics while it holds the lock, and the map is whole after every step.
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn empty_waits_for_the_last_run() {
        let held = Held::default();
        held.empty().await;
        let (a, b) = (Uuid::now_v7(), Uuid::now_v7());
        held.insert(a, 1);
        held.insert(b, 1);
        let waiting = tokio::spawn({
            let held = held.clone();
            async move { held.empty().await }
        });
        held.remove(a);
        assert!(!waiting.is_finished());
        held.remove(b);
        waiting.await.unwrap();
    }

    #[test]
    fn progress_is_taken_once() {
        let held = Held::default();
        let id = Uuid::now_v7();
        held.insert(id, 3);
        held.report(id, Progress { done: 1, total: None, message: "one".into() });
        held.report(id, Progress { done: 2, total: None, message: "two".into() });
        let taken = held.take_progress();
        assert_eq!(taken.len(), 1);
        assert_eq!((taken[0].1, taken[0].2.done), (3, 2));
        assert!(held.take_progress().is_empty());
    }
}
