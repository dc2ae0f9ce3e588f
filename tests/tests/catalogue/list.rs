//! Pages of cards.

use cards::Variant;
use rust_decimal::Decimal;
use store::Error;
use store::catalogue::{self, Authority};
use store::prices::{Cursor, Filter, Sort, list};

use crate::{Shop, card};

async fn filled() -> Shop {
    let shop = Shop::with_sets().await;
    let mut cards: Vec<_> = (1..=23)
        .map(|n| card(&n.to_string(), ["Évoli", "Pikachu", "Œuf"][n % 3], Variant::Normal))
        .collect();
    cards.push(card("4", "Dracaufeu", Variant::Holo));
    shop.upsert(Authority::Source, &cards).await;
    // Every second card has a price.
    let prices = "
        insert into buy_prices (card_id, neuf, bon, correct, anchor, rule, since, verdict, taken_at,
                                updated_at)
        select id, id, id, id, 2 * (id % 7), 'robust', now(),
               case when id % 4 = 0 then 'OK' else 'REVIEW' end,
               now() - make_interval(days => (id % 5)::int), now()
        from cards where id % 2 = 0";
    shop.owner.execute(prices, &[]).await.unwrap();
    shop
}

async fn ids(shop: &Shop, filter: &Filter) -> Vec<String> {
    let rows = list(&shop.client().await, filter).await.unwrap();
    rows.into_iter().map(|row| row.card.card.tcgdex_id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_join_to_the_whole_list_in_every_order() {
    let shop = filled().await;
    for sort in [Sort::Name, Sort::Price, Sort::Staleness] {
        let all = Filter { sort, limit: 1_000, ..Filter::default() };
        let whole = ids(&shop, &all).await;
        assert_eq!(whole.len(), 24);
        let mut pages = Vec::new();
        let mut after = None;
        loop {
            let page = Filter { after, limit: 5, ..all.clone() };
            let rows = list(&shop.client().await, &page).await.unwrap();
            let Some(last) = rows.last() else { break };
            after = Some(last.cursor.clone());
            pages.extend(rows.into_iter().map(|row| row.card.card.tcgdex_id));
        }
        assert_eq!(pages, whole, "{sort:?}");
    }
    let by_price = Filter { sort: Sort::Price, limit: 1_000, ..Filter::default() };
    let rows = list(&shop.client().await, &by_price).await.unwrap();
    let anchors: Vec<_> = rows.iter().map(|row| row.price.as_ref()?.anchor).collect();
    assert!(anchors.is_sorted_by(|left, right| left >= right), "{anchors:?}");
    let by_age = Filter { sort: Sort::Staleness, limit: 1_000, ..Filter::default() };
    let rows = list(&shop.client().await, &by_age).await.unwrap();
    let ages: Vec<_> = rows.iter().map(|row| row.price.as_ref()?.taken_at).collect();
    assert!(ages.is_sorted(), "{ages:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_the_list() {
    let shop = filled().await;
    let count = async |filter: Filter| ids(&shop, &Filter { limit: 1_000, ..filter }).await.len();
    let text = |text: &str| Filter { text: Some(text.into()), ..Filter::default() };
    assert_eq!(count(text("EVOLI")).await, 7);
    assert_eq!(count(text("oeuf")).await, 8);
    assert_eq!(ids(&shop, &text("12/102 évol")).await, ["base1-12-NORMAL"]);
    assert_eq!(count(text("100%")).await, 0);
    assert_eq!(count(Filter { variant: Some(Variant::Holo), ..Filter::default() }).await, 1);
    assert_eq!(count(Filter { set_id: Some("A1".into()), ..Filter::default() }).await, 0);
    assert_eq!(count(Filter { verdict: Some("OK".into()), ..Filter::default() }).await, 6);
    assert_eq!(count(Filter { suspended: Some(false), ..Filter::default() }).await, 12);
    let dear = Filter {
        min_price: Some(Decimal::TEN),
        max_price: Some(Decimal::TEN),
        ..Filter::default()
    };
    let rows = list(&shop.client().await, &dear).await.unwrap();
    assert!(!rows.is_empty());
    assert!(rows.iter().all(|row| row.price.as_ref().unwrap().anchor == Some(Decimal::TEN)));

    catalogue::hide_set(&shop.client().await, "base1", true).await.unwrap();
    assert_eq!(count(Filter::default()).await, 0);
    assert_eq!(count(Filter { with_hidden: true, ..Filter::default() }).await, 24);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_of_another_sort_is_refused() {
    let shop = filled().await;
    let after = Some(Cursor { key: "Pikachu".into(), id: 3 });
    let filter = Filter { sort: Sort::Price, after, ..Filter::default() };
    let refused = list(&shop.client().await, &filter).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(text) if text.contains("Pikachu")), "{refused}");
}
