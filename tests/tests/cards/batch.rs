//! Batches: planned within the quota, followed, stopped and resumed.

use commands::Folders;
use serde_json::{Value, json};
use tests::simulator::{Endpoint, Fault, Options};

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
    let raw = "select count(*) from market_snapshots m join snapshot_listings l
                on l.snapshot_id = m.id and l.taken_at = m.taken_at where m.n_listings > 0";
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

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_cannot_be_written_does_not_keep_others_from_it() {
    let mut shop = Shop::new(12, Options::default()).await;
    let spoilt = shop.number("select max(id) from cards").await;
    let constraint =
        format!("alter table market_snapshots add constraint spoilt check (card_id <> {spoilt})");
    shop.fabric.database.owner().await.batch_execute(&constraint).await.unwrap();
    shop.workers(1);
    let report = shop.batch(json!({})).await;
    assert_eq!(report["progress"]["succeeded"], 11, "{report:#}");
    assert_eq!(report["progress"]["failed"], 1);
    assert!(report["failures"][0]["detail"].as_str().unwrap().contains("spoilt"), "{report:#}");
    shop.assert_settled().await;
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stops_leaves_its_batch_to_another() {
    let mut shop = Shop::new(60, Options::default()).await;
    shop.set(&[("ebay_requests_per_second", "5")]).await;
    shop.workers(0);
    let first = shop.fabric.card_worker(&shop.simulator);
    let id = shop.fabric.accept("batch.run", json!({})).await;
    shop.fabric.until_true("select count(*) > 2 from batch_items where state = 'succeeded'").await;
    first.cancel();
    shop.set(&[("ebay_requests_per_second", "1000")]).await;
    shop.fabric.card_worker(&shop.simulator);
    let done = shop.fabric.until(id, |command| command.status == "succeeded").await;
    let report = done.result.unwrap();
    assert_eq!(report["progress"]["succeeded"], 60, "{report:#}");
    assert_eq!(report["stop_reason"], Value::Null, "nobody stopped it");
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_attempts_that_failed_are_counted_too() {
    let mut shop = Shop::new(3, Options::default()).await;
    shop.simulator.inject(Endpoint::Search, Fault::Status(500), 2);
    shop.workers(1);
    let report = shop.batch(json!({})).await;
    assert_eq!(report["progress"]["succeeded"], 3, "{report:#}");
    assert_eq!(report["progress"]["calls"], 5);
    shop.assert_settled().await;
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_access_to_ebay_a_batch_waits_and_says_why() {
    let mut shop = Shop::new(3, Options::default()).await;
    shop.fabric.run(Folders::default());
    let id = shop.fabric.accept("batch.run", json!({})).await;
    shop.fabric.until(id, |command| command.status == "postponed").await;
    let attempts = store::commands::attempts(&shop.fabric.client().await, id).await.unwrap();
    let detail = attempts[0].detail.as_deref().unwrap();
    assert!(detail.contains("EBAY_CLIENT_ID"), "{detail}");
    assert_eq!(shop.number("select count(*) from batch_items").await, 0, "nothing is planned");
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_keeps_to_the_limit_that_ebay_tells() {
    let mut shop = Shop::new(60, Options { limit: 40, ..Options::default() }).await;
    shop.workers(2);
    let report = shop.batch(json!({})).await;
    assert_eq!(report["progress"]["succeeded"], 40, "{report:#}");
    assert_eq!(report["plan"]["counts"]["deferred"], 20);
    assert_eq!(shop.simulator.stats().window_refused, 0);

    // Somebody else has the same key.
    let foreign = "update api_usage set used = used - 5";
    shop.fabric.database.owner().await.batch_execute(foreign).await.unwrap();
    let reconciled = shop.fabric.done("quota.reconcile", json!({})).await.result.unwrap();
    assert_eq!(reconciled["day"]["used"], 40, "{reconciled:#}");
    assert_eq!(reconciled["day"]["daily_limit"], 40);
    assert_eq!(reconciled["day"]["reported"]["drift"], 5);
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hybrid_batch_estimates_what_it_did_not_ask_about() {
    let mut shop = Shop::new(50, Options::default()).await;
    shop.set(&[("daily_api_limit", "30")]).await;
    let owner = shop.fabric.database.owner().await;
    owner.batch_execute("update cards set cm_trend = 20, cm_avg30 = 20").await.unwrap();
    shop.workers(1);
    let report = shop.batch(json!({ "mode": "hybrid" })).await;
    assert_eq!(report["progress"]["succeeded"], 30, "{report:#}");
    assert_eq!(shop.simulator.browse_calls(), 30);
    let segments = shop.number("select count(*) from segment_ratios where samples >= 12").await;
    assert!(segments > 0, "thirty cards of one series teach something");
    let ratios = report["ratios"].as_array().unwrap();
    assert_eq!(ratios.len(), shop.count("select count(*) from segment_ratios").await);
    assert!(ratios[0]["n_samples"].as_u64() >= Some(12) && ratios[0]["k"].is_f64(), "{ratios:#?}");
    let estimated = "
        select count(*) from buy_prices where anchor_source = 'CARDMARKET_FALLBACK'
          and verdict = 'LOW_CONF' and anchor > 0 and taken_at is null
          and reason like 'ESTIMATED_FROM_%_CARDS'";
    assert_eq!(shop.number(estimated).await, 20);

    // The next day they are asked about like any card that was never priced.
    shop.set(&[("daily_api_limit", "60")]).await;
    let second = shop.batch(json!({ "mode": "hybrid" })).await;
    assert_eq!(second["progress"]["succeeded"], 20, "{second:#}");
    assert_eq!(shop.number(estimated).await, 0);
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_names_what_is_odd() {
    let mut shop = Shop::new(30, Options::default()).await;
    shop.workers(1);
    shop.batch(json!({})).await;
    let again = json!({ "cards": (1..=30).collect::<Vec<_>>() });
    let calm = shop.batch(again.clone()).await;
    let to_review = "select count(*) from buy_prices where verdict like 'REVIEW%'";
    let n_to_review = shop.number(to_review).await;
    let count = |kind: &str| calm["anomalies"][kind].as_i64().unwrap();
    assert_eq!((count("moves"), count("to_review")), (0, n_to_review), "{calm:#}");
    assert!(calm["anomalies"]["top"].as_array().unwrap().len() <= 20);

    // What was so dear before has fallen, and what was published is far too much.
    let fallen = "
        update market_snapshots set anchor = anchor * 3 where anchor is not null;
        update buy_prices set anchor = anchor * 3 where anchor is not null";
    shop.fabric.database.owner().await.batch_execute(fallen).await.unwrap();
    let report = shop.batch(again).await;
    let anomalies = &report["anomalies"];
    let moved = "select count(*) from market_snapshots where id > 60 and anchor is not null";
    assert_eq!(anomalies["moves"], shop.number(moved).await, "{anomalies:#}");
    let suspended = shop.number("select count(*) from buy_prices where suspended").await;
    assert!(suspended > 0);
    assert_eq!(anomalies["suspended"], suspended);
    let first = &anomalies["top"][0];
    let reasons = first["reasons"].as_array().unwrap();
    assert!(reasons.contains(&json!("move")), "{first:#}");
    assert!(report["ratios"].is_null(), "nothing was estimated");

    // The classic rule has figures of its own.
    shop.set(&[("pricing", r#"{"rule": "classic"}"#)]).await;
    let owner = shop.fabric.database.owner().await;
    owner.batch_execute("update cards set cm_trend = 900").await.unwrap();
    let report = shop.batch(json!({ "cards": (1..=30).collect::<Vec<_>>() })).await;
    let fallback = "select count(*) from buy_prices where anchor_source = 'CARDMARKET_FALLBACK'";
    let n_fallback = shop.number(fallback).await;
    assert!(n_fallback > 20);
    assert_eq!(report["anomalies"]["cardmarket_fallback"], n_fallback, "{report:#}");
    let dispersed = "
        select count(*) from market_snapshots
        where id > 90 and (statistics #>> '{classic,main,dispersion}')::float8 > 4";
    assert_eq!(report["anomalies"]["dispersed"], shop.number(dispersed).await);
    let anomalies = "
        select count(*) from market_snapshots
        where id > 90 and (statistics #>> '{classic,is_anomaly}')::bool";
    assert_eq!(report["anomalies"]["moves"], shop.number(anomalies).await);
    shop.fabric.stop().await;
}
