//! What goes wrong at eBay: counted, told apart, and nothing lost.

use serde_json::json;
use tests::simulator::{Endpoint, Fault, Options};

use crate::shop::Shop;

const ALL_PRICED: &str =
    "select count(*) = 0 from commands where name = 'cards.price' and status <> 'succeeded'";

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_cannot_be_used_are_counted_and_asked_for_again() {
    let mut shop = Shop::new(12, Options::default()).await;
    for fault in [
        Fault::Status(500),
        Fault::Cut,
        Fault::Reset,
        Fault::Truncated,
        Fault::WrongType,
        Fault::Html,
        Fault::Hang,
    ] {
        shop.simulator.inject(Endpoint::Search, fault, 1);
    }
    shop.order_each().await;
    shop.workers(2);
    shop.fabric.until_true(ALL_PRICED).await;
    assert_eq!(shop.simulator.browse_calls(), 12 + 7);
    shop.assert_settled().await;
    let attempts = "select count(*) from attempts where outcome = 'retrying'";
    assert_eq!(shop.number(attempts).await, 7);
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_with_warnings_fails_the_card_and_says_why() {
    let mut shop = Shop::new(1, Options::default()).await;
    shop.simulator.inject(Endpoint::Search, Fault::Warnings, 1);
    shop.order_each().await;
    shop.workers(1);
    shop.fabric.until_true("select count(*) = 1 from commands where status = 'dead'").await;
    let noted =
        "select count(*) from cards where error_count = 1 and last_error like '%did not do all%'";
    assert_eq!(shop.number(noted).await, 1);
    shop.assert_settled().await;
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_429_no_worker_calls_and_nothing_is_burnt() {
    let mut shop = Shop::new(60, Options::default()).await;
    shop.simulator.set_limit(10);
    shop.order_each().await;
    shop.workers(1);
    let all_wait = "select count(*) = 50 from commands where status = 'postponed'";
    shop.fabric.until_true(all_wait).await;
    // Calls that were under way when the first refusal came; none began after it.
    let stats = shop.simulator.stats();
    assert!(stats.window_refused <= 16, "no more than one worker's slots: {stats:?}");
    let calls = shop.simulator.browse_calls();
    let usage = shop.usage().await;
    assert!(usage.blocked.is_some_and(|block| block.until == usage.day.window_end));
    shop.fabric.card_worker(&shop.simulator);
    let again = "update due set due_at = clock_timestamp()";
    shop.fabric.database.owner().await.batch_execute(again).await.unwrap();
    shop.fabric
        .until_true(
            "select count(*) = 50 from due where due_at > clock_timestamp() + interval '1 minute'",
        )
        .await;
    assert_eq!(shop.simulator.browse_calls(), calls, "nobody calls a provider that refuses");
    assert_eq!(shop.number("select count(*) from commands where attempt > 1").await, 0);
    assert_eq!(shop.number("select count(*) from dead_letters").await, 0);
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_is_renewed_once_for_all() {
    let mut shop = Shop::new(30, Options::default()).await;
    shop.workers(3);
    let first = json!({ "limit": 10 });
    shop.batch(first).await;
    assert_eq!(shop.simulator.stats().tokens_minted, 1, "workers share a token");
    shop.simulator.revoke_tokens();
    shop.batch(json!({ "limit": 10 })).await;
    assert_eq!(shop.simulator.stats().tokens_minted, 2);
    shop.assert_settled().await;
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_revoked_in_the_middle_of_a_batch_costs_no_card() {
    let mut shop = Shop::new(60, Options::default()).await;
    shop.set(&[("ebay_requests_per_second", "20")]).await;
    shop.workers(2);
    let id = shop.fabric.accept("batch.run", json!({})).await;
    while shop.simulator.browse_calls() < 10 {
        tokio::task::yield_now().await;
    }
    shop.simulator.revoke_tokens();
    let done = shop.fabric.until(id, |command| command.finished_at.is_some()).await;
    assert_eq!(done.result.unwrap()["progress"]["succeeded"], 60);
    let arrivals = shop.simulator.arrivals();
    let refused = arrivals.iter().filter(|it| it.endpoint == Endpoint::Search && it.status == 401);
    let n_refused = refused.count() as u64;
    assert!(n_refused > 0, "cards were on their way");
    assert!(n_refused < 24, "{n_refused} refusals: 48 cards wait for their turn, and know better");
    assert_eq!(shop.simulator.stats().tokens_minted, 2, "one new token for all");
    // A busy machine may let a call be late, which is another attempt; a refusal is none.
    let retried = "select count(*) from attempts where outcome = 'retrying'";
    let n_retried = shop.number(retried).await.unsigned_abs();
    assert_eq!(shop.simulator.browse_calls(), 60 + n_refused + n_retried, "each asked once more");
    assert_eq!(shop.number("select count(*) from cards where error_count > 0").await, 0);
    shop.assert_settled().await;
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_401_is_not_asked_a_third_time() {
    let mut shop = Shop::new(1, Options::default()).await;
    shop.simulator.inject(Endpoint::Search, Fault::Status(401), 2);
    shop.order_each().await;
    shop.workers(1);
    shop.fabric.until_true("select count(*) = 1 from commands where status = 'retrying'").await;
    assert_eq!(shop.simulator.browse_calls(), 2);
    assert_eq!(shop.simulator.stats().tokens_minted, 2);
    shop.fabric.until_true(ALL_PRICED).await;
    assert_eq!(shop.simulator.browse_calls(), 3, "the next attempt is another matter");
    assert_eq!(shop.simulator.stats().tokens_minted, 2);
    shop.assert_settled().await;
    shop.fabric.stop().await;
}
