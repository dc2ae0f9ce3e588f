//! Permits: how they end, who may have them, and how many at once.

use jiff::{SignedDuration, ToSpan};
use store::quota::{self, Purpose, Reserve};
use store::{Role, quota::Permit};
use uuid::Uuid;

use crate::{EBAY, Ledger, granted, is_exhausted, wanted};

#[tokio::test(flavor = "multi_thread")]
async fn a_permit_is_settled_once() {
    let ledger = Ledger::new(100).await;
    let permit = ledger.permit(10).await;
    assert_eq!(ledger.figures().await, [0, 10, 100]);
    assert!(ledger.settle(permit, 7).await);
    assert_eq!(ledger.figures().await, [7, 0, 100]);
    // A second settlement, and one of a permit that never was.
    assert!(!ledger.settle(permit, 10).await);
    assert!(!ledger.settle(Permit { id: permit.id + 1, ..permit }, 1).await);
    assert_eq!(ledger.figures().await, [7, 0, 100]);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_was_held_cannot_be_spent() {
    let ledger = Ledger::new(100).await;
    let permit = ledger.permit(3).await;
    let client = ledger.client().await;
    for spent in [4, -1] {
        let refused = quota::settle(&client, permit.id, spent).await.unwrap_err();
        assert!(refused.is_data(), "{refused}");
    }
    assert_eq!(ledger.figures().await, [0, 3, 100]);
    assert!(ledger.settle(permit, 0).await);
    assert_eq!(ledger.figures().await, [0, 0, 100]);
    assert!(quota::reserve(&client, &wanted(Purpose::Batch, 0)).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_holder_has_spent_everything() {
    let ledger = Ledger::new(100).await;
    let client = ledger.client().await;
    let (silent, living) = (ledger.permit(10).await, ledger.permit(5).await);
    let lapse = format!("update api_reservations set expires_at = now() where id = {}", silent.id);
    ledger.meddle(&lapse).await;
    assert_eq!(quota::expire(&client).await.unwrap(), 10);
    assert_eq!(quota::expire(&client).await.unwrap(), 0);
    assert_eq!(ledger.figures().await, [10, 5, 100]);
    // It comes back, and nothing can be returned any more.
    assert!(!ledger.settle(silent, 0).await);
    assert!(ledger.settle(living, 1).await);
    assert_eq!(ledger.figures().await, [11, 0, 100]);
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_leave_the_interactive_reserve_alone() {
    let ledger = Ledger::new(95).await;
    // A tenth of 95, rounded up.
    assert_eq!(ledger.usage().await.free_for_batches, 85);
    assert_eq!(ledger.permit(85).await.n, 85);
    for purpose in [Purpose::Batch, Purpose::Reconcile] {
        assert!(is_exhausted(&ledger.reserve(purpose, 1).await));
    }
    let usage = ledger.usage().await;
    assert_eq!((usage.free, usage.free_for_batches), (10, 0));
    assert_eq!(granted(&ledger.reserve(Purpose::Interactive, 10).await).n, 10);
    assert!(is_exhausted(&ledger.reserve(Purpose::Interactive, 1).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_tail_everybody_gets_one_call_at_a_time() {
    let ledger = Ledger::whole(100).await;
    let worker = |id: u128, seen: &str, lane: &str| {
        format!(
            "insert into workers (id, host, version, lanes, slots, seen_at)
             values ('{}', 'h', 'v', '{{{lane}}}', 1, now() - interval '{seen}')",
            Uuid::from_u128(id)
        )
    };
    for (id, seen, lane) in [
        (1, "1 s", "cards"),
        (2, "1 s", "msp,reprice"),
        (3, "1 s", "msp"),
        (4, "40 s", "cards"),
        (5, "40 s", "reprice"),
    ] {
        ledger.meddle(&worker(id, seen, lane)).await;
    }
    assert_eq!(ledger.usage().await.n_workers, 2);
    assert_eq!(ledger.permit(40).await.n, 40);
    // 60 are left: less than two blocks of 31, and just two blocks of 30.
    assert_eq!(ledger.permit(31).await.n, 1);
    assert_eq!(ledger.permit(29).await.n, 29);
    assert_eq!(ledger.permit(20).await.n, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_changes_holds_at_once_as_far_as_it_can() {
    let ledger = Ledger::whole(100).await;
    let first = ledger.permit(60).await;
    ledger.set("daily_api_limit", 40).await;
    assert!(is_exhausted(&ledger.reserve(Purpose::Interactive, 1).await));
    // What is held may still be spent.
    assert_eq!(ledger.figures().await, [0, 60, 60]);
    assert!(ledger.settle(first, 30).await);
    assert_eq!(ledger.figures().await, [30, 0, 40]);
    assert_eq!(ledger.permit(10).await.n, 10);
    assert!(is_exhausted(&ledger.reserve(Purpose::Interactive, 1).await));
    ledger.set("daily_api_limit", 1_000).await;
    assert_eq!(ledger.permit(500).await.n, 500);
    assert_eq!(ledger.figures().await, [30, 510, 1_000]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_holds_for_everybody_until_it_ends() {
    let ledger = Ledger::new(100).await;
    let client = ledger.client().await;
    let mut heard = ledger.store.listen("quota");
    assert_eq!(heard.next().await, Some(store::Notice::Connected));
    let end = ledger.usage().await.day.window_end;
    let block = quota::block(&client, EBAY, None, "429: too many requests").await.unwrap();
    assert_eq!(block.until, end);
    assert_eq!(heard.next().await, Some(store::Notice::Payload(EBAY.into())));
    for purpose in [Purpose::Batch, Purpose::Interactive] {
        let reason = "429: too many requests".to_owned();
        assert_eq!(ledger.reserve(purpose, 1).await, Reserve::Blocked { until: end, reason });
    }
    // Nothing was burnt, and a shorter block does not end a longer one.
    assert_eq!(ledger.figures().await, [0, 0, 100]);
    let now = ledger.usage().await.now;
    let again = quota::block(&client, EBAY, Some(now + 5.seconds()), "again").await.unwrap();
    assert_eq!((again.until, again.since), (end, block.since));
    assert_eq!(ledger.usage().await.blocked.unwrap().reason, "429: too many requests");
    // Another provider is not concerned.
    let other = quota::Wanted { provider: "other", ..wanted(Purpose::Batch, 1) };
    granted(&quota::reserve(&client, &other).await.unwrap());

    ledger.meddle("update api_blocks set blocked_until = now() - interval '1 s'").await;
    ledger.permit(1).await;
    assert_eq!(ledger.usage().await.blocked, None);
    assert!(!quota::unblock(&client, EBAY).await.unwrap());
    quota::block(&client, EBAY, Some(now + SignedDuration::from_hours(1)), "x").await.unwrap();
    assert!(quota::unblock(&client, EBAY).await.unwrap());
    ledger.permit(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_grows_while_trouble_lasts() {
    let ledger = Ledger::new(100).await;
    let client = ledger.client().await;
    let pause = async |at_least| {
        let block = quota::pause(&client, EBAY, at_least, "no connection").await.unwrap();
        block.until.duration_since(block.since).as_secs()
    };
    // Many calls fail together: that is one trouble.
    assert_eq!((pause(None).await, pause(None).await), (5, 5));
    assert!(matches!(ledger.reserve(Purpose::Interactive, 1).await, Reserve::Blocked { .. }));
    for (seconds, ended_ago, next) in
        [(5, 1, 10), (10, 29, 20), (20, 31, 5), (320, 300, 600), (600, 1, 600), (28_800, 1, 5)]
    {
        ledger
            .meddle(&format!(
                "update api_blocks set blocked_until = now() - interval '{ended_ago} s',
                    since = now() - interval '{} s'",
                ended_ago + seconds
            ))
            .await;
        assert_eq!(pause(None).await, next, "{ended_ago} s after {seconds} s");
    }
    // The provider says itself how long, also while it is left alone already.
    let now = ledger.usage().await.now;
    assert!((59..70).contains(&pause(Some(now + 60.seconds())).await));
    assert!((59..70).contains(&pause(Some(now + 1.seconds())).await));
    let other = quota::pause(&client, "other", Some(now + 90.seconds()), "busy").await.unwrap();
    assert_eq!(other.until, now + 90.seconds());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_sees_the_ledger_and_cannot_change_it() {
    let ledger = Ledger::new(100).await;
    ledger.permit(10).await;
    for role in [Role::Api, Role::ReadOnly] {
        let client = ledger.database.store(role).client().await.unwrap();
        let statement = "select used + reserved from api_usage";
        assert_eq!(client.query_one(statement, &[]).await.unwrap().get::<_, i32>(0), 10);
        quota::reserve(&client, &wanted(Purpose::Interactive, 1)).await.unwrap_err();
        client.query("select sealed from api_tokens", &[]).await.unwrap_err();
    }
    let api = ledger.database.store(Role::Api).client().await.unwrap();
    assert_eq!(quota::current(&api, EBAY).await.unwrap().day.reserved, 10);
}
