//! An installation: a database and queues of its own, and the processes that share them.

use std::{os::unix::process::ExitStatusExt, process::ExitStatus, time::Duration};

use broker::Broker;
use tests::{Instance, Process, TestDatabase, amqp_url, database, queues};
use tokio::time::Instant;
use tokio_postgres::NoTls;
use uuid::Uuid;

/// Longest any awaited thing may take; only a broken build waits so long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);
pub(crate) const TOKEN: &str = "a-token-for-the-scenarios-of-faults";

/// Every transition of a command that matters, kept by a trigger: a second one shows, even if the
/// row looks the same afterwards.
const HISTORY: &str = "
create table history (
    n bigint generated always as identity primary key,
    command_id uuid not null,
    attempt int not null,
    status text not null
);
create index on history (command_id);
create function note_transition() returns trigger language plpgsql security definer
set search_path = public as $$
begin
    insert into history (command_id, attempt, status) values (new.id, new.attempt, new.status);
    return null;
end
$$;
create trigger transition after update of status on commands
    for each row execute function note_transition()";

/// Where an installation lives.
pub(crate) struct Site {
    database_url: String,
    amqp_url: String,
    prefix: String,
    lease_seconds: &'static str,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) broker: Broker,
    pub(crate) owner: tokio_postgres::Client,
    database: Option<TestDatabase>,
}

/// A running API.
pub(crate) struct Api {
    pub(crate) process: Process,
    /// `http://host:port`.
    pub(crate) url: String,
}

impl Site {
    /// On the servers that all tests share.
    pub(crate) async fn new() -> Site {
        let database = database().await;
        let mut site = Site::at(database.url(), amqp_url()).await;
        site.database = Some(database);
        site
    }

    /// On servers of its own.
    pub(crate) async fn on(instance: &Instance) -> Site {
        let (database_url, amqp_url) = (&instance.database_url, &instance.amqp_url);
        let variables = [("DATABASE_URL", database_url.as_str())];
        assert!(Process::start(&["migrate"], &variables).exit().await.success());
        Site::at(database_url.clone(), amqp_url.clone()).await
    }

    async fn at(database_url: String, amqp_url: String) -> Site {
        let prefix = format!("f{}", Uuid::now_v7().simple());
        let broker = queues(&amqp_url, &prefix);
        broker.declare().await.unwrap();
        let owner = connect(&database_url).await;
        owner.batch_execute(HISTORY).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        Site {
            database_url,
            amqp_url,
            prefix,
            lease_seconds: "2",
            folder,
            broker,
            owner,
            database: None,
        }
    }

    /// With leases that run out after a second.
    pub(crate) fn with_short_leases(mut self) -> Site {
        self.lease_seconds = "1";
        self
    }

    /// With connections that notice within four seconds when the other side has gone silent.
    pub(crate) fn with_quick_heartbeats(mut self) -> Site {
        self.amqp_url += if self.amqp_url.contains('?') { "&heartbeat=2" } else { "?heartbeat=2" };
        self
    }

    /// Starts a role.
    pub(crate) fn start(&self, arguments: &[&str]) -> Process {
        self.start_failing(arguments, "")
    }

    /// Starts a role that crashes at one of its crash points.
    pub(crate) fn start_failing(&self, arguments: &[&str], failpoints: &str) -> Process {
        let folder = self.folder.path().to_str().unwrap();
        Process::start(
            arguments,
            &[
                ("DATABASE_URL", &self.database_url),
                ("DATABASE_POOL_SIZE", "4"),
                ("AMQP_URL", &self.amqp_url),
                ("AMQP_PREFIX", &self.prefix),
                ("API_LISTEN", "127.0.0.1:0"),
                ("SERVICE_TOKEN", TOKEN),
                ("API_KEY_PEPPER", tests::keys::PEPPER),
                ("JWT_SECRET_KEY", tests::keys::JWT_SECRET),
                ("LEASE_SECONDS", self.lease_seconds),
                ("WORKER_GRACE_SECONDS", "1"),
                ("MOCK_DATA_PATH", folder),
                ("EXPORTS_PATH", folder),
                ("LOG_FORMAT", "json"),
                // Requests are too many to be of use when a scenario fails.
                ("RUST_LOG", "info,lapin=off,api::access=warn"),
                ("FAILPOINTS", failpoints),
            ],
        )
    }

    /// Starts an API, and returns once it listens.
    pub(crate) async fn api(&self) -> Api {
        self.api_failing("").await
    }

    pub(crate) async fn api_failing(&self, failpoints: &str) -> Api {
        let process = self.start_failing(&["api"], failpoints);
        let line = process.says("the API listens").await;
        let url = format!("http://{}", line["address"].as_str().unwrap());
        Api { process, url }
    }

    /// A number from the database.
    pub(crate) async fn number(&self, query: &str) -> i64 {
        self.owner.query_one(query, &[]).await.unwrap().get(0)
    }

    /// Waits until a query's single boolean is true.
    pub(crate) async fn until_true(&self, query: &str) {
        until(query, async || self.owner.query_one(query, &[]).await.unwrap().get(0)).await;
    }

    /// Waits until this many messages wait in the lane of pings.
    pub(crate) async fn until_waiting(&self, messages: u32) {
        let what = format!("{messages} messages waiting");
        until(&what, async || self.waiting().await == Some(messages)).await;
    }

    /// `None` while the broker is away.
    async fn waiting(&self) -> Option<u32> {
        let depths = self.broker.depths().await.ok()?;
        depths.iter().find(|depth| depth.lane == "diagnostics").map(|depth| depth.ready)
    }

    /// Another connection as the owner.
    pub(crate) async fn connect(&self) -> tokio_postgres::Client {
        connect(&self.database_url).await
    }

    /// Connects again, after PostgreSQL was away.
    pub(crate) async fn reconnect(&mut self) {
        self.owner = self.connect().await;
    }

    /// Removes the queues and the database. The processes must have ended, or they declare them again.
    pub(crate) async fn remove(self) {
        self.broker.delete_all().await.unwrap();
        drop(self.database);
    }
}

/// Waits until `met`.
pub(crate) async fn until(what: &str, mut met: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !met().await {
        assert!(started.elapsed() < PATIENCE, "waited too long for: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Whether a crash point ended the process.
pub(crate) fn aborted(status: ExitStatus) -> bool {
    const SIGABRT: i32 = 6;
    status.signal() == Some(SIGABRT)
}
