//! Reads that several requests want at the same time, done once for all of them.
//!
//! A request gets the outcome of a read that began after the request came, so that it never sees
//! less than it would have seen by reading for itself. Only when many want something of one key,
//! what a read found also serves those who come within [`KEEP`] of its begin: at that rate the
//! database would otherwise say the same thing some hundred times before anybody can tell the
//! difference.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use crate::problem::Problem;

/// So many who asked from one read to the next say that as many more are about to come.
const BUSY: usize = 8;
/// How long what a read found for so many serves others: about what a network is late by anyway.
const KEEP: Duration = Duration::from_millis(20);

/// `None`: what was asked for is not there.
type Outcome<V> = Result<Option<V>, Problem>;
/// What a read found of all that it was asked for.
type Found<I, V> = HashMap<I, Option<V>>;

/// Who waits for which read. Clones share it.
///
/// Reads of one key `K` come one after the other; each is for all items `I` that somebody waits
/// for.
pub(crate) struct Shared<K, I, V> {
    lines: Arc<Mutex<HashMap<K, Line<I, V>>>>,
}

/// Those who want something of one key, for as long as there are any.
struct Line<I, V> {
    waiters: Vec<Waiter<I, V>>,
    /// Since the last read began.
    n_asked: usize,
    /// What they asked for since what is kept was read.
    asked: HashSet<I>,
    kept: Found<I, V>,
    /// All of it together.
    kept_until: Instant,
    /// Somebody waits.
    called: Arc<Notify>,
}

/// One request.
struct Waiter<I, V> {
    item: I,
    sender: oneshot::Sender<Outcome<V>>,
}

/// What the next read is for.
struct Round<I, V> {
    items: HashSet<I>,
    waiters: Vec<Waiter<I, V>>,
    /// How long others are served by it, where many asked.
    keep_until: Option<Instant>,
}

impl<K, I, V> Default for Shared<K, I, V> {
    fn default() -> Self {
        Shared { lines: Arc::default() }
    }
}

impl<K, I, V> Clone for Shared<K, I, V> {
    fn clone(&self) -> Self {
        Shared { lines: Arc::clone(&self.lines) }
    }
}

impl<K, I, V> Shared<K, I, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    I: Clone + Eq + Hash + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// The outcome for `item` of a `read` of `key`: by this request, or by one of those who want
    /// the same key.
    pub(crate) async fn get<F>(
        &self,
        key: K,
        item: I,
        read: impl Fn(K, Vec<I>) -> F + Send + 'static,
    ) -> Outcome<V>
    where
        F: Future<Output = Result<HashMap<I, V>, Problem>> + Send,
    {
        let outcome = match self.join(&key, item) {
            Place::Served(found) => return Ok(found),
            Place::Behind(outcome) => outcome,
            Place::First(outcome) => {
                let shared = self.clone();
                // On a task of its own: the client that came first may leave first.
                tokio::spawn(async move { shared.serve(key, read).await });
                outcome
            }
        };
        // A read that panics takes its senders with it.
        outcome.await.unwrap_or(Err(Problem::Internal))
    }

    /// Takes what is kept, or waits with the others.
    fn join(&self, key: &K, item: I) -> Place<V> {
        let mut lines = self.lock();
        let Some(line) = lines.get_mut(key) else {
            return Place::First(lines.entry(key.clone()).or_default().wait(item));
        };
        let Some(served) = line.serve(&item) else { return Place::Behind(line.wait(item)) };
        line.note(item);
        served
    }

    /// Reads until nobody waits any more, and nothing is kept.
    async fn serve<F>(&self, key: K, read: impl Fn(K, Vec<I>) -> F)
    where
        F: Future<Output = Result<HashMap<I, V>, Problem>> + Send,
    {
        let _last = Leave { shared: self, key: &key };
        while let Some(Round { items, waiters, keep_until }) = self.next(&key).await {
            let found = read(key.clone(), items.iter().cloned().collect()).await;
            let found = found.map(|found| among(items, found));
            answer(waiters, &found);
            if let (Ok(found), Some(until)) = (found, keep_until) {
                let others = self.keep(&key, &found, until);
                answer(others, &Ok(found));
            }
        }
    }

    /// Those who wait now, or while something is kept. Whoever comes later waits for the next read.
    async fn next(&self, key: &K) -> Option<Round<I, V>> {
        loop {
            let (called, until) = {
                let mut lines = self.lock();
                let line = lines.get_mut(key)?;
                if !line.waiters.is_empty() {
                    return Some(line.round());
                }
                if line.is_stale() {
                    lines.remove(key);
                    return None;
                }
                (Arc::clone(&line.called), line.kept_until)
            };
            tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                () = called.notified() => {}
            }
        }
    }

    /// Those who came during the read and are served by it too. After a slow one these are none.
    fn keep(&self, key: &K, found: &Found<I, V>, until: Instant) -> Vec<Waiter<I, V>> {
        if Instant::now() >= until {
            return Vec::new();
        }
        let mut lines = self.lock();
        let Some(line) = lines.get_mut(key) else { return Vec::new() };
        if line.is_stale() {
            line.kept.clear();
            line.kept_until = until;
        }
        line.kept.extend(found.iter().map(|(item, found)| (item.clone(), found.clone())));
        let waiters = std::mem::take(&mut line.waiters).into_iter();
        let (served, others) = waiters.partition(|waiter| found.contains_key(&waiter.item));
        line.waiters = others;
        served
    }
}

/// Where a request stands.
enum Place<V> {
    Served(Option<V>),
    /// Somebody reads, or will.
    Behind(oneshot::Receiver<Outcome<V>>),
    /// Nobody does.
    First(oneshot::Receiver<Outcome<V>>),
}

impl<I, V> Default for Line<I, V> {
    fn default() -> Self {
        Line {
            waiters: Vec::new(),
            n_asked: 0,
            asked: HashSet::new(),
            kept: HashMap::new(),
            kept_until: Instant::now(),
            called: Arc::default(),
        }
    }
}

impl<I: Clone + Eq + Hash, V: Clone> Line<I, V> {
    /// `None` when this cannot be told from what is kept.
    fn serve(&self, item: &I) -> Option<Place<V>> {
        let found = self.kept.get(item)?;
        (!self.is_stale()).then(|| Place::Served(found.clone()))
    }

    fn is_stale(&self) -> bool {
        Instant::now() >= self.kept_until
    }

    fn note(&mut self, item: I) {
        self.n_asked += 1;
        self.asked.insert(item);
    }

    fn wait(&mut self, item: I) -> oneshot::Receiver<Outcome<V>> {
        let (sender, outcome) = oneshot::channel();
        self.note(item.clone());
        self.waiters.push(Waiter { item, sender });
        self.called.notify_one();
        outcome
    }

    /// While many ask, what all of them asked for is read again at once, and not by turns.
    fn round(&mut self) -> Round<I, V> {
        let waiters = std::mem::take(&mut self.waiters);
        let mut items: HashSet<I> = waiters.iter().map(|waiter| waiter.item.clone()).collect();
        let is_busy = std::mem::take(&mut self.n_asked) >= BUSY;
        if self.is_stale() {
            let asked = std::mem::take(&mut self.asked);
            items.extend(asked.into_iter().filter(|_| is_busy));
        }
        Round { items, waiters, keep_until: is_busy.then(|| Instant::now() + KEEP) }
    }
}

/// What was found of each of `items`.
fn among<I: Eq + Hash, V>(items: HashSet<I>, mut found: HashMap<I, V>) -> Found<I, V> {
    let find = |item| {
        let value = found.remove(&item);
        (item, value)
    };
    items.into_iter().map(find).collect()
}

fn answer<I: Eq + Hash, V: Clone>(
    waiters: Vec<Waiter<I, V>>,
    found: &Result<Found<I, V>, Problem>,
) {
    for waiter in waiters {
        let outcome = match found {
            Ok(found) => Ok(found.get(&waiter.item).cloned().flatten()),
            Err(problem) => Err(problem.clone()),
        };
        // A client that has left needs no word.
        waiter.sender.send(outcome).unwrap_or_default();
    }
}

impl<K, I, V> Shared<K, I, V> {
    fn lock(&self) -> MutexGuard<'_, HashMap<K, Line<I, V>>> {
        // No code panics while it holds the lock.
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
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

    fn source() -> Arc<Source> {
        let (value, n_reads) = (AtomicUsize::new(1), AtomicUsize::new(0));
        Arc::new(Source { value, n_reads, permits: Semaphore::new(0) })
    }

    fn n_reads(source: &Source) -> usize {
        source.n_reads.load(Ordering::SeqCst)
    }

    /// One request reads, and sees 1; then `n_requests` come that must not be told so.
    async fn rush(shared: &Shared<u8, u8, usize>, source: &Arc<Source>, n_requests: u8) {
        let first = get(shared, source, 0);
        tokio::pin!(first);
        assert!(futures::poll!(&mut first).is_pending());
        while n_reads(source) == 0 {
            tokio::task::yield_now().await;
        }
        source.value.store(2, Ordering::SeqCst);
        let later = join_all((0..n_requests).map(|n| get(shared, source, n % 3)));
        tokio::pin!(later);
        assert!(futures::poll!(&mut later).is_pending());
        source.permits.add_permits(2);
        assert_eq!(first.await, 1);
        let wanted: Vec<usize> = (0..n_requests).map(|n| 2 + 10 * usize::from(n % 3)).collect();
        assert_eq!(later.await, wanted);
        assert_eq!(n_reads(source), 2);
        source.value.store(3, Ordering::SeqCst);
        source.permits.add_permits(9);
    }

    #[tokio::test(start_paused = true)]
    async fn one_read_serves_all_who_came_before_it() {
        let (shared, source) = (Shared::default(), source());
        rush(&shared, &source, 7).await;
        assert_eq!(get(&shared, &source, 0).await, 3, "few waited: nothing is kept");
        tokio::time::sleep(KEEP).await;
        assert!(shared.lock().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn what_many_waited_for_serves_those_who_come_at_once() {
        let (shared, source) = (Shared::default(), source());
        rush(&shared, &source, 50).await;
        assert_eq!(get(&shared, &source, 2).await, 22);
        assert_eq!(n_reads(&source), 2, "that was kept");
        tokio::time::advance(KEEP).await;
        assert_eq!(get(&shared, &source, 2).await, 23);
        assert_eq!(n_reads(&source), 3);
        tokio::time::sleep(KEEP).await;
        assert!(shared.lock().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_not_read_is_read_at_once() {
        let (shared, source) = (Shared::default(), source());
        rush(&shared, &source, 50).await;
        let asked = Instant::now();
        assert_eq!(get(&shared, &source, 7).await, 73);
        assert_eq!(asked.elapsed(), Duration::ZERO);
        assert_eq!(get(&shared, &source, 0).await, 2, "what was kept still is");
        assert_eq!(get(&shared, &source, 7).await, 73);
        assert_eq!(n_reads(&source), 4, "one request more does not make many");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_read_serves_nobody_who_came_during_it() {
        let (shared, source) = (Shared::default(), source());
        let before = join_all((0..50).map(|_| get(&shared, &source, 0)));
        tokio::pin!(before);
        assert!(futures::poll!(&mut before).is_pending());
        while n_reads(&source) == 0 {
            tokio::task::yield_now().await;
        }
        source.value.store(2, Ordering::SeqCst);
        let during = get(&shared, &source, 0);
        tokio::pin!(during);
        assert!(futures::poll!(&mut during).is_pending());
        tokio::time::advance(KEEP).await;
        source.permits.add_permits(9);
        assert!(before.await.iter().all(|seen| *seen == 1));
        assert_eq!(during.await, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn while_many_ask_each_read_is_kept() {
        let (shared, source) = (Shared::default(), source());
        rush(&shared, &source, 50).await;
        for _ in 0..BUSY {
            assert_eq!(get(&shared, &source, 1).await, 12);
        }
        assert_eq!(get(&shared, &source, 7).await, 73);
        assert_eq!(get(&shared, &source, 7).await, 73);
        assert_eq!(n_reads(&source), 3);
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
