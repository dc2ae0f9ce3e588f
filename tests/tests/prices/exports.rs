//! What the files are made from.

use futures::TryStreamExt;
use jiff::SignedDuration;
use serde_json::json;
use store::batches::{self, NewRun};
use store::sold_listings::{self, Sold};
use store::{card_exports, catalogue};
use uuid::Uuid;

use crate::{Shop, buys, day, eur, priced, statistics};

#[tokio::test(flavor = "multi_thread")]
async fn cards_come_with_their_price_and_their_last_snapshot() {
    let shop = Shop::new().await;
    let statistics = statistics();
    shop.write(&priced(shop.cards[1], day(1), &statistics)).await;
    shop.write(&priced(shop.cards[1], day(2), &statistics)).await;
    let mut client = shop.client().await;
    let transaction = card_exports::begin(&mut client).await.unwrap();
    let stream = card_exports::cards(&transaction, false).await.unwrap();
    let rows: Vec<_> = stream.try_collect().await.unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row.card.id).collect();
    assert_eq!(ids, shop.cards);
    assert!(rows[0].price.is_none() && rows[0].snapshot.is_none());
    assert_eq!(rows[1].price.as_ref().unwrap().prices, Some(buys(500)));
    let snapshot = rows[1].snapshot.as_ref().unwrap();
    assert_eq!((snapshot.taken_at, &snapshot.statistics), (day(2), &statistics));
    let stream = card_exports::listings(&transaction).await.unwrap();
    let listings: Vec<_> = stream.try_collect().await.unwrap();
    assert_eq!((listings.len(), listings[0].1.bytes.as_slice()), (1, &b"compressed"[..]));
    // Writing is no part of it.
    transaction.execute("update cards set name = ''", &[]).await.unwrap_err();
    drop(transaction);

    let hide = shop.client().await;
    catalogue::hide_set(&hide, "base1", true).await.unwrap();
    for (with_hidden, n) in [(false, 0), (true, 3)] {
        let transaction = card_exports::begin(&mut client).await.unwrap();
        let stream = card_exports::cards(&transaction, with_hidden).await.unwrap();
        assert_eq!(stream.try_collect::<Vec<_>>().await.unwrap().len(), n);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sales_are_listed_and_summed_up() {
    let shop = Shop::new().await;
    let mut client = shop.client().await;
    for (n, (card, cents)) in [(0, 1_000), (0, 1_200), (0, 1_250), (2, 300)].into_iter().enumerate()
    {
        let at = day(1) + SignedDuration::from_hours(24 * i64::try_from(n).unwrap());
        let sold = Sold {
            item_id: n.to_string(),
            card_id: shop.cards[card],
            title: "Abra".into(),
            price: eur(cents),
            effective_price: eur(cents),
            currency: "EUR".into(),
            url: Some("https://example.org".into()),
            seller: None,
            condition: Some("Occasion".into()),
            listed_at: Some(day(1)),
            last_seen_at: at,
            detected_sold_at: at,
            is_reverse: false,
        };
        sold_listings::record(&client, &sold).await.unwrap();
    }
    let transaction = card_exports::begin(&mut client).await.unwrap();
    let sales = card_exports::sales(&transaction, [Some(day(2)), Some(day(4))]).await.unwrap();
    let sales: Vec<_> = sales.try_collect().await.unwrap();
    let found: Vec<_> =
        sales.iter().map(|sale| (sale.sold.item_id.as_str(), sale.card.id)).collect();
    assert_eq!(found, [("2", shop.cards[0]), ("1", shop.cards[0])]);
    let summary = card_exports::sales_summary(&transaction, [None, None]).await.unwrap();
    let summary: Vec<_> = summary.try_collect().await.unwrap();
    let first = &summary[0];
    assert_eq!((summary.len(), first.n_sold, first.card.id), (2, 3, shop.cards[0]));
    assert_eq!(
        [first.min, first.median, first.mean, first.max],
        [1_000, 1_200, 1_150, 1_250].map(eur)
    );
    assert_eq!((first.first_at, first.last_at), (day(1), day(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_comes_with_what_it_found_and_what_moved() {
    let shop = Shop::new().await;
    let statistics = statistics();
    shop.write(&priced(shop.cards[0], day(1), &statistics)).await;
    let mut client = shop.client().await;
    let requested = json!({});
    let run = NewRun { id: Uuid::now_v7(), mode: "full", set_id: None, requested: &requested };
    let items: Vec<_> = shop.cards.iter().map(|card| (*card, "base1")).collect();
    batches::create(&mut client, &run, &items).await.unwrap();
    let ids: Vec<_> = (0..3).map(|_| Uuid::now_v7()).collect();
    batches::fan_out(&client, run.id, 3, &ids, "cards.price", None).await.unwrap();
    for (card, cents) in [(0, 2_000), (1, 3_000)] {
        let mut look = priced(shop.cards[card], day(2), &statistics);
        (look.command_id, look.batch_id) = (ids[card], Some(run.id));
        look.outcome.anchor = Some(eur(cents));
        shop.write(&look).await;
    }
    let moves = store::prices::top_moves(&client, run.id, 0.6, 10).await.unwrap();
    assert_eq!(moves.len(), 1, "the second card had no price before");
    assert_eq!(
        (moves[0].card_id, moves[0].before, moves[0].after),
        (shop.cards[0], eur(1_000), eur(2_000))
    );
    assert!(store::prices::top_moves(&client, run.id, 1.1, 10).await.unwrap().is_empty());
    let transaction = card_exports::begin(&mut client).await.unwrap();
    let rows = card_exports::batch(&transaction, run.id).await.unwrap();
    let rows: Vec<_> = rows.try_collect().await.unwrap();
    let found: Vec<_> = rows
        .iter()
        .map(|(item, row)| (item.state.as_str(), row.snapshot.as_ref().and_then(|s| s.anchor)))
        .collect();
    let expected =
        [("succeeded", Some(eur(2_000))), ("succeeded", Some(eur(3_000))), ("queued", None)];
    assert_eq!(found, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_is_counted() {
    let shop = Shop::new().await;
    let statistics = statistics();
    shop.write(&priced(shop.cards[0], day(1), &statistics)).await;
    shop.write(&priced(shop.cards[0], day(2), &statistics)).await;
    let client = shop.client().await;
    catalogue::fail(&client, shop.cards[1], "x").await.unwrap();
    shop.owner
        .execute("update cards set is_active = false where local_id = '3'", &[])
        .await
        .unwrap();
    let stats = store::card_stats::card_stats(&client).await.unwrap();
    let expected = store::card_stats::CardStats {
        cards: 3,
        visible: 2,
        with_query: 3,
        failing: 1,
        with_price: 1,
        verdicts: vec![("OK".into(), 1)],
        snapshots: 2,
        ..Default::default()
    };
    assert_eq!(stats, expected);
}
