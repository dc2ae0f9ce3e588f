//! Prices, their history and what surrounds them, on a real database.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "prices/decide.rs"]
mod decide;
#[path = "prices/evidence.rs"]
mod evidence;
#[path = "prices/exports.rs"]
mod exports;
#[path = "prices/feed.rs"]
mod feed;
#[path = "prices/months.rs"]
mod months;
#[path = "prices/upgrade.rs"]
mod upgrade;
#[path = "prices/write.rs"]
mod write;

use cards::card::{Card, Cardmarket, Set};
use cards::{Variant, query};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use store::catalogue::{self, Authority, Incoming};
use store::prices::{self, Inputs, Outcome, PriceRow, Priced, Prices, Publish, Written};
use store::{Client, Role, Store};
use tests::TestDatabase;
use tokio_postgres::types::FromSqlOwned;
use uuid::Uuid;

/// A database with a few cards of one set.
struct Shop {
    store: Store,
    owner: tokio_postgres::Client,
    /// Their ids, in the order of their numbers from 1.
    cards: Vec<i64>,
    database: TestDatabase,
}

impl Shop {
    async fn new() -> Shop {
        let database = tests::database().await;
        let store = database.store(Role::Worker);
        let mut client = store.client().await.unwrap();
        let set = Set {
            id: "base1".into(),
            name: "Base".into(),
            serie_id: "base".into(),
            ..Set::default()
        };
        catalogue::upsert_sets(&mut client, &[set]).await.unwrap();
        let printed: Vec<Card> = (1..=3).map(|n| card(n, Variant::Normal)).collect();
        let queries: Vec<_> = printed.iter().map(query::build).collect();
        let incoming = printed.iter().zip(&queries);
        let incoming: Vec<_> =
            incoming.map(|(card, query)| Incoming { card, ebay_query: query.as_deref() }).collect();
        catalogue::upsert_cards(&mut client, Authority::Source, &incoming).await.unwrap();
        let keys = catalogue::keys(&client).await.unwrap();
        let cards = keys.iter().map(|key| key.id).collect();
        Shop { store, owner: database.owner().await, cards, database }
    }

    async fn client(&self) -> Client {
        self.store.client().await.unwrap()
    }

    async fn inputs(&self, card_id: i64) -> Inputs {
        prices::inputs(&self.client().await, &[card_id]).await.unwrap().remove(&card_id).unwrap()
    }

    async fn write(&self, priced: &Priced<'_>) -> Written {
        prices::write(&self.client().await, priced).await.unwrap()
    }

    /// Writes, and says whether that changed what is on show.
    async fn changes(&self, priced: &Priced<'_>) -> bool {
        match self.write(priced).await {
            Written::New { changed, .. } => changed,
            Written::Repeated => panic!("the command has written before"),
        }
    }

    async fn price(&self, card_id: i64) -> PriceRow {
        prices::get(&self.client().await, card_id).await.unwrap().unwrap()
    }

    async fn n_versions(&self, card_id: i64) -> usize {
        prices::history(&self.client().await, card_id, None, 100).await.unwrap().len()
    }

    async fn value<T: FromSqlOwned>(&self, statement: &str) -> T {
        self.owner.query_one(statement, &[]).await.unwrap().get(0)
    }
}

fn card(n: i32, variant: Variant) -> Card {
    Card {
        tcgdex_id: Card::id_of(&format!("base1-{n}"), variant),
        set_id: "base1".into(),
        local_id: n.to_string(),
        name: format!("Abra {n}"),
        set_name: "Base".into(),
        variant,
        is_active: true,
        ..Card::default()
    }
}

fn eur(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

fn buys(cents: i64) -> Prices {
    Prices { neuf: eur(cents), bon: eur(cents / 2), correct: eur(cents / 4) }
}

/// A snapshot of this day of November 2026.
fn day(day: i8) -> Timestamp {
    format!("2026-11-{day:02}T03:00:00Z").parse().unwrap()
}

fn statistics() -> Value {
    json!({"stage1": {"voices": 12}, "classic": null})
}

/// A card that sells for 10 EUR and is bought for 5.
fn priced(card_id: i64, taken_at: Timestamp, statistics: &Value) -> Priced<'_> {
    Priced {
        card_id,
        command_id: Uuid::now_v7(),
        batch_id: None,
        calls: 1,
        taken_at,
        query: "Abra 1/102",
        total: 31,
        n_listings: 2,
        listings: Some(b"compressed"),
        cardmarket: Cardmarket { trend: Some(eur(900)), ..Cardmarket::default() },
        statistics,
        outcome: Outcome {
            rule: "robust",
            verdict: "OK",
            reason: None,
            anchor: Some(eur(1_000)),
            anchor_source: Some("EBAY_ACTIVE"),
            confidence: Some(0.9),
        },
        publish: Publish::Prices(buys(500)),
    }
}
