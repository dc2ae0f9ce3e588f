//! Batches: planned within the quota, followed, stopped and resumed.

use serde_json::json;
use tests::simulator::Options;

use crate::shop::Shop;

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_prices_its_cards_and_reports() {
    let mut shop = Shop::new(40, Options::default()).await;
    shop.workers(2);
    let report = shop.batch(json!({})).await;
    assert_eq!(report["progress"]["succeeded"], 40, "{report:#}");
    assert_eq!(report["progress"]["calls"], 40);
    assert_eq!(report["quota"]["used"], 40);
    shop.assert_settled().await;
    assert_eq!(shop.number("select count(*) from market_snapshots").await, 40);
    assert_eq!(shop.number("select count(*) from buy_prices").await, 40);
    let raw = "select count(*) from market_snapshots where n_listings > 0 and listings is not null";
    assert!(shop.number(raw).await > 30);
    // Fresh cards are left alone.
    let second = shop.batch(json!({})).await;
    assert_eq!(second["progress"]["targeted"], 0, "{second:#}");
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_plans_no_more_than_the_calls_that_are_left() {
    let mut shop = Shop::new(30, Options::default()).await;
    shop.set(&[("daily_api_limit", "20"), ("interactive_reserve_percent", "10")]).await;
    shop.workers(1);
    let report = shop.batch(json!({})).await;
    assert_eq!(report["progress"]["succeeded"], 18, "two calls are kept for people: {report:#}");
    assert_eq!(report["plan"]["counts"]["deferred"], 12);
    let one = shop.number("select min(id) from cards").await;
    let repriced = shop.fabric.done("cards.reprice", json!({ "card_id": one })).await;
    assert_eq!(repriced.status, "succeeded", "{repriced:#?}");
    shop.assert_settled().await;
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_cancelled_stops_and_a_retry_goes_on() {
    let mut shop = Shop::new(60, Options::default()).await;
    shop.set(&[("ebay_requests_per_second", "5")]).await;
    shop.workers(1);
    let id = shop.fabric.accept("batch.run", json!({})).await;
    shop.fabric.until_true("select count(*) > 2 from batch_items where state = 'succeeded'").await;
    let client = shop.fabric.client().await;
    store::commands::cancel(&client, id).await.unwrap();
    shop.fabric.until(id, |command| command.status == "cancelled").await;
    let stopped = shop.number("select count(*) from batch_items where state = 'stopped'").await;
    assert!(stopped > 0);
    shop.assert_settled().await;

    shop.set(&[("ebay_requests_per_second", "1000")]).await;
    store::commands::retry(&client, id).await.unwrap();
    let done = shop.fabric.until(id, |command| command.status == "succeeded").await;
    assert_eq!(done.result.unwrap()["progress"]["succeeded"], 60);
    assert_eq!(shop.simulator.browse_calls(), 60, "no card is asked about twice");
    shop.assert_settled().await;
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_that_cannot_be_named_fail_and_the_others_go_on() {
    let mut shop = Shop::new(5, Options::default()).await;
    let owner = shop.fabric.database.owner().await;
    owner.batch_execute("update cards set name = '***' where local_id = '3'").await.unwrap();
    shop.workers(1);
    let report = shop.batch(json!({})).await;
    assert_eq!(report["progress"]["succeeded"], 4, "{report:#}");
    assert_eq!(report["progress"]["failed"], 1);
    assert!(report["failures"][0]["detail"].as_str().unwrap().contains("override its query"));
    shop.fabric.stop().await;
}
