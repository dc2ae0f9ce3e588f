//! Ingest, from files to rows.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "ingest/counts.rs"]
mod counts;
#[path = "ingest/dirty.rs"]
mod dirty;
#[path = "ingest/history.rs"]
mod history;
#[path = "ingest/isolation.rs"]
mod isolation;
#[path = "ingest/model.rs"]
mod model;
#[path = "ingest/registry.rs"]
mod registry;
#[path = "ingest/rejects.rs"]
mod rejects;

use std::sync::{Arc, Mutex};

use commands::{Context, Failure, Folders, Progress};
use serde_json::{Value, json};
use store::tenants::{self, TenantWanted};
use store::{Role, Store};
use tempfile::TempDir;
use tests::TestDatabase;
use tokio_postgres::types::FromSqlOwned;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Runs a command as a worker would.
async fn run(name: &str, tenant_id: Uuid, context: Context) -> Result<Value, Failure> {
    commands::find(name).unwrap().run(json!({"tenant_id": tenant_id}), context).await
}

/// A database with one tenant, and a folder for its files.
struct Fixture {
    database: TestDatabase,
    store: Store,
    owner: tokio_postgres::Client,
    root: TempDir,
    tenant: Uuid,
    progress: Arc<Mutex<Vec<Progress>>>,
}

impl Fixture {
    async fn new() -> Fixture {
        let database = tests::database().await;
        let fixture = Fixture {
            store: database.store(Role::Worker),
            owner: database.owner().await,
            database,
            root: tempfile::tempdir().unwrap(),
            tenant: Uuid::from_u128(0x550e_8400_e29b_41d4_a716_4466_5544_0000),
            progress: Arc::default(),
        };
        fixture.add_tenant(fixture.tenant).await;
        fixture
    }

    async fn add_tenant(&self, id: Uuid) {
        let wanted = TenantWanted {
            id,
            name: format!("Tenant {id}"),
            is_active: None,
            timezone: None,
            folder: None,
        };
        tenants::upsert(&mut self.store.client().await.unwrap(), &wanted).await.unwrap();
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.root.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn write_lines(&self, kind: &str, records: &[Value]) {
        let lines: Vec<_> = records.iter().map(Value::to_string).collect();
        self.write(&format!("{}/{kind}.jsonl", self.tenant), &lines.join("\n"));
    }

    fn context(&self) -> Context {
        let progress = self.progress.clone();
        Context {
            command_id: Uuid::now_v7(),
            attempt: 1,
            store: self.store.clone(),
            market: std::sync::Arc::default(),
            callbacks: tests::no_callbacks(),
            folders: Arc::new(Folders {
                mock_data: self.root.path().to_owned(),
                ..Folders::default()
            }),
            reporter: Arc::new(move |step| progress.lock().unwrap().push(step)),
            cancelled: CancellationToken::new(),
        }
    }

    async fn ingest_tickets(&self) -> Result<Value, Failure> {
        run("ingest.tickets", self.tenant, self.context()).await
    }

    async fn ingest_time_entries(&self) -> Result<Value, Failure> {
        run("ingest.time_entries", self.tenant, self.context()).await
    }

    /// Loads these tickets and returns `[read, inserted, updated, unchanged, rejected]`.
    async fn tickets(&self, records: &[Value]) -> [u64; 5] {
        self.write_lines("tickets", records);
        counts(&self.ingest_tickets().await.unwrap())
    }

    async fn time_entries(&self, records: &[Value]) -> [u64; 5] {
        self.write_lines("time_entries", records);
        counts(&self.ingest_time_entries().await.unwrap())
    }

    /// One value, read as the owner, who sees everything.
    async fn value<T: FromSqlOwned>(&self, statement: &str) -> T {
        self.owner.query_one(statement, &[]).await.unwrap().get(0)
    }
}

fn counts(result: &Value) -> [u64; 5] {
    ["read", "inserted", "updated", "unchanged", "rejected"]
        .map(|name| result[name].as_u64().unwrap())
}

/// A ticket's record, with these fields over the defaults; null removes a field.
fn ticket(id: &str, fields: Value) -> Value {
    let record = json!({
        "cw_ticket_id": id,
        "status": "New",
        "priority": "Medium",
        "summary": "Printer not working",
        "created_at_remote": "2026-03-02T09:00:00Z",
        "updated_at_remote": "2026-03-02T09:00:00Z",
    });
    overlaid(record, fields)
}

/// A time entry's record, likewise.
fn time_entry(id: &str, fields: Value) -> Value {
    let record = json!({
        "cw_time_entry_id": id,
        "cw_ticket_id": "T-1",
        "member": "tech1@msp.example",
        "minutes": 30,
        "date_worked": "2026-03-03",
    });
    overlaid(record, fields)
}

fn overlaid(record: Value, fields: Value) -> Value {
    let (Value::Object(mut record), Value::Object(fields)) = (record, fields) else {
        panic!("records and their fields are objects")
    };
    record.extend(fields);
    record.retain(|_, value| !value.is_null());
    Value::Object(record)
}
