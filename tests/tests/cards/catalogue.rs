//! The catalogue from its sources: imported, stopped and resumed, and given figures and rates.

use serde_json::{Value, json};
use tests::simulator::{Endpoint, Fault, Options};

use crate::shop::Shop;

/// Sets of the simulator that are neither of a mobile game nor giveaways.
const VISIBLE: i64 = 4;

impl Shop {
    async fn import(&self, parameters: Value) -> Value {
        let command = self.fabric.done("catalogue.import", parameters).await;
        assert_eq!(command.status, "succeeded", "{command:#?}");
        command.result.unwrap()
    }

    /// Requests for single cards, each id as often as it was asked for.
    fn cards_asked(&self) -> Vec<String> {
        let asked = self.simulator.arrivals().into_iter().map(|arrival| arrival.subject);
        asked.filter(|subject| subject.starts_with("cards/")).collect()
    }

    async fn execute(&self, statement: &str) {
        self.fabric.database.owner().await.batch_execute(statement).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_visible_sets_are_imported_and_known_ones_passed_over() {
    let mut shop = Shop::new(0, Options::default()).await;
    shop.workers(1);
    let result = shop.import(json!({})).await;
    assert_eq!((&result["sets"], &result["sets_skipped"]), (&json!(VISIBLE), &json!(0)));
    let n_cards = shop.number("select count(*) from cards").await;
    assert_eq!(result["cards"]["created"], n_cards, "{result:#}");
    let hidden = "select count(*) from sets where id in ('A1', '2019sm')";
    assert_eq!(shop.number(hidden).await, 0);
    let codes = "select count(*) from sets
                 where (id, code) in (('base1', 'BS'), ('swsh3', 'DAA')) or code is null";
    assert_eq!(shop.number(codes).await, shop.number("select count(*) from sets").await);
    let with_code = "select count(*) from sets where code is not null";
    assert_eq!(shop.number(with_code).await, 2);
    let number = async |filter: &str| {
        shop.number(&format!("select count(*) from cards where {filter}")).await
    };
    assert_eq!(number("ebay_query is null").await, 0);
    assert_eq!(number("variant = 'FIRST_ED'").await, 102 + 64);
    assert_eq!(number("variant = 'FIRST_ED' and cardmarket_id is not null").await, 0);
    assert_eq!(number("tcgdex_id = 'base1-4-HOLO' and cm_avg30 is not null").await, 1);
    assert_eq!(number("set_id = 'sv03.5' and card_number_padded").await, {
        number("set_id = 'sv03.5'").await
    });

    let asked = shop.cards_asked().len();
    let again = shop.import(json!({})).await;
    assert_eq!(again["sets_skipped"], VISIBLE);
    assert_eq!(shop.cards_asked().len(), asked, "known cards are not asked for again");
    // One that is named is, and a hidden one begins hidden.
    assert_eq!(shop.import(json!({ "set": "base2" })).await["cards"]["created"], 0);
    assert_eq!(shop.cards_asked().len(), asked + 64);
    shop.import(json!({ "set": "A1" })).await;
    assert_eq!(shop.number("select count(*) from series where id = 'tcgp' and hidden").await, 1);
    let unknown = shop.fabric.done("catalogue.import", json!({ "set": "nowhere" })).await;
    assert_eq!(unknown.status, "dead");
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_cancelled_goes_on_with_the_next_set() {
    let mut shop = Shop::new(0, Options::default()).await;
    shop.simulator.set_latency(std::time::Duration::from_millis(10));
    shop.workers(1);
    let id = shop.fabric.accept("catalogue.import", json!({})).await;
    shop.fabric.until_true("select count(*) > 0 from cards").await;
    let client = shop.fabric.client().await;
    store::commands::cancel(&client, id).await.unwrap();
    shop.fabric.until(id, |command| command.status == "cancelled").await;
    let written = shop.number("select count(distinct set_id) from cards").await;
    assert!((1..VISIBLE).contains(&written), "{written} sets were written");

    shop.simulator.set_latency(std::time::Duration::ZERO);
    store::commands::retry(&client, id).await.unwrap();
    let done = shop.fabric.until(id, |command| command.finished_at.is_some()).await;
    let result = done.result.unwrap();
    assert_eq!(result["sets_skipped"], written, "{result:#}");
    assert_eq!(result["sets"], VISIBLE - written);
    let mut first: Vec<String> = shop.cards_asked();
    first.retain(|subject| subject.starts_with("cards/base1-"));
    assert_eq!(first.len(), 102, "no card of a written set is asked for again");
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reference_prices_come_from_one_file_or_card_by_card() {
    let mut shop = Shop::new(0, Options::default()).await;
    shop.workers(1);
    shop.import(json!({ "set": "swsh3" })).await;
    shop.import(json!({ "set": "base2" })).await;
    let figures = "select coalesce(sum(cm_avg30 * id), 0)::bigint from cards";
    let before = shop.number(figures).await;
    assert!(before > 0);
    let forget =
        "update cards set cm_trend = null, cm_avg1 = null, cm_avg7 = null, cm_avg30 = null";

    shop.execute(forget).await;
    shop.simulator.inject(Endpoint::PriceGuide, Fault::Truncated, 1);
    let guide = json!({ "source": "cardmarket" });
    let broken = shop.fabric.done("catalogue.import", guide.clone()).await;
    assert_eq!(broken.status, "dead", "{broken:#?}");
    assert_eq!(shop.number(figures).await, 0, "nothing is kept of a file that is not whole");

    let result = shop.import(guide.clone()).await;
    assert!(result["changed"].as_i64().unwrap() > 300, "{result:#}");
    assert_eq!(shop.number(figures).await, before, "both sources say the same");
    let first_editions = "select count(cm_avg30) from cards where variant = 'FIRST_ED'";
    assert_eq!(shop.number(first_editions).await, 0);
    assert_eq!(shop.import(guide).await["changed"], 0);

    shop.execute(forget).await;
    let result = shop.import(json!({ "prices_only": true })).await;
    assert_eq!(result["asked"], 204 + 64, "{result:#}");
    assert_eq!(shop.number(figures).await, before);
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_are_asked_for_once_though_the_import_is_cancelled() {
    let mut shop = Shop::new(0, Options::default()).await;
    shop.workers(1);
    shop.import(json!({ "set": "swsh3" })).await;
    let figures = "select coalesce(sum(cm_avg30 * id), 0)::bigint from cards";
    let before = shop.number(figures).await;
    shop.execute("update cards set cm_trend = null, cm_avg30 = null").await;
    let n_before = shop.cards_asked().len();
    shop.simulator.set_latency(std::time::Duration::from_millis(10));
    let id = shop.fabric.accept("catalogue.import", json!({ "prices_only": true })).await;
    // Not at the end of what is written at once.
    while shop.cards_asked().len() < n_before + 60 {
        tokio::task::yield_now().await;
    }
    let client = shop.fabric.client().await;
    store::commands::cancel(&client, id).await.unwrap();
    shop.fabric.until(id, |command| command.status == "cancelled").await;
    let n_stopped = shop.cards_asked().len();
    assert!(n_stopped < n_before + 204, "stopped on the way");

    store::commands::retry(&client, id).await.unwrap();
    let done = shop.fabric.until(id, |command| command.finished_at.is_some()).await;
    assert_eq!(done.result.unwrap()["asked"], n_before + 204 - n_stopped);
    let mut asked = shop.cards_asked().split_off(n_before);
    asked.sort_unstable();
    asked.dedup();
    assert_eq!(asked.len(), 204);
    assert_eq!(shop.cards_asked().len(), n_before + 204, "each card once");
    assert_eq!(shop.number(figures).await, before, "and what it said is kept");
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_sees_to_rates_that_are_older_than_a_day() {
    let mut shop = Shop::new(2, Options::default()).await;
    shop.workers(1);
    shop.batch(json!({})).await;
    let rates = "select count(*) from fx_rates where day > current_date - 5";
    assert_eq!(shop.number(rates).await, 6);
    shop.execute("update fx_rates set day = day - 30").await;
    shop.simulator.inject(Endpoint::Rates, Fault::Status(403), 1);
    let report = shop.batch(json!({ "limit": 1 })).await;
    assert_eq!(report["stop_reason"], Value::Null, "old rates do when there are no others");
    assert_eq!(shop.number(rates).await, 0);
    let imported = shop.import(json!({ "source": "ecb" })).await;
    assert_eq!(imported["currencies"], 6);
    assert_eq!(shop.number(rates).await, 6);
    shop.fabric.stop().await;
}
