//! However many connections reserve, the limit holds; and the test would notice if it did not.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use store::quota;
use store::{Role, Session};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::{EBAY, Ledger, granted, is_exhausted, wanted};
use store::quota::{Purpose, Reserve};

/// What a worker asks before each call.
#[derive(Clone, Copy)]
enum Counter {
    /// The ledger, in blocks of this size.
    Ledger(i32),
    /// Reads the count, compares it, and increments it: what a client-side counter does.
    Naive,
}

/// Connections that make calls until they may not any more; returns the calls that were made.
async fn calls(ledger: &Ledger, counter: Counter, n_connections: usize, limit: i32) -> i32 {
    let made = Arc::new(AtomicI32::new(0));
    let step = Arc::new(Barrier::new(n_connections));
    let mut tasks = JoinSet::new();
    for _ in 0..n_connections {
        let (made, step) = (made.clone(), step.clone());
        let store = ledger.database.store(Role::Worker);
        let naive = ledger.store.connect(Session::Relaxed).await.unwrap();
        tasks.spawn(async move {
            match counter {
                Counter::Ledger(n) => {
                    let client = store.client().await.unwrap();
                    step.wait().await;
                    while let Reserve::Granted(permit) =
                        quota::reserve(&client, &wanted(Purpose::Batch, n)).await.unwrap()
                    {
                        made.fetch_add(permit.n, Ordering::Relaxed);
                        assert!(quota::settle(&client, permit.id, permit.n).await.unwrap());
                    }
                }
                Counter::Naive => loop {
                    let used = "select used from naive";
                    let used: i32 = naive.query_one(used, &[]).await.unwrap().get(0);
                    // All connections look before any of them writes: the worst of schedules.
                    step.wait().await;
                    if used >= limit {
                        return;
                    }
                    naive.execute("update naive set used = used + 1", &[]).await.unwrap();
                    made.fetch_add(1, Ordering::Relaxed);
                    step.wait().await;
                },
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    made.load(Ordering::Relaxed)
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_connections_spend_exactly_the_limit() {
    let ledger = Ledger::whole(500).await;
    assert_eq!(calls(&ledger, Counter::Ledger(1), 8, 500).await, 500);
    assert_eq!(ledger.figures().await, [500, 0, 500]);
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_connections_in_blocks_spend_exactly_the_limit() {
    let ledger = Ledger::whole(1_003).await;
    assert_eq!(calls(&ledger, Counter::Ledger(10), 32, 1_003).await, 1_003);
    assert_eq!(ledger.figures().await, [1_003, 0, 1_003]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_that_reads_then_writes_exceeds_the_limit() {
    let ledger = Ledger::new(50).await;
    ledger
        .meddle(
            "create table naive as select 0 as used;
             grant select, update on naive to courtier_worker",
        )
        .await;
    // Six rounds of eight, and eight more that all saw 48.
    assert_eq!(calls(&ledger, Counter::Naive, 8, 50).await, 56);
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_die_never_free_their_calls() {
    let ledger = Ledger::whole(60).await;
    // Every second permit is dropped, as by kill -9 between reservation and settlement.
    let mut left = 0;
    for n in 0.. {
        let answer = ledger.reserve(Purpose::Batch, 3).await;
        if is_exhausted(&answer) {
            break;
        }
        let permit = granted(&answer);
        if n % 2 == 0 {
            left += permit.n;
            continue;
        }
        assert!(ledger.settle(permit, permit.n).await);
    }
    assert!(left > 0);
    assert_eq!(ledger.figures().await, [60 - left, left, 60]);
    ledger.meddle("update api_reservations set expires_at = now() where state = 'held'").await;
    assert_eq!(quota::expire(&ledger.client().await).await.unwrap(), i64::from(left));
    assert_eq!(ledger.figures().await, [60, 0, 60]);
    assert!(is_exhausted(&ledger.reserve(Purpose::Interactive, 1).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_row_itself_refuses_to_exceed_its_limit() {
    let ledger = Ledger::whole(10).await;
    ledger.permit(10).await;
    let more = "update api_usage set reserved = reserved + 1";
    let refused = ledger.owner.execute(more, &[]).await.unwrap_err();
    assert!(refused.as_db_error().unwrap().constraint().is_some(), "{refused}");
    assert_eq!(ledger.value::<i64>("select count(*) from api_usage").await, 1);
    assert_eq!(ledger.usage().await.blocked, None);
    assert_eq!(quota::history(&ledger.client().await, EBAY, 9).await.unwrap().len(), 1);
}
