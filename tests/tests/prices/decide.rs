//! Decisions of people, and estimates.

use cards::Variant;
use cards::hybrid::{Band, Factor, Segment};
use serde_json::json;
use store::prices::{self, Decision, Estimate, ManualDecision, Outcome, Publish};
use store::{segment_ratios, snapshots};

use crate::{Shop, buys, day, eur, priced, statistics};

fn decided(card_id: i64, decision: Decision) -> ManualDecision<'static> {
    ManualDecision {
        card_id,
        actor: "alice",
        decision,
        snapshot_id: None,
        note: Some("seen in the shop"),
        statistics: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn decisions_are_carried_out_and_kept_with_the_figures_behind_them() {
    let shop = Shop::new().await;
    let (card, statistics) = (shop.cards[0], statistics());
    shop.write(&priced(card, day(1), &statistics)).await;
    let mut review = priced(card, day(2), &statistics);
    review.publish = Publish::Suspend;
    review.outcome = Outcome { verdict: "REVIEW", anchor: Some(eur(300)), ..review.outcome };
    shop.write(&review).await;
    let client = shop.client().await;
    let decide = async |decision| {
        let manual = ManualDecision { statistics: Some(&statistics), ..decided(card, decision) };
        prices::decide(&client, &manual).await.unwrap()
    };
    // What is on show is right: back on the shelf.
    assert!(decide(Decision::Reject).await);
    let price = shop.price(card).await;
    assert_eq!(
        (price.prices, price.anchor, price.suspended),
        (Some(buys(500)), Some(eur(1_000)), false)
    );
    assert_eq!((price.verdict.as_str(), price.rule.as_str()), ("OK", "robust"));
    assert!(decide(Decision::Approve { anchor: eur(300), prices: buys(150) }).await);
    let price = shop.price(card).await;
    assert_eq!((price.prices, price.anchor), (Some(buys(150)), Some(eur(300))));
    assert_eq!((price.anchor_source.as_deref(), price.rule.as_str()), (Some("MANUAL"), "manual"));
    // The looks at the marketplace are as they were.
    assert_eq!((price.taken_at, price.estimate), (Some(day(2)), Some(eur(300))));
    assert!(!decide(Decision::Set { anchor: eur(300), prices: buys(150) }).await);
    assert!(decide(Decision::Withdraw).await);
    let price = shop.price(card).await;
    assert_eq!((price.prices, price.verdict.as_str()), (None, "DISABLED"));

    let kept = prices::decisions(&client, card, 10).await.unwrap();
    let words: Vec<_> = kept
        .iter()
        .map(|kept| (kept.decision.as_str(), kept.verdict.as_deref().unwrap()))
        .collect();
    let expected = [("withdraw", "OK"), ("set", "OK"), ("approve", "OK"), ("reject", "REVIEW")];
    assert_eq!(words, expected);
    assert!(kept.iter().all(|kept| kept.statistics.as_ref() == Some(&statistics)));
    assert_eq!(shop.n_versions(card).await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_without_a_price_can_be_decided_about() {
    let shop = Shop::new().await;
    let client = shop.client().await;
    let decide = async |card, decision| prices::decide(&client, &decided(card, decision)).await;
    assert!(
        decide(shop.cards[0], Decision::Set { anchor: eur(900), prices: buys(400) }).await.unwrap()
    );
    assert_eq!(shop.price(shop.cards[0]).await.prices, Some(buys(400)));
    assert_eq!(shop.price(shop.cards[0]).await.taken_at, None);
    assert!(decide(shop.cards[1], Decision::Reject).await.unwrap());
    assert_eq!(shop.price(shop.cards[1]).await.verdict, "DISABLED");
    assert!(decide(999, Decision::Reject).await.unwrap_err().is_data());
    assert_eq!(shop.value::<i64>("select count(*) from pricing_decisions").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_stays_off_until_a_person_decides_otherwise() {
    let shop = Shop::new().await;
    let (card, statistics) = (shop.cards[0], statistics());
    shop.write(&priced(card, day(1), &statistics)).await;
    let client = shop.client().await;
    let decide = async |decision| prices::decide(&client, &decided(card, decision)).await.unwrap();
    let state = async || {
        let price = shop.price(card).await;
        (price.prices, price.verdict, price.reason, price.rule)
    };
    let off =
        || (None, "DISABLED".to_owned(), Some("SWITCHED_OFF".to_owned()), "manual".to_owned());
    assert!(decide(Decision::Withdraw).await);
    assert_eq!(state().await, off());
    for (n, publish) in [
        (2, Publish::Prices(buys(700))),
        (3, Publish::Keep),
        (4, Publish::Suspend),
        (5, Publish::Withdraw),
    ] {
        let mut look = priced(card, day(n), &statistics);
        look.publish = publish;
        assert!(!shop.changes(&look).await);
        assert_eq!(state().await, off());
        assert!(!shop.price(card).await.suspended);
    }
    // What the rule says of it is kept, to decide by.
    let look = snapshots::newest(&client, card).await.unwrap().unwrap();
    assert_eq!((look.verdict.as_str(), look.anchor), ("OK", Some(eur(1_000))));
    assert_eq!(shop.price(card).await.taken_at, Some(day(5)));
    assert!(!decide(Decision::Reject).await);
    assert_eq!(state().await, off());
    assert!(decide(Decision::Approve { anchor: eur(1_000), prices: buys(500) }).await);
    assert_eq!(state().await.0, Some(buys(500)));
    // From here on looks decide again.
    let mut look = priced(card, day(6), &statistics);
    look.publish = Publish::Prices(buys(800));
    assert!(shop.changes(&look).await);
    assert_eq!(state().await.0, Some(buys(800)));
}

#[tokio::test(flavor = "multi_thread")]
async fn estimates_are_put_on_show_in_bulk() {
    let shop = Shop::new().await;
    let statistics = statistics();
    shop.write(&priced(shop.cards[0], day(1), &statistics)).await;
    let estimate = |card_id, cents: i64| Estimate {
        card_id,
        anchor: eur(cents),
        prices: (cents > 300).then(|| buys(cents / 2)),
        verdict: if cents > 300 { "LOW_CONF" } else { "DISABLED" }.into(),
        reason: Some("ESTIMATE".into()),
        confidence: Some(0.4),
    };
    let estimates: Vec<_> = shop
        .cards
        .iter()
        .zip([2_000, 800, 100])
        .map(|(card, cents)| estimate(*card, cents))
        .collect();
    let client = shop.client().await;
    let publish = async || {
        prices::publish_estimates(&client, "hybrid", "CARDMARKET_RATIO", &estimates).await.unwrap()
    };
    assert_eq!(publish().await, 3);
    assert_eq!(publish().await, 0);
    let price = shop.price(shop.cards[0]).await;
    assert_eq!((price.prices, price.rule.as_str()), (Some(buys(1_000)), "hybrid"));
    assert_eq!(price.anchor_source.as_deref(), Some("CARDMARKET_RATIO"));
    assert_eq!((price.estimate, price.taken_at), (Some(eur(1_000)), Some(day(1))));
    let price = shop.price(shop.cards[1]).await;
    assert_eq!((price.prices, price.taken_at, price.estimate), (Some(buys(400)), None, None));
    assert_eq!(shop.price(shop.cards[2]).await.prices, None);
    let history = prices::history(&client, shop.cards[1], None, 9).await.unwrap();
    assert_eq!((history.len(), history[0].source.as_str()), (1, "estimate"));

    // A person's word is no estimate's to change.
    let decide = async |card, decision| prices::decide(&client, &decided(card, decision)).await;
    let own = Decision::Set { anchor: eur(900), prices: buys(450) };
    assert!(decide(shop.cards[1], own).await.unwrap());
    assert!(decide(shop.cards[0], Decision::Withdraw).await.unwrap());
    assert_eq!(publish().await, 0);
    assert_eq!(shop.price(shop.cards[1]).await.prices, Some(buys(450)));
    assert_eq!(shop.price(shop.cards[0]).await.prices, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_learnt_replaces_what_was_known() {
    let shop = Shop::new().await;
    let mut client = shop.client().await;
    let factor = |segment: Segment, k: f64| Factor { segment, k, n_samples: 40, spread: 0.2 };
    let narrow = Segment {
        serie_id: Some("base".into()),
        band: Some(Band::High),
        variant: Some(Variant::FirstEd),
    };
    let all = factor(Segment::default(), 1.1);
    let first = [all.clone(), factor(narrow.clone(), 1.4)];
    segment_ratios::replace(&mut client, &first).await.unwrap();
    let second =
        [factor(narrow, 1.5), factor(Segment { band: Some(Band::Top), ..Segment::default() }, 0.9)];
    segment_ratios::replace(&mut client, &second).await.unwrap();
    let mut known = segment_ratios::all(&client).await.unwrap();
    known.sort_by(|left, right| right.k.total_cmp(&left.k));
    assert_eq!(known, second);
    let refused = segment_ratios::replace(&mut client, &[factor(Segment::default(), 0.0)]).await;
    assert!(refused.unwrap_err().is_data());
    assert_eq!(segment_ratios::all(&client).await.unwrap().len(), 2);
    assert_eq!(
        shop.value::<serde_json::Value>("select to_jsonb(count(*)) from segment_ratios").await,
        json!(2)
    );
}
