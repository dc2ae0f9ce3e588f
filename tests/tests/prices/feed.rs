//! The feed of changes.

use jiff::Timestamp;
use store::prices::{self, FEED_LAG_SECONDS, FeedCursor, Priced, Publish};

use crate::{Shop, buys, day, priced, statistics};

#[tokio::test(flavor = "multi_thread")]
async fn readers_see_every_card_that_changed_once_as_it_is_now() {
    let shop = Shop::new().await;
    let statistics = statistics();
    for n in 1..=2 {
        for card in &shop.cards {
            let publish = Publish::Prices(buys(i64::from(n) * 100));
            shop.write(&Priced { publish, ..priced(*card, day(n), &statistics) }).await;
        }
    }
    let client = shop.client().await;
    let mut after = FeedCursor { since: Timestamp::UNIX_EPOCH, card_id: 0 };
    let mut seen = Vec::new();
    loop {
        let page = prices::changed_since(&client, after, 0.0, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = FeedCursor { since: last.price.since, card_id: last.card_id };
        assert!(page.iter().all(|shown| shown.price.prices == Some(buys(200))));
        seen.extend(page.iter().map(|shown| shown.card_id));
    }
    assert_eq!(seen, shop.cards);

    // A look that changes nothing is no news; a change is.
    let same =
        Priced { publish: Publish::Prices(buys(200)), ..priced(seen[0], day(3), &statistics) };
    shop.write(&same).await;
    assert!(prices::changed_since(&client, after, 0.0, 9).await.unwrap().is_empty());
    let other = Priced { publish: Publish::Withdraw, ..priced(seen[1], day(3), &statistics) };
    shop.write(&other).await;
    let news = prices::changed_since(&client, after, 0.0, 9).await.unwrap();
    assert_eq!((news.len(), news[0].tcgdex_id.as_str()), (1, "base1-2-NORMAL"));
    // Fresh changes are held back, so that none is passed by.
    let held = prices::changed_since(&client, after, FEED_LAG_SECONDS, 9).await.unwrap();
    assert!(held.is_empty());
}
