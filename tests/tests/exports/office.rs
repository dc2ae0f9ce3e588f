//! A tenant with a handful of awkward records, and the command that exports it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use commands::{Context, Failure, Folders};
use exports::Manifest;
use serde_json::{Value, json};
use store::Role;
use tempfile::TempDir;
use tests::TestDatabase;
use tokio_util::sync::CancellationToken;
use uuid::{Uuid, uuid};

pub(crate) const TENANT: Uuid = uuid!("550e8400-e29b-41d4-a716-446655440000");

pub(crate) struct Office {
    pub(crate) database: TestDatabase,
    pub(crate) cancelled: CancellationToken,
    owner: tokio_postgres::Client,
    folder: TempDir,
}

const ROWS: &str = "
insert into raw_tickets (
    tenant_id, source, cw_ticket_id, content_hash, board, status, priority, summary, company, owner,
    created_at_remote, updated_at_remote, sla_status, estimated_hours, high_priority,
    first_response_at, closed_at, sla_response_verdict, sla_resolution_verdict, satisfaction_score, raw
) values
    (:tenant, 'mock', 'T1', gen_random_uuid(), 'Help Desk', 'Closed', 'High', '=1+1',
     'Père, \"Fils\" & Co', 'Amélie', '2026-06-30 22:30Z', '2026-07-02 08:00Z', 'Met', 2.5, true,
     '2026-07-01 07:00:00.25Z', '2026-07-02 07:59:59Z', true, true, 4, '{}'),
    (:tenant, 'mock', 'T2', gen_random_uuid(), 'HELP desk ', 'New', null, E'line one\\nline two; \"quoted\"',
     null, null, '2026-07-02 10:00Z', null, null, null, false, null, null, null, null, null, '{}'),
    (:tenant, 'mock', 'T3', gen_random_uuid(), ' ', '', 'Low', null, '', null, '2026-07-02 10:00Z',
     null, null, -0.25, false, null, null, null, null, null, '{}');
insert into raw_time_entries (
    tenant_id, source, cw_time_entry_id, content_hash, cw_ticket_id, member, work_type, billable,
    billable_class, minutes, date_worked, raw
) values
    (:tenant, 'mock', 'E1', gen_random_uuid(), 'T1', 'Amélie', 'Remote', true, 1, 30, '2026-07-01', '{}'),
    (:tenant, 'mock', 'E2', gen_random_uuid(), null, ' Bob', '+1', false, 2, -5, '2026-12-31', '{}');
insert into kpi_daily (
    tenant_id, kpi_date, total_minutes, billable_minutes, non_billable_minutes, no_charge_minutes,
    avg_resolution_minutes, n_resolution, n_satisfaction, n_first_response, tickets_sla_breached,
    tickets_created, tickets_closed, tickets_reopened, tickets_net_change, tickets_open,
    tickets_high_priority, tickets_open_0d, tickets_open_1_2d, tickets_open_3_6d,
    tickets_open_7_13d, tickets_open_14_29d, tickets_open_30d_up, anomaly_detected, z_score,
    definition_version, is_final, computed_at
) values (
    :tenant, '2026-07-01', 30, 30, 0, 0, 2009.98, 1, 0, 0, 0, 1, 2, 0, -1, 3, 1, 1, 1, 1, 0, 0, 0,
    false, -0.05, 1, true, now() - interval '3 days'
);
";

impl Office {
    pub(crate) async fn new() -> Self {
        let database = tests::database().await;
        let owner = database.owner().await;
        let folder = tempfile::tempdir().unwrap();
        let office = Self { database, cancelled: CancellationToken::new(), owner, folder };
        office.insert_tenant(TENANT, "Office, A").await;
        office.execute(&ROWS.replace(":tenant", &format!("'{TENANT}'"))).await;
        office
    }

    pub(crate) async fn add_tenant(&self, name: &str) -> Uuid {
        let id = Uuid::now_v7();
        self.insert_tenant(id, name).await;
        id
    }

    async fn insert_tenant(&self, id: Uuid, name: &str) {
        let statement = "insert into tenants (id, name, timezone) values ($1, $2, 'Europe/Paris')";
        self.owner.execute(statement, &[&id, &name]).await.unwrap();
    }

    /// Changes the first tenant's data.
    pub(crate) async fn execute(&self, statements: &str) {
        let as_tenant =
            format!("begin; set local app.tenant_id = '{TENANT}'; {statements}; commit");
        self.owner.batch_execute(&as_tenant).await.unwrap();
    }

    pub(crate) async fn export(&self, parameters: Value) -> Result<Value, Failure> {
        self.export_of(TENANT, parameters).await
    }

    /// Runs the command as a worker would.
    pub(crate) async fn export_of(
        &self,
        tenant_id: Uuid,
        mut parameters: Value,
    ) -> Result<Value, Failure> {
        parameters["tenant_id"] = json!(tenant_id);
        let definition = commands::find("exports.generate").unwrap();
        let payload = definition.accept(parameters).unwrap().payload;
        let folders = Folders { exports: self.root().to_owned(), ..Folders::default() };
        let context = Context {
            command_id: Uuid::now_v7(),
            attempt: 1,
            store: self.database.store(Role::Worker),
            market: std::sync::Arc::default(),
            callbacks: tests::no_callbacks(),
            folders: Arc::new(folders),
            reporter: Arc::new(|_| {}),
            cancelled: self.cancelled.clone(),
        };
        definition.run(payload, context).await
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn manifest(&self) -> Manifest {
        Manifest::read(self.root(), TENANT).unwrap().expect("an export has run")
    }

    /// A published file of the first tenant, as text.
    pub(crate) fn file(&self, path: &str) -> String {
        let path = self.root().join(TENANT.to_string()).join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Paths of all published files of the first tenant, whatever they are.
    pub(crate) fn files(&self) -> Vec<String> {
        self.modified().into_keys().collect()
    }

    pub(crate) fn modified(&self) -> BTreeMap<String, SystemTime> {
        let root = self.root().join(TENANT.to_string());
        let mut found = BTreeMap::new();
        let mut folders: Vec<PathBuf> = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                found.insert(name, fs::metadata(&path).unwrap().modified().unwrap());
            }
        }
        found
    }
}
