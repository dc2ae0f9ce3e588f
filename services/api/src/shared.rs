//! Reads that several requests want at the same time, done once for all of them.
//!
//! A request gets the outcome of a read that began after the request came, so that it never sees
//! less than it would have seen by reading for itself. Nothing is kept: without requests that
//! overlap, each reads for itself.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::problem::Problem;

/// `None`: what was asked for is not there.
type Outcome<V> = Result<Option<V>, Problem>;
type Waiting<K, I, V> = HashMap<K, Vec<Waiter<I, V>>>;

/// Who waits for which read. Clones share it.
///
/// Reads of one key `K` come one after the other; each is for all items `I` that somebody waits
/// for.
pub(crate) struct Shared<K, I, V> {
    waiting: Arc<Mutex<Waiting<K, I, V>>>,
}

/// One request.
struct Waiter<I, V> {
    item: I,
    sender: oneshot::Sender<Outcome<V>>,
}

impl<K, I, V> Default for Shared<K, I, V> {
    fn default() -> Self {
        Shared { waiting: Arc::default() }
    }
}

impl<K, I, V> Clone for Shared<K, I, V> {
    fn clone(&self) -> Self {
        Shared { waiting: Arc::clone(&self.waiting) }
    }
}

impl<K, I, V> Shared<K, I, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    I: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// The outcome for `item` of a `read` of `key` that begins from now on: by this request, or by
    /// one of those who wait for the same key.
    pub(crate) async fn get<F>(
        &self,
        key: K,
        item: I,
        read: impl Fn(K, Vec<I>) -> F + Send + 'static,
    ) -> Outcome<V>
    where
        F: Future<Output = Result<HashMap<I, V>, Problem>> + Send,
    {
        let (sender, outcome) = oneshot::channel();
        if self.join(&key, Waiter { item, sender }) {
            let shared = self.clone();
            // On a task of its own: the client that came first may leave first.
            tokio::spawn(async move { shared.serve(key, read).await });
        }
        // A read that panics takes its senders with it.
        outcome.await.unwrap_or(Err(Problem::Internal))
    }

    /// Waits with the others; true when there are none, so that somebody has to read.
    fn join(&self, key: &K, waiter: Waiter<I, V>) -> bool {
        let mut waiting = self.lock();
        if let Some(others) = waiting.get_mut(key) {
            others.push(waiter);
            return false;
        }
        waiting.insert(key.clone(), vec![waiter]);
        true
    }

    /// Reads until nobody waits any more.
    async fn serve<F>(&self, key: K, read: impl Fn(K, Vec<I>) -> F)
    where
        F: Future<Output = Result<HashMap<I, V>, Problem>> + Send,
    {
        let _last = Leave { shared: self, key: &key };
        while let Some(waiters) = self.next(&key) {
            let items: HashSet<I> = waiters.iter().map(|waiter| waiter.item.clone()).collect();
            let found = read(key.clone(), items.into_iter().collect()).await;
            for waiter in waiters {
                let outcome = match &found {
                    Ok(found) => Ok(found.get(&waiter.item).cloned()),
                    Err(problem) => Err(problem.clone()),
                };
                // A client that has left needs no word.
                waiter.sender.send(outcome).unwrap_or_default();
            }
        }
    }

    /// Those who wait now. Whoever comes later waits for the next read.
    fn next(&self, key: &K) -> Option<Vec<Waiter<I, V>>> {
        let mut waiting = self.lock();
        let waiters = std::mem::take(waiting.get_mut(key)?);
        if waiters.is_empty() {
            waiting.remove(key);
            return None;
        }
        Some(waiters)
    }
}

impl<K, I, V> Shared<K, I, V> {
    fn lock(&self) -> MutexGuard<'_, Waiting<K, I, V>> {
        // No code panics while it holds the lock.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets those go who wait for a read that panicked, and others read again.
struct Leave<'a, K: Eq + Hash, I, V> {
    shared: &'a Shared<K, I, V>,
    key: &'a K,
}

impl<K: Eq + Hash, I, V> Drop for Leave<'_, K, I, V> {
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

    async fn get(shared: &Shared<u8, u8, usize>, source: &Arc<Source>, item: u8) -> usize {
        let source = Arc::clone(source);
        let read = move |_, items: Vec<u8>| {
            let source = Arc::clone(&source);
            async move {
                let value = source.value.load(Ordering::SeqCst);
                source.n_reads.fetch_add(1, Ordering::SeqCst);
                source.permits.acquire().await.unwrap().forget();
                Ok(items.into_iter().map(|item| (item, value + 10 * usize::from(item))).collect())
            }
        };
        shared.get(7, item, read).await.unwrap().unwrap()
    }

    #[tokio::test]
    async fn one_read_serves_all_who_came_before_it() {
        let shared = Shared::default();
        let source = Arc::new(Source {
            value: AtomicUsize::new(1),
            n_reads: AtomicUsize::new(0),
            permits: Semaphore::new(0),
        });
        let first = get(&shared, &source, 0);
        tokio::pin!(first);
        assert!(futures::poll!(&mut first).is_pending());
        while source.n_reads.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        // The first read has seen 1. Whoever asks now must not be told so.
        source.value.store(2, Ordering::SeqCst);
        let later = join_all((0..50).map(|n| get(&shared, &source, n % 3)));
        tokio::pin!(later);
        assert!(futures::poll!(&mut later).is_pending());
        source.permits.add_permits(2);
        assert_eq!(first.await, 1);
        let wanted: Vec<usize> = (0..50).map(|n| 2 + 10 * (n % 3)).collect();
        assert_eq!(later.await, wanted);
        assert_eq!(source.n_reads.load(Ordering::SeqCst), 2);
        while !shared.lock().is_empty() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_read_that_panics_fails_those_who_wait_and_no_others() {
        let shared: Shared<u8, u8, usize> = Shared::default();
        let broken = shared.get(7, 1, |_, _| async { panic!("on purpose") }).await;
        assert_eq!(broken, Err(Problem::Internal));
        let found = |_, _| async { Ok(HashMap::from([(1, 3)])) };
        assert_eq!(shared.get(7, 1, found).await, Ok(Some(3)));
        assert_eq!(shared.get(7, 2, found).await, Ok(None), "what is not there is no error");
    }
}
