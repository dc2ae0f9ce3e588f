//! The catalogue, on a real database.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "catalogue/edit.rs"]
mod edit;
#[path = "catalogue/import.rs"]
mod import;
#[path = "catalogue/list.rs"]
mod list;
#[path = "catalogue/whole.rs"]
mod whole;

use cards::card::{Card, Cardmarket, Overrides, Set};
use cards::{Variant, query};
use rust_decimal::Decimal;
use store::catalogue::{self, Authority, CardRef, Incoming, StoredCard, Upserted};
use store::{Client, Role, Store};
use tests::TestDatabase;
use tokio_postgres::types::FromSqlOwned;

/// A database with an empty catalogue.
struct Shop {
    store: Store,
    owner: tokio_postgres::Client,
    database: TestDatabase,
}

impl Shop {
    async fn new() -> Shop {
        let database = tests::database().await;
        Shop { store: database.store(Role::Worker), owner: database.owner().await, database }
    }

    /// With two sets.
    async fn with_sets() -> Shop {
        let shop = Shop::new().await;
        shop.upsert_sets(&[set("base1", "base"), set("A1", "tcgp")]).await;
        shop
    }

    async fn client(&self) -> Client {
        self.store.client().await.unwrap()
    }

    async fn upsert_sets(&self, sets: &[Set]) -> [u64; 3] {
        counts(catalogue::upsert_sets(&mut self.client().await, sets).await.unwrap())
    }

    async fn upsert(&self, authority: Authority, cards: &[Card]) -> [u64; 3] {
        let queries: Vec<_> = cards.iter().map(query::build).collect();
        let incoming: Vec<_> = cards
            .iter()
            .zip(&queries)
            .map(|(card, query)| Incoming { card, ebay_query: query.as_deref() })
            .collect();
        let mut client = self.client().await;
        counts(catalogue::upsert_cards(&mut client, authority, &incoming).await.unwrap())
    }

    async fn find(&self, tcgdex_id: &str) -> StoredCard {
        let client = self.client().await;
        catalogue::find(&client, CardRef::Tcgdex(tcgdex_id)).await.unwrap().unwrap()
    }

    async fn value<T: FromSqlOwned>(&self, statement: &str) -> T {
        self.owner.query_one(statement, &[]).await.unwrap().get(0)
    }
}

fn counts(upserted: Upserted) -> [u64; 3] {
    [upserted.created, upserted.updated, upserted.unchanged]
}

fn set(id: &str, serie_id: &str) -> Set {
    Set {
        id: id.into(),
        name: format!("Set {id}"),
        serie_id: serie_id.into(),
        card_count_official: Some(102),
        ..Set::default()
    }
}

fn card(local_id: &str, name: &str, variant: Variant) -> Card {
    Card {
        tcgdex_id: Card::id_of(&format!("base1-{local_id}"), variant),
        set_id: "base1".into(),
        local_id: local_id.into(),
        name: name.into(),
        set_name: "Set base1".into(),
        card_number_full: Some(format!("{local_id}/102")),
        variant,
        is_active: true,
        ..Card::default()
    }
}

fn eur(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// A card with every field set.
fn rich() -> Card {
    Card {
        name_en: Some("Charizard".into()),
        set_code: Some("BS".into()),
        rarity: Some("Rare".into()),
        cardmarket_id: Some(273_699),
        overrides: Overrides {
            name: Some("Dracaufeu l'ancien".into()),
            local_id: Some("04".into()),
            set_name: Some("Set de Base".into()),
            card_number_full: Some("04/102".into()),
            card_count_official: Some("102".into()),
        },
        card_number_format: cards::card::NumberFormat::Promo,
        card_number_padded: true,
        ebay_query_override: Some("dracaufeu base".into()),
        cardmarket: Cardmarket {
            trend: Some(eur(30_025)),
            avg1: Some(eur(29_000)),
            avg7: Some(eur(30_500)),
            avg30: Some(eur(31_000)),
        },
        ..card("4", "Dracaufeu", Variant::Holo)
    }
}
