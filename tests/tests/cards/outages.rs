//! eBay cannot be called at all: nothing is spent, no card fails, and all of it goes on later.

use serde_json::json;
use tests::simulator::{Endpoint, Fault, Options};
use tokio::net::TcpSocket;

use crate::shop::Shop;

const ALL_PRICED: &str =
    "select count(*) = 0 from commands where name = 'cards.price' and status <> 'succeeded'";
/// Every card that is not priced waits, without an attempt that counts.
const ALL_WAIT: &str = "
    select count(*) = 0 from commands
    where name = 'cards.price' and (status not in ('postponed', 'succeeded') or attempt > 1)";
const FAILED_CARDS: &str = "select count(*) from cards where error_count > 0";
const BURNT: &str = "select count(*) from attempts where outcome in ('retrying', 'dead')";

fn asked(n_tokens: u64) -> String {
    format!("select coalesce(sum(n_mints), 0) = {n_tokens} from api_tokens")
}

#[tokio::test(flavor = "multi_thread")]
async fn while_there_is_no_token_cards_wait_and_none_fails() {
    let mut shop = Shop::new(12, Options::default()).await;
    shop.simulator.inject(Endpoint::Token, Fault::Status(503), 4);
    shop.order_each().await;
    shop.workers(2);
    for n_asked in 1..=4 {
        shop.fabric.until_true(&asked(n_asked)).await;
        shop.fabric.until_true(ALL_WAIT).await;
        assert_eq!(shop.simulator.arrived(Endpoint::Token), n_asked, "one asks for all");
        shop.end_pause().await;
    }
    shop.fabric.until_true(ALL_PRICED).await;
    assert_eq!(shop.simulator.browse_calls(), 12);
    assert_eq!((shop.number(FAILED_CARDS).await, shop.number(BURNT).await), (0, 0));
    shop.assert_settled().await;
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_outlasts_an_outage_of_tokens() {
    let mut shop = Shop::new(20, Options::default()).await;
    shop.simulator.inject(Endpoint::Token, Fault::Status(500), 2);
    shop.workers(1);
    let id = shop.fabric.accept("batch.run", json!({})).await;
    for n_asked in 1..=2 {
        shop.fabric.until_true(&asked(n_asked)).await;
        shop.fabric.until(id, |command| command.status == "postponed").await;
        shop.end_pause().await;
    }
    let done = shop.fabric.until(id, |command| command.finished_at.is_some()).await;
    assert_eq!(done.result.unwrap()["progress"]["succeeded"], 20);
    assert_eq!((shop.number(FAILED_CARDS).await, shop.number(BURNT).await), (0, 0));
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_tokens_are_asked_for_than_a_day_allows() {
    let mut shop = Shop::new(5, Options::default()).await;
    let spent = "insert into api_tokens (provider, mint_date, n_mints)
                 values ('ebay', (clock_timestamp() at time zone 'UTC')::date, 900)";
    shop.fabric.database.owner().await.batch_execute(spent).await.unwrap();
    shop.order_each().await;
    shop.workers(1);
    shop.fabric.until_true(ALL_WAIT).await;
    assert_eq!(shop.simulator.arrived(Endpoint::Token), 0);
    let until_midnight = "
        select count(*) from api_blocks
        where blocked_until at time zone 'UTC' = (clock_timestamp() at time zone 'UTC')::date + 1";
    assert_eq!(shop.number(until_midnight).await, 1);
    // On the next day there are tokens again.
    let next_day = "update api_tokens set mint_date = mint_date - 1";
    shop.fabric.database.owner().await.batch_execute(next_day).await.unwrap();
    shop.end_pause().await;
    shop.fabric.until_true(ALL_PRICED).await;
    assert_eq!((shop.number(FAILED_CARDS).await, shop.number(BURNT).await), (0, 0));
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_leave_is_given_back() {
    let mut shop = Shop::new(10, Options::default()).await;
    shop.workers(0);
    let first = shop.fabric.card_worker(&shop.simulator);
    shop.batch(json!({ "limit": 1 })).await;
    first.cancel();
    shop.fabric.until_true("select count(*) = 0 from workers").await;
    // Bound, so that nobody else takes the port, and closed to everybody.
    let closed = TcpSocket::new_v4().unwrap();
    closed.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    let second = shop.fabric.card_worker_at(&url, &shop.simulator);
    shop.order_each().await;
    shop.fabric.until_true(ALL_WAIT).await;
    let refused = "select count(*) from api_reservations where state = 'settled' and spent = 0";
    assert!(shop.number(refused).await > 0, "calls were reserved, and given back");
    shop.assert_settled().await;
    assert_eq!(shop.usage().await.day.used, 1);
    second.cancel();
    shop.fabric.until_true("select count(*) = 0 from workers").await;

    shop.fabric.card_worker(&shop.simulator);
    shop.end_pause().await;
    shop.fabric.until_true(ALL_PRICED).await;
    assert_eq!((shop.number(FAILED_CARDS).await, shop.number(BURNT).await), (0, 0));
    assert_eq!(shop.simulator.browse_calls(), 11);
    shop.assert_settled().await;
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_asks_to_wait_is_waited_for() {
    let mut shop = Shop::new(10, Options::default()).await;
    shop.simulator.inject(Endpoint::Search, Fault::Busy { retry_after_s: 600 }, 1);
    shop.workers(1);
    let id = shop.fabric.accept("batch.run", json!({})).await;
    shop.fabric.until(id, |command| command.status == "postponed").await;
    let asked = "select count(*) from api_blocks
                 where blocked_until - since between interval '9 min 50 s' and interval '10 min'";
    assert_eq!(shop.number(asked).await, 1);
    let deferred = "select count(*) from batch_items where state = 'deferred'";
    assert!(shop.number(deferred).await > 0);
    shop.end_pause().await;
    let done = shop.fabric.until(id, |command| command.finished_at.is_some()).await;
    assert_eq!(done.result.unwrap()["progress"]["succeeded"], 10);
    assert_eq!(shop.simulator.browse_calls(), 11, "the call that failed counts");
    assert_eq!(shop.number(FAILED_CARDS).await, 0);
    shop.assert_settled().await;
    shop.fabric.stop().await;
}

/// eBay allows fewer calls than it said when the batch was planned.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_meets_the_limit_goes_on_in_the_next_window() {
    let mut shop = Shop::new(60, Options::default()).await;
    shop.set(&[("ebay_requests_per_second", "20")]).await;
    shop.workers(1);
    let id = shop.fabric.accept("batch.run", json!({})).await;
    shop.fabric.until_true("select count(*) = 60 from batch_items").await;
    shop.simulator.set_limit(10);
    shop.fabric.until(id, |command| command.status == "postponed").await;
    let count = async |state: &str| {
        shop.count(&format!("select count(*) from batch_items where state = '{state}'")).await
    };
    let n_priced = count("succeeded").await;
    assert!(n_priced <= 10, "{n_priced} cards within 10 calls");
    assert_eq!(count("deferred").await, 60 - n_priced, "none failed");
    let attempts = store::commands::attempts(&shop.fabric.client().await, id).await.unwrap();
    let reason = attempts[0].detail.clone().unwrap();
    let deferred = format!("{} cards are deferred: eBay's call limit is reached", 60 - n_priced);
    assert_eq!(reason, deferred);
    assert_eq!((shop.number(FAILED_CARDS).await, shop.number(BURNT).await), (0, 0));
    shop.assert_settled().await;

    shop.simulator.set_limit(5_000);
    shop.roll().await;
    shop.end_pause().await;
    let done = shop.fabric.until(id, |command| command.finished_at.is_some()).await;
    assert_eq!(done.result.unwrap()["progress"]["succeeded"], 60);
    assert_eq!((shop.number(FAILED_CARDS).await, shop.number(BURNT).await), (0, 0));
    shop.assert_settled().await;
    shop.fabric.stop().await;
}
