//! A fresh, migrated database for each test.

use settings::{Environment, Source};
use store::{Role, Store};
use tokio_postgres::NoTls;
use uuid::Uuid;

/// A database of its own, dropped with the value.
pub struct TestDatabase {
    name: String,
}

/// Key of the advisory lock under which templates are made and copied.
const LOCK: i64 = 0x7465_7374;

/// No schedule fires in a test that does not want it to, at whatever hour it runs.
const QUIET: &str = "update schedules set is_enabled = false, changed_at = clock_timestamp()";

/// Copies a fresh database from a migrated template. Its schedules are off, but for the nightly
/// batch, which begins to count now.
///
/// # Panics
/// When there is no PostgreSQL: `make test` starts one.
pub async fn database() -> TestDatabase {
    let admin = connect(&database_url()).await;
    admin.query_one("select pg_advisory_lock($1)", &[&LOCK]).await.unwrap();
    let template = template(&admin).await;
    let name = format!("test_{}", Uuid::now_v7().simple());
    let copy = format!("create database {name} template {template}");
    admin.batch_execute(&copy).await.unwrap();
    let database = TestDatabase { name };
    database.owner().await.batch_execute(QUIET).await.unwrap();
    database
}

/// The template for the migrations of this build, made once per server.
async fn template(admin: &tokio_postgres::Client) -> String {
    let name = format!("template_{:016x}", store::migrate::fingerprint());
    let known = "select datname from pg_database where datname like 'template\\_%'";
    let known: Vec<String> =
        admin.query(known, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    let ready = format!("{name}_ready");
    if known.contains(&ready) {
        return ready;
    }
    if known.contains(&name) {
        // Somebody was interrupted while migrating it.
        admin.batch_execute(&format!("drop database {name} with (force)")).await.unwrap();
    }
    admin.batch_execute(&format!("create database {name}")).await.unwrap();
    store::migrate::run(&with_database(&database_url(), &name)).await.unwrap();
    let rename = format!("alter database {name} rename to {ready}");
    while admin.batch_execute(&rename).await.is_err() {
        // The migrating session is still closing.
        tokio::task::yield_now().await;
    }
    ready
}

impl TestDatabase {
    /// Its address, as the owner.
    pub fn url(&self) -> String {
        with_database(&database_url(), &self.name)
    }

    /// A store in `role`, with a small pool.
    ///
    /// # Panics
    /// When the address cannot be read.
    pub fn store(&self, role: Role) -> Store {
        Store::new(&store::Config { url: self.url(), role, pool_size: 8 }).unwrap()
    }

    /// A plain connection as the owner, for looking behind the scenes.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn owner(&self) -> tokio_postgres::Client {
        connect(&self.url()).await
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let drop = format!("drop database if exists {} with (force)", self.name);
        // A thread with its own runtime: the test's may already be shutting down.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async move {
                connect(&database_url()).await.batch_execute(&drop).await.unwrap();
            });
        });
        dropped.join().unwrap();
    }
}

/// The server that the tests may use.
///
/// # Panics
/// When `DATABASE_URL` is not set.
pub fn database_url() -> String {
    Environment.get("DATABASE_URL").expect("DATABASE_URL is not set: run the tests with make test")
}

/// The broker that the tests may use.
///
/// # Panics
/// When `AMQP_URL` is not set.
pub fn amqp_url() -> String {
    Environment.get("AMQP_URL").expect("AMQP_URL is not set: run the tests with make test")
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn with_database(url: &str, name: &str) -> String {
    let (server, options) = url.split_once('?').unwrap_or((url, ""));
    let (server, _) = server.rsplit_once('/').unwrap_or((server, ""));
    let separator = if options.is_empty() { "" } else { "?" };
    format!("{server}/{name}{separator}{options}")
}
