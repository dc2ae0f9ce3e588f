//! Changes card by card.

use cards::card::{Card, Cardmarket, NumberFormat, Overrides};
use cards::{Variant, query};
use futures::TryStreamExt;
use jiff::Timestamp;
use store::catalogue::{self, Authority, Wanted};

use crate::{Shop, card, eur, rich};

#[tokio::test(flavor = "multi_thread")]
async fn the_shop_corrects_a_card() {
    let shop = Shop::with_sets().await;
    shop.upsert(Authority::Source, &[card("4", "Dracaufeu", Variant::Holo)]).await;
    let stored = shop.find("base1-4-HOLO").await;
    let corrected = Card {
        overrides: rich().overrides,
        card_number_format: NumberFormat::LocalOnly,
        card_number_padded: true,
        ebay_query_override: Some("x".into()),
        is_active: false,
        // What the source says is not the shop's to change here.
        name: "nothing".into(),
        ..stored.card.clone()
    };
    let client = shop.client().await;
    let query = query::build(&corrected);
    assert!(catalogue::save(&client, stored.id, &corrected, query.as_deref()).await.unwrap());
    let after = shop.find("base1-4-HOLO").await;
    assert_eq!(after.card, Card { name: "Dracaufeu".into(), ..corrected.clone() });
    assert_eq!(after.ebay_query, query);
    assert!(after.updated_at > stored.updated_at);
    assert!(!catalogue::save(&client, stored.id + 1, &corrected, None).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_queries_are_found_and_filled() {
    let shop = Shop::with_sets().await;
    let cards: Vec<_> = (1..=9).map(|n| card(&n.to_string(), "Abra", Variant::Normal)).collect();
    shop.upsert(Authority::Source, &cards).await;
    shop.owner
        .execute("update cards set ebay_query = null where local_id < '4'", &[])
        .await
        .unwrap();
    let client = shop.client().await;
    let wanted = Wanted { without_query: true, ..Wanted::default() };
    let found: Vec<_> =
        catalogue::stream(&client, wanted).await.unwrap().try_collect().await.unwrap();
    assert_eq!(found.len(), 3);
    let built: Vec<_> =
        found.iter().map(|stored| (stored.id, query::build(&stored.card))).collect();
    let queries: Vec<_> = built.iter().map(|(id, query)| (*id, query.as_deref())).collect();
    assert_eq!(catalogue::set_queries(&client, &queries).await.unwrap(), 3);
    assert_eq!(catalogue::set_queries(&client, &queries).await.unwrap(), 0);
    assert_eq!(shop.find("base1-2-NORMAL").await.ebay_query.as_deref(), Some("Abra 2/102"));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_the_price_guide_are_matched_by_key() {
    let shop = Shop::with_sets().await;
    let with_product =
        |n: &str, variant, product| Card { cardmarket_id: product, ..card(n, "Abra", variant) };
    let cards = [
        with_product("1", Variant::Normal, Some(7)),
        with_product("1", Variant::Reverse, Some(7)),
        with_product("2", Variant::Normal, None),
    ];
    shop.upsert(Authority::Source, &cards).await;
    let client = shop.client().await;
    let keys = catalogue::keys(&client).await.unwrap();
    assert_eq!(keys.len(), 3);
    let figures: Vec<_> = keys
        .iter()
        .filter(|key| key.cardmarket_id == Some(7))
        .map(|key| {
            let cents = if key.variant == Variant::Reverse { 900 } else { 300 };
            (
                key.id,
                Cardmarket {
                    trend: Some(eur(cents)),
                    avg7: Some(eur(cents + 1)),
                    ..Cardmarket::default()
                },
            )
        })
        .collect();
    let at: Timestamp = "2026-11-21T02:00:00Z".parse().unwrap();
    assert_eq!(catalogue::update_cardmarket(&client, &figures, at).await.unwrap(), 2);
    assert_eq!(catalogue::update_cardmarket(&client, &figures, at).await.unwrap(), 0);
    let reverse = shop.find("base1-1-REVERSE").await;
    assert_eq!((reverse.card.cardmarket.trend, reverse.cardmarket_at), (Some(eur(900)), Some(at)));
    assert_eq!(shop.find("base1-2-NORMAL").await.cardmarket_at, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_in_a_row_are_counted_until_a_success() {
    let shop = Shop::with_sets().await;
    shop.upsert(Authority::Source, &[card("1", "Abra", Variant::Normal)]).await;
    let client = shop.client().await;
    let id = shop.find("base1-1-NORMAL").await.id;
    for n in 1..=3 {
        assert_eq!(catalogue::fail(&client, id, &format!("error {n}")).await.unwrap(), Some(n));
    }
    assert_eq!(catalogue::fail(&client, id + 1, "x").await.unwrap(), None);
    let failed = shop.find("base1-1-NORMAL").await.card;
    assert_eq!((failed.error_count, failed.last_error.as_deref()), (3, Some("error 3")));
    assert!(failed.last_error_at.is_some());
    // Neither an import nor a correction forgets them.
    shop.upsert(Authority::Shop, &[Card { rarity: Some("x".into()), ..failed.clone() }]).await;
    assert_eq!(shop.find("base1-1-NORMAL").await.card.error_count, 3);
    catalogue::succeed(&client, id).await.unwrap();
    let healed = shop.find("base1-1-NORMAL").await.card;
    assert_eq!((healed.error_count, healed.last_error, healed.last_error_at), (0, None, None));
    assert_eq!(healed.overrides, Overrides::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn hiding_a_series_hides_its_sets_and_their_cards() {
    let shop = Shop::with_sets().await;
    shop.upsert(Authority::Source, &[card("1", "Abra", Variant::Normal)]).await;
    let client = shop.client().await;
    let is_hidden = async || shop.find("base1-1-NORMAL").await.is_hidden;
    assert!(!is_hidden().await);
    assert!(catalogue::hide_set(&client, "base1", true).await.unwrap());
    assert!(is_hidden().await);
    assert!(catalogue::hide_set(&client, "base1", false).await.unwrap());
    assert!(catalogue::hide_series(&client, "base", true).await.unwrap());
    assert!(is_hidden().await);
    let visible = Wanted { visible: true, ..Wanted::default() };
    let found: Vec<_> =
        catalogue::stream(&client, visible).await.unwrap().try_collect().await.unwrap();
    assert!(found.is_empty());
    assert!(!catalogue::hide_set(&client, "nowhere", true).await.unwrap());
    assert!(!catalogue::hide_series(&client, "nowhere", true).await.unwrap());
}
