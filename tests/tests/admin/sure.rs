//! Prices that nothing but their move keeps back, approved together and taken back together.

use rust_decimal::Decimal;
use store::catalogue::CardRef;
use store::prices::{self, PriceRow, Prices};

use crate::shop::Ground;

const OLD: Prices = Prices { neuf: Decimal::ONE, bon: Decimal::ONE, correct: Decimal::ONE };

/// Lets cards that have a proposal wait, each with its confidence and Cardmarket's price; returns
/// their numbers.
async fn waiting(ground: &Ground, how: &[(f64, Option<i64>)]) -> Vec<i64> {
    let client = ground.fabric.client().await;
    let report = ground.fabric.done("batch.run", serde_json::json!({})).await;
    assert_eq!(report.status, "succeeded", "{report:#?}");
    let owner = ground.fabric.database.owner().await;
    let n = i64::try_from(how.len()).unwrap();
    let query = "select card_id from buy_prices where neuf is not null order by 1 limit $1";
    let rows = owner.query(query, &[&n]).await.unwrap();
    let cards: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(cards.len(), how.len(), "the market has a price for as many");
    for (card, (confidence, reference)) in cards.iter().zip(how) {
        let set = commands::Verdict::Set(OLD);
        commands::decide(&client, CardRef::Id(*card), "nadia", set, None).await.unwrap();
        ground.let_it_wait(*card, *confidence, |_| {}).await;
        let reference = reference.map(Decimal::from);
        let known = "update cards set cm_trend = $2, cm_avg7 = null, cm_avg30 = null where id = $1";
        owner.execute(known, &[card, &reference]).await.unwrap();
    }
    cards
}

async fn price(ground: &Ground, card: i64) -> PriceRow {
    prices::get(&ground.fabric.client().await, card).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sure_is_approved_at_once_and_taken_back_at_once() {
    let mut ground = Ground::new(24).await;
    let how = [(0.995, Some(20)), (0.999, Some(20)), (0.98, Some(20)), (0.999, None)];
    let cards = waiting(&ground, &how).await;
    let (sure, unsure) = cards.split_at(2);
    let page = ground.open("/review").await;
    assert!(page.text.contains("Approve the 2 sure ones…"), "{}", page.text);
    let page = ground.open("/review/sure").await;
    let seen: Vec<String> = page
        .text
        .split("name=\"seen\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(seen.len(), 2, "{}", page.text);
    // What somebody saw before another look is not what he would approve now; and an unsure one
    // is not approved because somebody says so.
    let (first, second) = (seen[0].as_str(), format!("{}:0.01", sure[1]));
    let foreign = format!("{}:{}", unsure[0], first.split(':').nth(1).unwrap());
    let fields = [("seen", first), ("seen", second.as_str()), ("seen", foreign.as_str())];
    let done = ground.send("/review/sure", &fields).await;
    assert_eq!(done.location, format!("/review?done=sure&cards={}&left=2", sure[0]));
    assert_eq!(price(&ground, sure[0]).await.verdict, "OK");
    for card in [sure[1], unsure[0], unsure[1]] {
        let row = price(&ground, card).await;
        assert_eq!((row.prices, row.verdict.as_str()), (Some(OLD), "REVIEW"), "{card}");
    }
    let page = ground.open(&done.location).await;
    assert!(page.text.contains("One price published."), "{}", page.text);
    assert!(page.text.contains("2 prices have changed meanwhile"), "{}", page.text);
    let told = "select count(*) from audit_log where action = 'cards.decide'
                and detail ->> 'decision' = 'approve'";
    assert_eq!(ground.site.number(told).await, 1);

    let card = sure[0].to_string();
    let undone = ground.send("/review/undo", &[("card", &card)]).await;
    assert_eq!(undone.location, "/review?done=unsure&n=1&left=0");
    let row = price(&ground, sure[0]).await;
    assert_eq!((row.prices, row.verdict.as_str()), (Some(OLD), "REVIEW"));
    let again = ground.send("/review/undo", &[("card", &card)]).await;
    assert_eq!(again.location, "/review?done=unsure&n=0&left=1");
    let told = "select count(*) from audit_log where action = 'cards.undo'";
    assert_eq!(ground.site.number(told).await, 1);
    ground.stop().await;
}
