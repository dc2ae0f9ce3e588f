//! Days that pass: what they confirm, and what other rules would have said of them.

use cards::config::{PricingConfig, Rule};
use commands::{Replay, Replayed, explain, replay};
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use store::catalogue::CardRef;
use tests::simulator::Options;

use crate::shop::Shop;

/// Everything lies a day further back.
const A_DAY: &str = "
    update market_snapshots set taken_at = taken_at - interval '1 day';
    update snapshot_listings set taken_at = taken_at - interval '1 day';
    update price_history set at = at - interval '1 day';
    update buy_prices set taken_at = taken_at - interval '1 day',
        estimate_at = estimate_at - interval '1 day', since = since - interval '1 day';
    update sold_listings set last_seen_at = last_seen_at - interval '1 day',
        detected_sold_at = detected_sold_at - interval '1 day';
    update fx_rates set known_at = known_at - interval '1 day'";

/// Other references.
const OTHER_REFERENCES: &str =
    "update cards set cm_trend = case when cm_trend > 20 then 2 else cm_trend * 3 end";

/// Rates of which nobody knew before.
const OTHER_RATES: &str = "
    insert into fx_rates (currency, day, per_eur)
    select distinct on (currency) currency, day + 1, per_eur * 2 from fx_rates
    order by currency, day desc";

async fn execute(shop: &Shop, statements: &str) {
    shop.fabric.database.owner().await.batch_execute(statements).await.unwrap();
}

async fn again(shop: &Shop, pricing: Option<PricingConfig>) -> Replayed {
    let (first, second) = (shop.fabric.client().await, shop.fabric.client().await);
    let now = Timestamp::now();
    let wanted = Replay { from: now - 240.hours(), to: now + 1.hour(), card_id: None, pricing };
    replay([&first, &second], &wanted, &|_| ()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn days_that_passed_can_be_priced_again_and_nothing_changes() {
    let mut shop = Shop::new(20, Options::default()).await;
    // Sales of cheap cards are asked about too.
    shop.set(&[("low_value_threshold", "1")]).await;
    shop.workers(1);
    execute(&shop, "update cards set cm_trend = 6").await;
    let ids: Vec<i64> = (1..=20).collect();
    for day in 1..=5 {
        shop.batch(json!({ "cards": ids })).await;
        if day < 5 {
            execute(&shop, A_DAY).await;
            execute(&shop, OTHER_REFERENCES).await;
            shop.simulator.advance_days(9);
        }
    }
    let verdicts = "select count(distinct (verdict, reason)) from market_snapshots";
    assert!(shop.number(verdicts).await > 4, "the days have something to tell");
    assert!(shop.number("select count(*) from sold_listings").await > 5);
    let state =
        "select hashtext(string_agg(p::text, '' order by card_id))::bigint from buy_prices p";
    let before = shop.number(state).await;

    execute(&shop, OTHER_RATES).await;
    let same = again(&shop, None).await;
    assert_eq!((same.snapshots, same.changed.len()), (100, 0), "{:#?}", same.changed);
    let classic = PricingConfig { rule: Rule::Classic, ..PricingConfig::default() };
    let other = again(&shop, Some(classic)).await;
    assert!(other.changed.len() > 50, "{} of 100", other.changed.len());
    assert!(other.changed.iter().all(|change| change.after.rule == "classic"));
    assert_eq!(shop.number(state).await, before);

    // Had these rates been known, prices would have been others.
    execute(&shop, "update fx_rates set known_at = known_at - interval '9 days'").await;
    assert!(!again(&shop, None).await.changed.is_empty());
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_another_day_confirms_a_move() {
    let mut shop = Shop::new(20, Options::default()).await;
    shop.workers(1);
    shop.batch(json!({})).await;
    let id = shop.number("select card_id from buy_prices where verdict = 'OK' limit 1").await;
    execute(&shop, A_DAY).await;
    for table in ["buy_prices", "price_history"] {
        execute(&shop, &format!("update {table} set anchor = anchor / 3")).await;
    }
    execute(&shop, "delete from market_snapshots").await;
    let look = async || {
        let result = shop.fabric.done("cards.reprice", json!({ "card_id": id })).await.result;
        let Value::Object(mut result) = result.unwrap() else { panic!("a result is an object") };
        (result.remove("verdict").unwrap(), result.remove("reason").unwrap())
    };
    let held = (json!("REVIEW"), json!("MOVE"));
    for _ in 0..3 {
        assert_eq!(look().await, held);
    }
    let told = explain(&shop.fabric.client().await, CardRef::Id(id)).await.unwrap();
    assert_eq!(json!(told.explanation.decision.reason), held.1);
    execute(&shop, A_DAY).await;
    assert_eq!(look().await, (json!("OK"), Value::Null));
    shop.fabric.stop().await;
}
