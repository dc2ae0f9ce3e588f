//! Listings that have gone: asked about, and kept when they were sold.

use std::collections::{HashMap, HashSet};

use cards::Listing;
use commands::listings;
use rust_decimal::Decimal;
use serde_json::json;
use store::catalogue::CardRef;
use store::sold_listings::{self, Filter};
use tests::simulator::{Endpoint, Fault, Options};

use crate::shop::Shop;

const N_CARDS: usize = 20;

/// A shop that asks about the sales of all its cards, and has looked at each of them once.
async fn looked_at() -> Shop {
    let mut shop =
        Shop::new(N_CARDS, Options { listings_per_card: Some(40), ..Options::default() }).await;
    shop.set(&[("low_value_threshold", "0")]).await;
    let owner = shop.fabric.database.owner().await;
    let rate = "insert into fx_rates (currency, day, per_eur) values ('GBP', current_date, 2)";
    owner.batch_execute(rate).await.unwrap();
    shop.workers(1);
    look(&shop).await;
    assert_eq!(shop.simulator.arrived(Endpoint::Item), 0, "there is nothing to compare with");
    shop
}

async fn look(shop: &Shop) {
    let ids: Vec<i64> = (1..=20).collect();
    let report = shop.batch(json!({ "cards": ids })).await;
    assert_eq!(report["progress"]["succeeded"], N_CARDS, "{report:#}");
}

/// What is kept of each card, by item, as if it had been offered in pounds.
async fn in_pounds(shop: &Shop) -> HashMap<String, Listing> {
    let owner = shop.fabric.database.owner().await;
    let client = shop.fabric.client().await;
    let mut all = HashMap::new();
    for row in owner.query("select id, card_id from market_snapshots", &[]).await.unwrap() {
        let (id, card_id): (i64, i64) = (row.get(0), row.get(1));
        let mut listings = listings(&client, CardRef::Id(card_id)).await.unwrap().listings;
        for listing in &mut listings {
            listing.price.currency = "GBP".parse().unwrap();
        }
        // The form that listings had until they were kept in columns.
        let bytes = zstd::bulk::compress(&serde_json::to_vec(&listings).unwrap(), 1).unwrap();
        let update = "update snapshot_listings set listings = $2 where snapshot_id = $1";
        owner.execute(update, &[&id, &bytes]).await.unwrap();
        all.extend(listings.into_iter().map(|listing| (listing.item_id.clone(), listing)));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sold_is_kept_in_euros_and_every_question_is_counted() {
    let shop = looked_at().await;
    let before = in_pounds(&shop).await;
    shop.simulator.advance_days(30);
    look(&shop).await;
    let n_asked = shop.simulator.arrived(Endpoint::Item);
    assert!(n_asked > 0 && n_asked <= N_CARDS as u64, "one for each card at most: {n_asked}");
    shop.assert_settled().await;
    let calls = shop.number("select sum(calls)::bigint from batch_items").await;
    assert_eq!(calls.unsigned_abs(), shop.simulator.browse_calls());

    let client = shop.fabric.client().await;
    let filter = Filter { limit: 100, ..Filter::default() };
    let sales = sold_listings::list(&client, &filter).await.unwrap();
    assert!(!sales.is_empty() && sales.len() as u64 <= n_asked);
    let arrivals = shop.simulator.arrivals();
    for sale in &sales {
        let (sold, listing) = (&sale.sold, &before[&sale.sold.item_id]);
        assert!(
            arrivals.iter().any(|it| it.endpoint == Endpoint::Item && it.subject == sold.item_id)
        );
        let euros = (listing.price.amount / Decimal::TWO).round_dp(2);
        assert!((sold.price - euros).abs() <= Decimal::new(1, 2), "{} of {euros}", sold.price);
        assert_eq!((sold.currency.as_str(), sold.listed_at), ("EUR", listing.listed_at));
        assert!(sold.effective_price >= sold.price && sold.last_seen_at < sold.detected_sold_at);
        let now = listings(&client, CardRef::Id(sold.card_id)).await.unwrap();
        let now: HashSet<&str> = now.listings.iter().map(|it| it.item_id.as_str()).collect();
        assert!(!now.contains(sold.item_id.as_str()), "it has gone");
    }
    shop.fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_cannot_be_read_does_not_hide_what_was_sold() {
    let shop = looked_at().await;
    shop.simulator.advance_days(30);
    shop.simulator.inject(Endpoint::Search, Fault::Unreadable, u32::MAX);
    look(&shop).await;
    let unreadable = "select count(*) from commands where (result ->> 'unreadable')::int = 1";
    assert!(shop.number(unreadable).await > 10);
    assert!(shop.simulator.arrived(Endpoint::Item) > 0);
    assert!(shop.number("select count(*) from sold_listings").await > 0);
    shop.assert_settled().await;
    shop.fabric.stop().await;
}
