//! Reads that several requests want at the same time, done once for all of them.
//!
//! A request gets the outcome of a read that began after the request came, so that it never sees
//! less than it would have seen by reading for itself. Nothing is kept: without requests that
//! overlap, each reads for itself.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::problem::Problem;

type Outcome<V> = Result<V, Problem>;
type Waiting<K, V> = HashMap<K, Vec<oneshot::Sender<Outcome<V>>>>;

/// Who waits for which read. Clones share it.
pub(crate) struct Shared<K, V> {
    waiting: Arc<Mutex<Waiting<K, V>>>,
}

impl<K, V> Default for Shared<K, V> {
    fn default() -> Self {
        Shared { waiting: Arc::default() }
    }
}

impl<K, V> Clone for Shared<K, V> {
    fn clone(&self) -> Self {
        Shared { waiting: Arc::clone(&self.waiting) }
    }
}

impl<K, V> Shared<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + 'static,
{
    /// The outcome of a `read` of `key` that begins from now on: by this request, or by one of
    /// those who wait for the same.
    pub(crate) async fn get<F>(&self, key: K, read: impl Fn(K) -> F + Send + 'static) -> Outcome<V>
    where
        F: Future<Output = Outcome<V>> + Send,
    {
        let (sender, outcome) = oneshot::channel();
        if self.join(&key, sender) {
            let shared = self.clone();
            // On a task of its own: the client that came first may leave first.
            tokio::spawn(async move { shared.serve(key, read).await });
        }
        // A read that panics takes its senders with it.
        outcome.await.unwrap_or(Err(Problem::Internal))
    }

    /// Waits with the others; true when there are none, so that somebody has to read.
    fn join(&self, key: &K, sender: oneshot::Sender<Outcome<V>>) -> bool {
        let mut waiting = self.lock();
        if let Some(others) = waiting.get_mut(key) {
            others.push(sender);
            return false;
        }
        waiting.insert(key.clone(), vec![sender]);
        true
    }

    /// Reads until nobody waits any more.
    async fn serve<F>(&self, key: K, read: impl Fn(K) -> F)
    where
        F: Future<Output = Outcome<V>> + Send,
    {
        let _last = Leave { shared: self, key: &key };
        while let Some(waiters) = self.next(&key) {
            let outcome = read(key.clone()).await;
            for waiter in waiters {
                // A client that has left needs no word.
                waiter.send(outcome.clone()).unwrap_or_default();
            }
        }
    }

    /// Those who wait now. Whoever comes later waits for the next read.
    fn next(&self, key: &K) -> Option<Vec<oneshot::Sender<Outcome<V>>>> {
        let mut waiting = self.lock();
        let waiters = std::mem::take(waiting.get_mut(key)?);
        if waiters.is_empty() {
            waiting.remove(key);
            return None;
        }
        Some(waiters)
    }
}

impl<K, V> Shared<K, V> {
    fn lock(&self) -> MutexGuard<'_, Waiting<K, V>> {
        // No code panics while it holds the lock.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets those go who wait for a read that panicked, and others read again.
struct Leave<'a, K: Eq + Hash, V> {
    shared: &'a Shared<K, V>,
    key: &'a K,
}

impl<K: Eq + Hash, V> Drop for Leave<'_, K, V> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.shared.lock().remove(self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::join_all;
    use tokio::sync::Semaphore;

    use super::*;

    /// A value that changes, and counts how often it is read. Each read waits for a permit.
    struct Source {
        value: AtomicUsize,
        n_reads: AtomicUsize,
        permits: Semaphore,
    }

    async fn get(shared: &Shared<u8, usize>, source: &Arc<Source>) -> usize {
        let source = Arc::clone(source);
        let read = move |_| {
            let source = Arc::clone(&source);
            async move {
                let value = source.value.load(Ordering::SeqCst);
                source.n_reads.fetch_add(1, Ordering::SeqCst);
                source.permits.acquire().await.unwrap().forget();
                Ok(value)
            }
        };
        shared.get(7, read).await.unwrap()
    }

    #[tokio::test]
    async fn one_read_serves_all_who_came_before_it() {
        let shared = Shared::default();
        let source = Arc::new(Source {
            value: AtomicUsize::new(1),
            n_reads: AtomicUsize::new(0),
            permits: Semaphore::new(0),
        });
        let first = get(&shared, &source);
        tokio::pin!(first);
        assert!(futures::poll!(&mut first).is_pending());
        while source.n_reads.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        // The first read has seen 1. Whoever asks now must not be told so.
        source.value.store(2, Ordering::SeqCst);
        let later = join_all((0..50).map(|_| get(&shared, &source)));
        tokio::pin!(later);
        assert!(futures::poll!(&mut later).is_pending());
        source.permits.add_permits(2);
        assert_eq!(first.await, 1);
        assert_eq!(later.await, vec![2; 50]);
        assert_eq!(source.n_reads.load(Ordering::SeqCst), 2);
        while !shared.lock().is_empty() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_read_that_panics_fails_those_who_wait_and_no_others() {
        let shared: Shared<u8, usize> = Shared::default();
        let broken = shared.get(7, |_| async { panic!("on purpose") }).await;
        assert_eq!(broken, Err(Problem::Internal));
        assert_eq!(shared.get(7, |_| async { Ok(3) }).await, Ok(3));
    }
}
