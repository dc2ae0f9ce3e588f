//! The quota ledger, on a real database with many connections.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "quota/model.rs"]
mod model;
#[path = "quota/permits.rs"]
mod permits;
#[path = "quota/reconcile.rs"]
mod reconcile;
#[path = "quota/settings.rs"]
mod settings;
#[path = "quota/strict.rs"]
mod strict;
#[path = "quota/tokens.rs"]
mod tokens;
#[path = "quota/window.rs"]
mod window;

use store::quota::{self, Permit, Purpose, Reserve, Usage, Wanted};
use store::{Client, Role, Store};
use tests::TestDatabase;
use tokio_postgres::types::FromSqlOwned;
use uuid::Uuid;

const EBAY: &str = "ebay";

/// A database with the ledger of one provider.
struct Ledger {
    store: Store,
    owner: tokio_postgres::Client,
    database: TestDatabase,
}

impl Ledger {
    async fn new(daily_limit: i32) -> Ledger {
        let database = tests::database().await;
        let ledger =
            Ledger { store: database.store(Role::Worker), owner: database.owner().await, database };
        ledger.set("daily_api_limit", daily_limit).await;
        ledger
    }

    /// As [`Ledger::new`], with nothing set aside for people.
    async fn whole(daily_limit: i32) -> Ledger {
        let ledger = Ledger::new(daily_limit).await;
        ledger.set("interactive_reserve_percent", 0).await;
        ledger
    }

    async fn client(&self) -> Client {
        self.store.client().await.unwrap()
    }

    async fn set(&self, key: &str, value: i32) {
        let client = self.client().await;
        store::settings::set(&client, "test", &[(key, &value.to_string())]).await.unwrap();
    }

    async fn reserve(&self, purpose: Purpose, n: i32) -> Reserve {
        quota::reserve(&self.client().await, &wanted(purpose, n)).await.unwrap()
    }

    async fn permit(&self, n: i32) -> Permit {
        granted(&self.reserve(Purpose::Batch, n).await)
    }

    async fn settle(&self, permit: Permit, spent: i32) -> bool {
        quota::settle(&self.client().await, permit.id, spent).await.unwrap()
    }

    async fn usage(&self) -> Usage {
        quota::current(&self.client().await, EBAY).await.unwrap()
    }

    /// `[used, reserved, daily_limit]` of the current window.
    async fn figures(&self) -> [i32; 3] {
        let day = self.usage().await.day;
        [day.used, day.reserved, day.daily_limit]
    }

    /// Changes what only time or a crash would change.
    async fn meddle(&self, statement: &str) {
        self.owner.batch_execute(statement).await.unwrap();
    }

    async fn value<T: FromSqlOwned>(&self, statement: &str) -> T {
        self.owner.query_one(statement, &[]).await.unwrap().get(0)
    }
}

/// Keeps midnight in Los Angeles from falling into a test: the margin is no part of most of them.
fn wanted(purpose: Purpose, n: i32) -> Wanted<'static> {
    Wanted {
        provider: EBAY,
        purpose,
        n,
        worker: Uuid::nil(),
        hold_seconds: 120.0,
        margin_seconds: 0.0,
    }
}

fn granted(answer: &Reserve) -> Permit {
    let Reserve::Granted(permit) = answer else { panic!("not granted: {answer:?}") };
    *permit
}

fn is_exhausted(answer: &Reserve) -> bool {
    matches!(answer, Reserve::Exhausted { .. })
}
