//! What is known about a card before it is looked at.

use cards::Variant;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::catalogue::{self, Authority, Incoming};
use store::prices::{self, Publish};
use store::snapshots;
use store::sold_listings::{self, Sold};

use crate::{Shop, buys, card, day, eur, priced, statistics};

fn sold(item: &str, card_id: i64, cents: i64, at: Timestamp) -> Sold {
    Sold {
        item_id: item.into(),
        card_id,
        title: "Abra".into(),
        price: eur(cents - 100),
        effective_price: eur(cents),
        currency: "EUR".into(),
        url: None,
        seller: Some("ash".into()),
        condition: None,
        listed_at: None,
        last_seen_at: at,
        detected_sold_at: at,
        is_reverse: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_was_never_priced_has_only_itself() {
    let shop = Shop::new().await;
    let inputs = shop.inputs(shop.cards[1]).await;
    assert_eq!(inputs.card.card.tcgdex_id, "base1-2-NORMAL");
    assert_eq!(inputs.known_variants, [Variant::Normal]);
    assert_eq!((inputs.price, inputs.listings), (None, None));
    assert!(inputs.past.is_empty() && inputs.sold_eur.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn several_cards_are_read_at_once_each_with_its_own() {
    let shop = Shop::new().await;
    let (one, two) = (shop.cards[0], shop.cards[1]);
    for (card, n) in [(one, 1), (two, 2)] {
        shop.write(&priced(card, day(n), &json!({"stage1": {"voices": n}}))).await;
    }
    let known = prices::inputs(&shop.client().await, &[two, 999, one, one]).await.unwrap();
    assert_eq!(known.len(), 2);
    for (card, n) in [(one, 1), (two, 2)] {
        let inputs = &known[&card];
        let past: Vec<_> = inputs.past.iter().map(|past| past.taken_at).collect();
        assert_eq!((inputs.card.id, past.as_slice()), (card, &[day(n)][..]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn history_sales_variants_and_listings_come_together() {
    let shop = Shop::new().await;
    let id = shop.cards[0];
    let mut client = shop.client().await;
    let reverse = card(1, Variant::Reverse);
    let incoming = [Incoming { card: &reverse, ebay_query: None }];
    catalogue::upsert_cards(&mut client, Authority::Source, &incoming).await.unwrap();
    for n in 1..=5 {
        let statistics = json!({"stage1": {"voices": n}});
        let mut look = priced(id, day(n), &statistics);
        let listings = format!("listings of day {n}");
        look.listings = Some(listings.as_bytes());
        look.outcome.anchor = Some(eur(1_000 + i64::from(n)));
        shop.write(&look).await;
        shop.write(&priced(shop.cards[1], day(n), &statistics)).await;
    }
    let now = shop.inputs(id).await.now;
    let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
    for (item, card_id, cents, days) in
        [("a", id, 1_100, 1), ("b", id, 1_200, 59), ("c", id, 5, 61), ("d", shop.cards[2], 7, 1)]
    {
        let sold = sold(item, card_id, cents, days_ago(days));
        assert!(sold_listings::record(&client, &sold).await.unwrap());
        assert!(!sold_listings::record(&client, &Sold { card_id: 1, ..sold }).await.unwrap());
    }
    let inputs = shop.inputs(id).await;
    assert_eq!(inputs.known_variants, [Variant::Normal, Variant::Reverse]);
    let past: Vec<_> = inputs
        .past
        .iter()
        .map(|past| (past.taken_at, past.statistics["stage1"]["voices"].clone()))
        .collect();
    assert_eq!(past, [5, 4, 3].map(|n| (day(n), json!(n))));
    assert_eq!(inputs.last_anchor, Some(eur(1_005)));
    let mut sold_eur = inputs.sold_eur;
    sold_eur.sort_unstable();
    assert_eq!(sold_eur, [eur(1_100), eur(1_200)]);
    let price = inputs.price.unwrap();
    assert_eq!((price.prices, price.anchor), (Some(buys(500)), Some(eur(1_005))));
    let listings = inputs.listings.unwrap();
    assert_eq!((listings.bytes.as_slice(), listings.taken_at), (&b"listings of day 5"[..], day(5)));
    let sales = sold_listings::of_card(&client, id, 10).await.unwrap();
    let items: Vec<_> = sales.iter().map(|sold| sold.item_id.as_str()).collect();
    assert_eq!(items, ["a", "b", "c"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_of_some_minutes_ago_is_no_history() {
    let shop = Shop::new().await;
    let (card, statistics) = (shop.cards[0], statistics());
    let now = shop.inputs(card).await.now;
    let ago = |minutes: i64| now - SignedDuration::from_mins(minutes);
    for (minutes, cents) in [(2_880, 900), (721, 1_000), (719, 1_100), (1, 1_200)] {
        let mut look = priced(card, ago(minutes), &statistics);
        look.outcome.anchor = Some(eur(cents));
        shop.write(&look).await;
    }
    let inputs = shop.inputs(card).await;
    let past: Vec<_> = inputs.past.iter().map(|past| past.taken_at).collect();
    assert_eq!(past, [ago(721), ago(2_880)]);
    assert_eq!(inputs.last_anchor, Some(eur(1_200)));
    assert_eq!(inputs.listings.unwrap().taken_at, ago(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_known_at_a_look_is_what_lay_before_it() {
    let shop = Shop::new().await;
    let (id, statistics) = (shop.cards[0], statistics());
    let client = shop.client().await;
    for n in 1..=6 {
        let mut look = priced(id, day(n), &statistics);
        look.outcome.anchor = Some(eur(1_000 + i64::from(n)));
        look.cardmarket.trend = Some(eur(100 * i64::from(n)));
        // The same is paid until the fifth day, so that the history has nothing to tell.
        look.publish = Publish::Prices(buys(if n < 5 { 500 } else { 600 }));
        shop.write(&look).await;
        let dated = "update price_history set at = $1 where at > now() - interval '1 hour'";
        shop.owner.execute(dated, &[&(day(n) + SignedDuration::from_secs(1))]).await.unwrap();
        let item = format!("sold on day {n}");
        sold_listings::record(&client, &sold(&item, id, i64::from(n), day(n))).await.unwrap();
    }
    let looks = snapshots::list(&client, id, None, 9).await.unwrap();
    let known = async |n: usize| {
        prices::inputs_before(&client, &looks[looks.len() - n]).await.unwrap().unwrap()
    };
    let fifth = known(5).await;
    assert_eq!(fifth.now, day(5));
    let past: Vec<_> = fifth.past.iter().map(|past| past.taken_at).collect();
    assert_eq!(past, [4, 3, 2].map(day));
    assert_eq!(fifth.last_anchor, Some(eur(1_004)));
    assert_eq!(fifth.listings.unwrap().taken_at, day(4));
    assert_eq!(fifth.card.card.cardmarket.trend, Some(eur(500)));
    let mut sold_eur = fifth.sold_eur;
    sold_eur.sort_unstable();
    assert_eq!(sold_eur, [1, 2, 3, 4].map(eur));
    let price = fifth.price.unwrap();
    assert_eq!((price.prices, price.anchor), (Some(buys(500)), Some(eur(1_004))));
    let price = known(6).await.price.unwrap();
    assert_eq!((price.prices, price.anchor), (Some(buys(600)), Some(eur(1_005))));
    let first = known(1).await;
    assert_eq!((first.price, first.last_anchor, first.past.len()), (None, None, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_span_of_time_can_be_replayed_in_its_order() {
    use futures::TryStreamExt;
    let shop = Shop::new().await;
    let statistics = statistics();
    for (n, card) in [(3, 0), (1, 1), (2, 0), (4, 0)] {
        shop.write(&priced(shop.cards[card], day(n), &statistics)).await;
    }
    let client = shop.client().await;
    let replay = async |card_id| {
        let stream = snapshots::replay(&client, day(1), day(4), card_id).await.unwrap();
        let all: Vec<_> = stream.try_collect().await.unwrap();
        assert!(all.iter().all(|snapshot| snapshot.listings.is_some()));
        all.iter().map(|snapshot| snapshot.taken_at).collect::<Vec<_>>()
    };
    assert_eq!(replay(None).await, [day(1), day(2), day(3)]);
    assert_eq!(replay(Some(shop.cards[0])).await, [day(2), day(3)]);
}
