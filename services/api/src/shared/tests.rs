//! Who is served by which read.

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

#[tokio::test(start_paused = true)]
async fn while_many_ask_all_that_they_asked_for_is_read_at_once() {
    let (shared, source) = (Shared::default(), source());
    rush(&shared, &source, 50).await;
    for item in [1, 2].repeat(BUSY / 2) {
        get(&shared, &source, item).await;
    }
    tokio::time::advance(KEEP).await;
    assert_eq!(get(&shared, &source, 1).await, 13);
    assert_eq!(get(&shared, &source, 2).await, 23);
    assert_eq!(n_reads(&source), 3, "the second item was read with the first");
}

#[tokio::test(start_paused = true)]
async fn what_many_ask_for_is_read_again_before_anybody_waits() {
    let (shared, source) = (Shared::default(), source());
    rush(&shared, &source, 50).await;
    let (read_at, renewal) = (Instant::now(), KEEP.checked_sub(AHEAD).unwrap());
    for _ in 0..BUSY {
        assert_eq!(get(&shared, &source, 1).await, 12);
    }
    source.permits.forget_permits(usize::MAX);
    tokio::time::advance(renewal).await;
    while n_reads(&source) == 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(get(&shared, &source, 1).await, 12, "while it is being read");
    source.permits.add_permits(9);
    while get(&shared, &source, 1).await == 12 {
        tokio::task::yield_now().await;
    }
    assert_eq!(read_at.elapsed(), renewal);
    tokio::time::advance(AHEAD).await;
    assert_eq!(get(&shared, &source, 1).await, 13);
    assert_eq!(n_reads(&source), 3, "it is kept for a time of its own");
}
