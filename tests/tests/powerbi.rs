//! Exports, feed and queries, read by what people read them with: duckdb, pyarrow, a spreadsheet, a
//! client of OData, and Microsoft's parser of M. `make test-powerbi` installs all of them.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "exports/office.rs"]
#[expect(dead_code, reason = "the tests of exports use the rest")]
mod office;

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use exports::{Kind, TABLES};
use futures::FutureExt as _;
use office::{Office, TENANT};
use serde_json::{Value, json};
use settings::{Environment, SecretString, Source};
use store::Role;
use tests::keys;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/powerbi");

/// Beside the office's own records: a day of texts that would be formulas, and enough tickets and
/// time entries for many pages.
const MORE: &str = "
insert into raw_tickets (
    tenant_id, source, cw_ticket_id, content_hash, board, status, priority, summary, company, owner,
    created_at_remote, closed_at, estimated_hours, high_priority, satisfaction_score, raw
)
select ':tenant', 'mock', 'F' || n, gen_random_uuid(), 'Help Desk', 'New', 'Low', text, 'Noël & Cie',
       'André', timestamptz '2026-07-01 06:00Z' + n * interval '1 minute', null, null, false, null, '{}'
from unnest(array['=1+1', '+33 1', '-1', '@SUM(A1)', E'\\t=1+1', '＝1+1', '''quoted', 'é, \"ü\"; ñ'])
     with ordinality as texts (text, n);
insert into raw_tickets (
    tenant_id, source, cw_ticket_id, content_hash, board, status, priority, summary, company, owner,
    created_at_remote, closed_at, estimated_hours, high_priority, satisfaction_score, raw
)
select ':tenant', case when n % 9 = 0 then 'other' else 'mock' end, 'G' || n, gen_random_uuid(),
       (array['Help Desk', ' HELP desk', 'Réseau', null])[1 + n % 4],
       case when n % 3 = 0 then 'Closed' else 'New' end, (array['High', 'Low', ''])[1 + n % 3],
       case when n % 11 > 0 then 'Ticket ' || n end, 'Company ' || n % 17, 'Member ' || n % 5,
       timestamptz '2026-02-01 20:00Z' + n * interval '47 minutes',
       case when n % 3 = 0 then timestamptz '2026-02-03 10:00Z' + n * interval '53 minutes' end,
       case when n % 5 > 0 then n / 16.0 end, n % 3 = 0, case when n % 3 = 0 then 1 + n % 4 end, '{}'
from generate_series(1, 4000) n;
insert into raw_time_entries (
    tenant_id, source, cw_time_entry_id, content_hash, cw_ticket_id, member, work_type, billable,
    billable_class, minutes, date_worked, raw
)
select ':tenant', 'mock', 'H' || n, gen_random_uuid(), 'G' || n, 'Member ' || n % 5, 'Remote',
       n % 2 = 0, case when n % 2 = 0 then 1 else 0 end, n % 480, date '2026-06-01' + n % 60, '{}'
from generate_series(1, 3000) n;
";

/// An office whose export has run in both formats.
async fn exported() -> Office {
    let office = Office::new().await;
    office.execute(&MORE.replace(":tenant", &TENANT.to_string())).await;
    office.export(json!({"format": "both"})).await.unwrap();
    office
}

/// What the scripts are told.
struct Told {
    /// Goes away with the list of queries in it.
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Told {
    fn about(office: &Office) -> Told {
        let folder = tempfile::tempdir().unwrap();
        let selects = folder.path().join("selects.json");
        std::fs::write(&selects, selects_of_tables().to_string()).unwrap();
        let variables = vec![
            ("DATABASE_URL", office.database.url()),
            ("TENANT_ID", TENANT.to_string()),
            ("EXPORTS", office.root().join(TENANT.to_string()).display().to_string()),
            ("SELECTS", selects.display().to_string()),
        ];
        Told { folder, variables }
    }

    fn and(mut self, name: &'static str, value: impl Into<String>) -> Told {
        self.variables.push((name, value.into()));
        self
    }
}

/// Of each table the query of its rows, its columns with their types, and its keys.
fn selects_of_tables() -> Value {
    let tables = TABLES.iter().map(|table| {
        let select = store::exports::select(table.name, TENANT, None).unwrap();
        let columns: serde_json::Map<String, Value> = exports::TableEntry::from(table)
            .columns
            .into_iter()
            .map(|column| (column.name, json!(column.kind)))
            .collect();
        let keys = table.columns.iter().filter(|column| column.kind == Kind::Key);
        let keys: Vec<&str> = keys.map(|column| column.name).collect();
        (table.name.to_owned(), json!({ "select": select, "columns": columns, "keys": keys }))
    });
    Value::Object(tables.collect())
}

fn tools() -> PathBuf {
    Environment.get("POWERBI_TOOLS").expect("POWERBI_TOOLS is not set: make test-powerbi").into()
}

/// Runs a script of tests/powerbi to its end.
async fn python(script: &str, told: Told) {
    let mut python = Command::new(tools().join("python/bin/python"));
    python.arg(script).current_dir(FOLDER);
    python.envs(told.variables.iter().map(|(name, value)| (*name, value)));
    run(python).await;
    drop(told.folder);
}

async fn run(mut command: Command) {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    eprintln!("{said}");
}

/// A running API over the office's database.
async fn serve(office: &Office) -> (String, CancellationToken, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let config = api::Config {
        listener,
        store: office.database.store(Role::Api),
        settings: settings::api::Api {
            listen: address,
            service_token: SecretString::from("a-token-that-only-the-tests-know"),
            previous_service_token: None,
            rate_limit_per_minute: 10_000,
            service_rate_limit_per_minute: 0,
            trusted_proxies: Vec::new(),
            allowed_origins: Vec::new(),
            callback_hosts: settings::callbacks::Hosts::default(),
            api_keys: keys::api_keys(),
            tokens: keys::tokens(),
        },
        exports: office.root().to_owned(),
        mock_mode: true,
        broker: None,
        metrics: Arc::new(String::new),
    };
    let shutdown = CancellationToken::new();
    let running = tokio::spawn(api::serve(config, shutdown.clone()).map(Result::unwrap));
    (format!("http://{address}/v1/odata"), shutdown, running)
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_of_files_agree_with_sql() {
    let office = exported().await;
    python("files.py", Told::about(&office)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_reflects_and_queries_every_set() {
    let office = exported().await;
    let client = office.database.store(Role::Worker).client().await.unwrap();
    let key = store::api_keys::create(&client, &keys::pepper(), TENANT, "Power BI", None).await;
    let (url, shutdown, running) = serve(&office).await;
    let told = Told::about(&office).and("FEED_URL", url).and("API_KEY", key.unwrap().key);
    python("feed.py", told).await;
    shutdown.cancel();
    running.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spreadsheet_shows_accents_and_runs_no_formula() {
    let office = exported().await;
    python("sheet.py", Told::about(&office)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_are_m() {
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec", "queries.test.mjs"]).current_dir(FOLDER);
    node.env("POWERBI_TOOLS", tools().join("npm"));
    run(node).await;
}
