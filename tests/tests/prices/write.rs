//! One statement writes a priced card, once.

use cards::plan::volatility;
use rust_decimal::Decimal;
use store::batches::{self, Scope};
use store::prices::{self, Outcome, Priced, Publish, Written};
use store::{Role, catalogue};

use crate::{Shop, buys, day, eur, priced, statistics};

#[tokio::test(flavor = "multi_thread")]
async fn a_command_writes_once_however_often_it_runs() {
    let shop = Shop::new().await;
    let card = shop.cards[0];
    catalogue::fail(&shop.client().await, card, "timeout").await.unwrap();
    let statistics = statistics();
    let first = priced(card, day(1), &statistics);
    let Written::New { snapshot_id, changed: true } = shop.write(&first).await else { panic!() };
    assert_eq!(shop.inputs(card).await.card.card.error_count, 0);
    catalogue::fail(&shop.client().await, card, "later").await.unwrap();
    let again = Priced { publish: Publish::Withdraw, ..first };
    assert_eq!(shop.write(&again).await, Written::Repeated);

    assert_eq!(shop.inputs(card).await.card.card.error_count, 1);
    let price = shop.price(card).await;
    assert_eq!((price.prices, price.anchor), (Some(buys(500)), Some(eur(1_000))));
    assert_eq!((price.snapshot_id, price.taken_at), (Some(snapshot_id), Some(day(1))));
    assert_eq!((price.verdict.as_str(), price.suspended), ("OK", false));
    assert_eq!(shop.n_versions(card).await, 1);
    let snapshot = store::snapshots::newest(&shop.client().await, card).await.unwrap().unwrap();
    assert_eq!(snapshot.id, snapshot_id);
    assert_eq!(snapshot.listings.as_deref(), Some(&b"compressed"[..]));
    assert_eq!(shop.value::<i64>("select count(*) from snapshot_listings").await, 1);
    assert_eq!((snapshot.total, snapshot.n_listings), (31, 2));
    assert_eq!(snapshot.cardmarket, first.cardmarket);
    assert_eq!(snapshot.statistics, statistics);
}

#[tokio::test(flavor = "multi_thread")]
async fn history_grows_only_when_something_changes() {
    let shop = Shop::new().await;
    let (card, statistics) = (shop.cards[0], statistics());
    assert!(shop.changes(&priced(card, day(1), &statistics)).await);
    let since = shop.price(card).await.since;

    // The same price from a slightly other anchor.
    let mut same = priced(card, day(2), &statistics);
    same.outcome.anchor = Some(eur(1_010));
    assert!(!shop.changes(&same).await);
    let price = shop.price(card).await;
    assert_eq!((price.since, price.anchor), (since, Some(eur(1_010))));
    assert_eq!(price.taken_at, Some(day(2)));

    let dearer =
        Priced { publish: Publish::Prices(buys(600)), ..priced(card, day(3), &statistics) };
    assert!(shop.changes(&dearer).await);
    let doubted = Outcome { verdict: "LOW_CONF", reason: Some("VOTES"), ..dearer.outcome };
    let doubted = Priced { outcome: doubted, command_id: uuid::Uuid::now_v7(), ..dearer };
    assert!(shop.changes(&doubted).await);
    let versions = prices::history(&shop.client().await, card, None, 10).await.unwrap();
    let words: Vec<_> = versions
        .iter()
        .map(|version| (version.verdict.as_str(), version.prices, version.source.as_str()))
        .collect();
    let expected = [
        ("LOW_CONF", Some(buys(600)), "snapshot"),
        ("OK", Some(buys(600)), "snapshot"),
        ("OK", Some(buys(500)), "snapshot"),
    ];
    assert_eq!(words, expected);
    let older =
        prices::history(&shop.client().await, card, Some(versions[1].id), 10).await.unwrap();
    assert_eq!(older, versions[2..]);
    assert_eq!(shop.price(card).await.since, versions[0].at);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_keeps_or_suspends_what_is_on_show() {
    let shop = Shop::new().await;
    let (card, statistics) = (shop.cards[0], statistics());
    let review = |at, publish| {
        let mut review = priced(card, at, &statistics);
        review.publish = publish;
        review.outcome = Outcome {
            verdict: "REVIEW",
            reason: Some("MOVE"),
            anchor: Some(eur(400)),
            ..review.outcome
        };
        review
    };
    // Before anything was on show.
    assert!(shop.changes(&review(day(1), Publish::Suspend)).await);
    let price = shop.price(card).await;
    assert_eq!((price.prices, price.anchor, price.suspended), (None, None, false));
    assert_eq!(price.estimate, Some(eur(400)));

    assert!(shop.changes(&priced(card, day(2), &statistics)).await);
    assert!(shop.changes(&review(day(3), Publish::Keep)).await);
    let price = shop.price(card).await;
    assert_eq!((price.prices, price.anchor), (Some(buys(500)), Some(eur(1_000))));
    assert_eq!((price.verdict.as_str(), price.reason.as_deref()), ("REVIEW", Some("MOVE")));
    assert_eq!((price.estimate, price.suspended), (Some(eur(400)), false));
    assert!(!shop.changes(&review(day(4), Publish::Keep)).await);
    assert!(shop.changes(&review(day(5), Publish::Suspend)).await);
    assert!(!shop.changes(&review(day(6), Publish::Keep)).await);
    let price = shop.price(card).await;
    assert_eq!((price.prices, price.suspended), (Some(buys(500)), true));
    // The same price as before comes back on the shelf.
    assert!(shop.changes(&priced(card, day(7), &statistics)).await);
    assert!(!shop.price(card).await.suspended);
    let gone = Priced { publish: Publish::Withdraw, ..review(day(8), Publish::Keep) };
    assert!(shop.changes(&gone).await);
    let price = shop.price(card).await;
    assert_eq!((price.prices, price.anchor, price.anchor_source), (None, None, None));
    assert_eq!(shop.n_versions(card).await, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_snapshot_never_replaces_a_newer_price() {
    let shop = Shop::new().await;
    let (card, statistics) = (shop.cards[0], statistics());
    shop.changes(&priced(card, day(5), &statistics)).await;
    let late = Priced { publish: Publish::Prices(buys(100)), ..priced(card, day(4), &statistics) };
    assert!(!shop.changes(&late).await);
    let price = shop.price(card).await;
    assert_eq!((price.prices, price.taken_at), (Some(buys(500)), Some(day(5))));
    assert_eq!(shop.value::<i64>("select count(*) from market_snapshots").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_cannot_be_written_leaves_nothing_behind() {
    let shop = Shop::new().await;
    let statistics = statistics();
    let unknown = priced(999, day(1), &statistics);
    let client = shop.client().await;
    assert!(prices::write(&client, &unknown).await.unwrap_err().is_data());
    let mut huge = priced(shop.cards[0], day(1), &statistics);
    huge.outcome.anchor = Some(Decimal::from(1_000_000_000));
    assert!(prices::write(&client, &huge).await.unwrap_err().is_data());
    assert_eq!(shop.value::<i64>("select count(*) from market_snapshots").await, 0);
    assert_eq!(shop.value::<i64>("select count(*) from snapshot_listings").await, 0);
    let api = shop.database.store(Role::Api).client().await.unwrap();
    prices::write(&api, &priced(shop.cards[0], day(1), &statistics)).await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_that_are_written_together_are_all_written_or_none() {
    let shop = Shop::new().await;
    let (statistics, client) = (statistics(), shop.client().await);
    let [first, second, third] = [2, 0, 1].map(|n| priced(shop.cards[n], day(1), &statistics));
    shop.write(&second).await;
    // A card twice, as when a person asks for it during a batch.
    let later = Priced { publish: Publish::Withdraw, ..priced(shop.cards[2], day(2), &statistics) };
    let written = prices::write_all(&client, &[first, second, third, later]).await.unwrap();
    assert_eq!(written[1], Written::Repeated);
    for n in [0, 2, 3] {
        assert!(matches!(written[n], Written::New { changed: true, .. }), "{written:?}");
    }
    assert_eq!(shop.price(shop.cards[2]).await.prices, None);
    assert_eq!(shop.price(shop.cards[1]).await.prices, Some(buys(500)));

    let sound = priced(shop.cards[0], day(3), &statistics);
    let unknown = priced(999, day(3), &statistics);
    assert!(prices::write_all(&client, &[sound, unknown]).await.unwrap_err().is_data());
    assert_eq!(shop.value::<i64>("select count(*) from market_snapshots").await, 4);
    assert!(prices::write_all(&client, &[]).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_prices_of_one_card_leave_a_gapless_history() {
    let shop = Shop::new().await;
    let card = shop.cards[0];
    let tasks: Vec<_> = (1..=24_i8)
        .map(|n| {
            let store = shop.store.clone();
            tokio::spawn(async move {
                let statistics = statistics();
                let publish = Publish::Prices(buys(i64::from(n % 4) * 100));
                let priced = Priced { publish, ..priced(card, day(1), &statistics) };
                prices::write(&store.client().await.unwrap(), &priced).await.unwrap()
            })
        })
        .collect();
    let mut n_changed = 0;
    for task in tasks {
        let Written::New { changed, .. } = task.await.unwrap() else { panic!() };
        n_changed += usize::from(changed);
    }
    let versions = prices::history(&shop.client().await, card, None, 100).await.unwrap();
    assert_eq!(versions.len(), n_changed);
    assert!(versions.windows(2).all(|pair| pair[0].prices != pair[1].prices));
    assert_eq!(versions[0].prices, shop.price(card).await.prices);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_volatility_is_that_of_all_estimates() {
    let shop = Shop::new().await;
    let (card, statistics) = (shop.cards[0], statistics());
    let points = [
        (1, Some(1_000)),
        (3, Some(1_300)),
        (4, None),
        (5, Some(0)),
        (8, Some(900)),
        (9, Some(910)),
    ];
    let known = async || {
        let inputs = batches::plan_inputs(&shop.client().await, Scope::default()).await.unwrap();
        inputs.into_iter().find(|input| input.card_id == card).unwrap().candidate
    };
    for (n, (at, cents)) in points.into_iter().enumerate() {
        assert_eq!(known().await.volatility.is_some(), n > 5);
        let mut look = priced(card, day(at), &statistics);
        look.outcome.anchor = cents.map(eur);
        shop.write(&look).await;
    }
    let prices = points.iter().filter_map(|(at, cents)| Some((day(*at), eur((*cents)?))));
    let expected = volatility(prices).unwrap();
    let candidate = known().await;
    assert!((candidate.volatility.unwrap() - expected).abs() < 1e-9);
    assert_eq!((candidate.price_eur, candidate.priced_at), (Some(eur(910)), Some(day(9))));
    assert_eq!((candidate.is_active, candidate.is_hidden, candidate.calls), (true, false, 1));
}
