//! Sources write; what the shop said stays.

use std::slice;

use cards::card::{Card, NumberFormat, Set};
use cards::{Variant, query};
use store::catalogue::{self, Authority, Incoming};
use store::{Error, Role};

use crate::{Shop, card, eur, rich, set};

#[tokio::test(flavor = "multi_thread")]
async fn a_card_comes_back_as_it_was_written() {
    let shop = Shop::with_sets().await;
    let wanted = rich();
    assert_eq!(shop.upsert(Authority::Shop, slice::from_ref(&wanted)).await, [1, 0, 0]);
    let stored = shop.find("base1-4-HOLO").await;
    assert_eq!(stored.card, wanted);
    assert_eq!(stored.ebay_query, query::build(&wanted));
    assert!(!stored.is_hidden && stored.cardmarket_at.is_some());
    let by_id = catalogue::find(&shop.client().await, catalogue::CardRef::Id(stored.id)).await;
    assert_eq!(by_id.unwrap().unwrap(), stored);
    let unknown = catalogue::CardRef::Tcgdex("base1-5-HOLO");
    assert_eq!(catalogue::find(&shop.client().await, unknown).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_differs_is_touched() {
    let shop = Shop::with_sets().await;
    let mut cards: Vec<Card> =
        (1..=50).map(|n| card(&n.to_string(), "Pikachu", Variant::Normal)).collect();
    assert_eq!(shop.upsert(Authority::Source, &cards).await, [50, 0, 0]);
    let versions = "select string_agg(xmin::text || ctid::text, ',' order by id) from cards";
    let before: String = shop.value(versions).await;
    assert_eq!(shop.upsert(Authority::Source, &cards).await, [0, 0, 50]);
    assert_eq!(shop.value::<String>(versions).await, before);

    cards[7].name = "Raichu".into();
    cards[8].rarity = Some("Rare".into());
    cards.push(card("51", "Mew", Variant::Normal));
    assert_eq!(shop.upsert(Authority::Source, &cards).await, [1, 2, 48]);
    assert_eq!(shop.find("base1-8-NORMAL").await.card.name, "Raichu");
    // Given twice, the last one holds, in new rows and known ones.
    let twice = |n: &str| [card(n, "Abra", Variant::Normal), card(n, "Kadabra", Variant::Normal)];
    let both: Vec<Card> = twice("1").into_iter().chain(twice("60")).collect();
    assert_eq!(shop.upsert(Authority::Source, &both).await, [1, 1, 0]);
    for id in ["base1-1-NORMAL", "base1-60-NORMAL"] {
        assert_eq!(shop.find(id).await.card.name, "Kadabra");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_never_overwrites_the_shop() {
    let shop = Shop::with_sets().await;
    let corrected = Card { is_active: false, ..rich() };
    shop.upsert(Authority::Shop, slice::from_ref(&corrected)).await;
    let said = Card {
        name: "Dracaufeu ex".into(),
        rarity: None,
        name_en: None,
        ..card("4", "", Variant::Holo)
    };
    assert_eq!(shop.upsert(Authority::Source, slice::from_ref(&said)).await, [0, 1, 0]);
    let stored = shop.find("base1-4-HOLO").await;
    let expected = Card { name: "Dracaufeu ex".into(), ..corrected };
    assert_eq!(stored.card, expected);
    // The source's query knows nothing of the shop's corrections.
    assert_eq!(stored.ebay_query, None);
    assert!(stored.is_hidden);
    // The shop may take everything back.
    let plain = Card { cardmarket: expected.cardmarket, set_code: Some("BS".into()), ..said };
    assert_eq!(shop.upsert(Authority::Shop, slice::from_ref(&plain)).await, [0, 1, 0]);
    assert_eq!(shop.find("base1-4-HOLO").await.card, plain);
    assert_eq!(shop.upsert(Authority::Shop, &[plain]).await, [0, 0, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_a_source_are_taken_when_it_has_any() {
    let shop = Shop::with_sets().await;
    let mut known = card("1", "Abra", Variant::Normal);
    known.cardmarket.trend = Some(eur(150));
    known.cardmarket.avg30 = Some(eur(140));
    shop.upsert(Authority::Source, slice::from_ref(&known)).await;
    let silent = card("1", "Abra", Variant::Normal);
    assert_eq!(shop.upsert(Authority::Source, &[silent]).await, [0, 0, 1]);
    assert_eq!(shop.find("base1-1-NORMAL").await.card.cardmarket, known.cardmarket);
    known.cardmarket.avg30 = None;
    assert_eq!(shop.upsert(Authority::Source, slice::from_ref(&known)).await, [0, 1, 0]);
    assert_eq!(shop.find("base1-1-NORMAL").await.card.cardmarket, known.cardmarket);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_cannot_be_stored_stops_all() {
    let shop = Shop::with_sets().await;
    let lost = Card { set_id: "nowhere".into(), ..card("2", "Abra", Variant::Normal) };
    let cards = [card("1", "Abra", Variant::Normal), lost];
    let incoming = cards.each_ref().map(|card| Incoming { card, ebay_query: None });
    let mut client = shop.client().await;
    let refused = catalogue::upsert_cards(&mut client, Authority::Source, &incoming).await;
    let refused = refused.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(text) if text.contains("`nowhere`")), "{refused}");
    let mut huge = card("3", "Abra", Variant::Normal);
    huge.cardmarket.trend = Some(eur(100_000_000_000));
    let incoming_huge = [Incoming { card: &huge, ebay_query: None }];
    let refused = catalogue::upsert_cards(&mut client, Authority::Source, &incoming_huge).await;
    assert!(refused.unwrap_err().is_data());
    assert_eq!(shop.value::<i64>("select count(*) from cards").await, 0);
    // The connection is as good as new.
    let written = catalogue::upsert_cards(&mut client, Authority::Source, &incoming[..1]).await;
    assert_eq!(written.unwrap().created, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn sets_are_updated_when_they_differ() {
    let shop = Shop::with_sets().await;
    assert_eq!(shop.upsert_sets(&[set("base1", "base"), set("A1", "tcgp")]).await, [0, 0, 2]);
    let renamed = Set {
        name: "Set de Base".into(),
        serie_name: Some("Base".into()),
        card_count_official: None,
        release_date: Some("1999-01-09".parse().unwrap()),
        card_count: Some(103),
        ..set("base1", "base")
    };
    let by_hand = Set { name: "?".into(), ..set("base1", Set::UNKNOWN_SERIE) };
    let new = set("hand", Set::UNKNOWN_SERIE);
    assert_eq!(shop.upsert_sets(&[renamed.clone(), new.clone()]).await, [1, 1, 0]);
    assert_eq!(shop.upsert_sets(&[by_hand, new]).await, [0, 0, 2]);
    let sets = catalogue::sets(&shop.client().await).await.unwrap();
    let base = sets.iter().find(|stored| stored.set.id == "base1").unwrap();
    assert_eq!(base.set, Set { card_count_official: Some(102), ..renamed });
    // A series that is hidden by default begins hidden; one that was shown stays so.
    let hidden = async || {
        let statement = "select string_agg(id, ' ' order by id) from series where hidden";
        shop.value::<Option<String>>(statement).await
    };
    assert_eq!(hidden().await.as_deref(), Some("tcgp"));
    assert!(catalogue::hide_series(&shop.client().await, "tcgp", false).await.unwrap());
    shop.upsert_sets(&[set("A1", "tcgp")]).await;
    assert_eq!(hidden().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_workers_write_the_catalogue() {
    let shop = Shop::with_sets().await;
    shop.upsert(Authority::Source, &[rich()]).await;
    for role in [Role::Api, Role::ReadOnly] {
        let client = shop.database.store(role).client().await.unwrap();
        let found = catalogue::find_many(&client, &[], &["base1-4-HOLO"]).await.unwrap();
        assert_eq!(found[0].card.card_number_format, NumberFormat::Promo);
        catalogue::fail(&client, found[0].id, "no").await.unwrap_err();
        catalogue::hide_set(&client, "base1", true).await.unwrap_err();
    }
    let worker = shop.client().await;
    worker.execute("delete from cards", &[]).await.unwrap_err();
}
