//! Schedules on a real database, with the clock as an argument.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

#[path = "schedules/edit.rs"]
mod edit;
#[path = "schedules/nights.rs"]
mod nights;
#[path = "schedules/orders.rs"]
mod orders;
#[path = "schedules/pruning.rs"]
mod pruning;
#[path = "schedules/recompute.rs"]
mod recompute;

use jiff::Timestamp;
use scheduler::{Looked, look};
use serde_json::{Value, json};
use store::schedules::{Schedule, put};
use store::tenants::{self, TenantWanted};
use store::{Client, Role, Store, settings};
use tests::{TestDatabase, database};
use uuid::Uuid;

/// An installation whose schedulers are calls of a test. What it stores is of this year, the
/// instants of the tests are of the next.
struct Office {
    store: Store,
    owner: tokio_postgres::Client,
    database: TestDatabase,
}

impl Office {
    async fn new() -> Office {
        let database = database().await;
        Office { store: database.store(Role::Worker), owner: database.owner().await, database }
    }

    /// With a card, so that the schedules of the shop may fire.
    async fn with_a_card() -> Office {
        let office = Office::new().await;
        let card = "insert into cards (tcgdex_id, set_id, local_id, name)
                    values ('base1-1-NORMAL', 'base1', '1', 'Pikachu')";
        let serie = "insert into series (id, name) values ('base', 'Base')";
        office.owner.execute(serie, &[]).await.unwrap();
        let set = "insert into sets (id, name, serie_id) values ('base1', 'Base', 'base')";
        office.owner.execute(set, &[]).await.unwrap();
        office.owner.execute(card, &[]).await.unwrap();
        office
    }

    async fn client(&self) -> Client {
        self.store.client().await.unwrap()
    }

    async fn set(&self, changes: &[(&str, &str)]) {
        settings::set(&self.client().await, "test", changes).await.unwrap();
    }

    async fn tenant(&self, n: u128, timezone: &str) -> Uuid {
        let wanted = TenantWanted {
            id: Uuid::from_u128(n),
            name: format!("Tenant {n}"),
            is_active: None,
            timezone: Some(timezone.to_owned()),
            folder: None,
        };
        tenants::upsert(&mut self.client().await, &wanted).await.unwrap();
        wanted.id
    }

    async fn put(&self, schedule: &Schedule) {
        put(&mut self.client().await, "test", schedule).await.unwrap();
    }

    /// What was set up until now counts from this instant on.
    async fn begin(&self, instant: &str) {
        for column in
            ["schedules set changed_at", "settings set updated_at", "tenants set updated_at"]
        {
            let update = format!("update {column} = $1");
            self.owner.execute(&update, &[&at(instant)]).await.unwrap();
        }
    }

    async fn look(&self, now: &str) -> Looked {
        look(&self.client().await, at(now)).await.unwrap()
    }

    async fn fired(&self, now: &str) -> usize {
        self.look(now).await.fired
    }

    /// Everything that was ordered has been done.
    async fn finish(&self) {
        let done = "update commands set status = 'succeeded', finished_at = now()";
        self.owner.execute(done, &[]).await.unwrap();
    }

    async fn number(&self, query: &str) -> i64 {
        self.owner.query_one(query, &[]).await.unwrap().get(0)
    }

    /// Slots and outcomes of a schedule, in order.
    async fn slots(&self, key: &str) -> Vec<(Timestamp, String)> {
        let query = "select slot, outcome from schedule_fire where schedule = $1 order by slot";
        let rows = self.owner.query(query, &[&key]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A schedule of pings in the shop's zone.
fn pings(name: &str, cron: &str) -> Schedule {
    Schedule {
        name: name.to_owned(),
        command: "diagnostics.ping".to_owned(),
        parameters: json!({}),
        tenant_id: None,
        each_tenant: false,
        cron: Some(cron.to_owned()),
        timezone: None,
        only_when: None,
        is_enabled: true,
        changed_at: Timestamp::UNIX_EPOCH,
    }
}

/// A schedule for each tenant.
fn for_each(name: &str, command: &str, parameters: Value, cron: &str) -> Schedule {
    let command = command.to_owned();
    Schedule { command, parameters, each_tenant: true, ..pings(name, cron) }
}
