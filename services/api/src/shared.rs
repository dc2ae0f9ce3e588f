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
/// How long before its end it is read again while as many still ask, so that none of them waits.
const AHEAD: Duration = Duration::from_millis(4);

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
    /// Many asked: it serves others too.
    keep: Option<Keep>,
}

/// How what is found is kept.
struct Keep {
    until: Instant,
    /// It takes the place of what was kept before, and is not added to that.
    renews: bool,
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
        while let Some(Round { items, waiters, keep }) = self.next(&key).await {
            let found = read(key.clone(), items.iter().cloned().collect()).await;
            let found = found.map(|found| among(items, found));
            answer(waiters, &found);
            if let (Ok(found), Some(keep)) = (found, keep) {
                let others = self.keep(&key, &found, &keep);
                answer(others, &Ok(found));
            }
        }
    }

    /// Those who wait now or while something is kept, or nobody when it is to be read again.
    /// Whoever comes later waits for the next read.
    async fn next(&self, key: &K) -> Option<Round<I, V>> {
        loop {
            let (called, until) = {
                let mut lines = self.lock();
                let line = lines.get_mut(key)?;
                if !line.waiters.is_empty() || line.is_due() {
                    return Some(line.round());
                }
                if line.is_stale() {
                    lines.remove(key);
                    return None;
                }
                (Arc::clone(&line.called), line.next_look())
            };
            tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                () = called.notified() => {}
            }
        }
    }

    /// Those who came during the read and are served by it too. After a slow one these are none.
    fn keep(&self, key: &K, found: &Found<I, V>, how: &Keep) -> Vec<Waiter<I, V>> {
        if Instant::now() >= how.until {
            return Vec::new();
        }
        let mut lines = self.lock();
        let Some(line) = lines.get_mut(key) else { return Vec::new() };
        if how.renews || line.is_stale() {
            line.kept.clear();
            line.kept_until = how.until;
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

    /// Whether the time has come to read again what is kept.
    fn is_old(&self) -> bool {
        Instant::now() >= self.renew_at()
    }

    /// Whether that is worth it before anybody waits.
    fn is_due(&self) -> bool {
        self.n_asked >= BUSY && self.is_old()
    }

    fn renew_at(&self) -> Instant {
        self.kept_until - AHEAD
    }

    fn next_look(&self) -> Instant {
        if self.is_old() { self.kept_until } else { self.renew_at() }
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
        let renews = self.is_old();
        if renews {
            let asked = std::mem::take(&mut self.asked);
            items.extend(asked.into_iter().filter(|_| is_busy));
        }
        let keep = is_busy.then(|| Keep { until: Instant::now() + KEEP, renews });
        Round { items, waiters, keep }
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
mod tests;
