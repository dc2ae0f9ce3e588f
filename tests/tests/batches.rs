//! Batches, on a real database.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "batches/failures.rs"]
mod failures;
#[path = "batches/fan_out.rs"]
mod fan_out;
#[path = "batches/runs.rs"]
mod runs;

use cards::Variant;
use cards::card::{Card, Set};
use serde_json::{Value, json};
use store::batches::{self, Created, Ended, Item, ItemEnd, ItemState, NewRun, Progress};
use store::catalogue::{self, Authority, Incoming};
use store::{Client, Role, Store};
use tests::TestDatabase;
use tokio_postgres::types::FromSqlOwned;
use uuid::Uuid;

const NAME: &str = "cards.price";

/// A database with cards, and a batch of all of them.
struct Batch {
    store: Store,
    owner: tokio_postgres::Client,
    id: Uuid,
    /// In the order of the plan.
    cards: Vec<(i64, String)>,
    database: TestDatabase,
}

impl Batch {
    /// So many cards in each of these sets.
    async fn new(sets: &[(&str, usize)]) -> Batch {
        let database = tests::database().await;
        let store = database.store(Role::Worker);
        let mut client = store.client().await.unwrap();
        let cards = fill(&mut client, sets).await;
        let batch =
            Batch { store, owner: database.owner().await, id: Uuid::now_v7(), cards, database };
        assert_eq!(batch.create().await, Created::New);
        batch
    }

    async fn create(&self) -> Created {
        let requested = json!({"mode": "full"});
        let run = NewRun { id: self.id, mode: "full", set_id: None, requested: &requested };
        let items: Vec<_> = self.cards.iter().map(|(card, set)| (*card, set.as_str())).collect();
        batches::create(&mut self.client().await, &run, &items).await.unwrap()
    }

    async fn client(&self) -> Client {
        self.store.client().await.unwrap()
    }

    async fn fan_out(&self, max_queued: i64) -> i64 {
        let ids: Vec<_> = (0..max_queued).map(|_| Uuid::now_v7()).collect();
        batches::fan_out(&self.client().await, self.id, max_queued, &ids, NAME, None).await.unwrap()
    }

    async fn end(&self, place: usize, state: ItemState) -> Ended {
        let end = ItemEnd {
            batch_id: self.id,
            card_id: self.cards[place].0,
            state,
            detail: "as the test wants",
        };
        let client = self.client().await;
        let ended = batches::end_item(&client, &end).await.unwrap();
        if ended != Ended::Unknown {
            batches::add_calls(&client, self.id, end.card_id, 1).await.unwrap();
        }
        ended
    }

    async fn progress(&self) -> Progress {
        batches::progress(&self.client().await, self.id).await.unwrap().unwrap()
    }

    async fn finish(&self) -> bool {
        batches::finish(&self.client().await, self.id, &json!({"ok": 1})).await.unwrap()
    }

    async fn items(&self) -> Vec<Item> {
        batches::items(&self.client().await, self.id, None, None, 100_000).await.unwrap()
    }

    async fn states(&self) -> Vec<ItemState> {
        self.items().await.iter().map(|item| item.state).collect()
    }

    async fn value<T: FromSqlOwned>(&self, statement: &str) -> T {
        self.owner.query_one(statement, &[]).await.unwrap().get(0)
    }
}

async fn fill(client: &mut Client, sets: &[(&str, usize)]) -> Vec<(i64, String)> {
    let wanted: Vec<Set> = sets
        .iter()
        .map(|(id, _)| Set {
            id: (*id).into(),
            name: (*id).into(),
            serie_id: "base".into(),
            ..Set::default()
        })
        .collect();
    catalogue::upsert_sets(client, &wanted).await.unwrap();
    let card = |set: &str, n: usize| Card {
        tcgdex_id: Card::id_of(&format!("{set}-{n}"), Variant::Normal),
        set_id: set.into(),
        local_id: n.to_string(),
        name: "Abra".into(),
        is_active: true,
        ..Card::default()
    };
    let cards: Vec<Card> =
        sets.iter().flat_map(|(set, n)| (0..*n).map(|place| card(set, place))).collect();
    let incoming: Vec<_> = cards.iter().map(|card| Incoming { card, ebay_query: None }).collect();
    catalogue::upsert_cards(client, Authority::Source, &incoming).await.unwrap();
    let keys = catalogue::keys(client).await.unwrap();
    let mut known: Vec<_> = keys.into_iter().map(|key| (key.id, key.tcgdex_id)).collect();
    known.sort_unstable();
    let set_of = |id: &str| id.split('-').next().unwrap().to_owned();
    known.into_iter().map(|(id, name)| (id, set_of(&name))).collect()
}

fn json_of(row: &tokio_postgres::Row) -> Value {
    row.get(0)
}
