//! The fabric in this process: a database, queues of its own, and the loops that a test starts.

use std::time::Duration;

use broker::{Broker, Topology};
use commands::{Folders, Lane};
use serde_json::Value;
use store::{
    Client, Listener, Role, Session, Store,
    accept::{Accepter, NewCommand},
    commands::CommandRow,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{TestDatabase, amqp_url, database};

/// Longest any awaited thing may take; only a broken build waits so long.
const PATIENCE: Duration = Duration::from_mins(1);

/// A database and a topology of its own; both go with [`Fabric::stop`].
pub struct Fabric {
    pub database: TestDatabase,
    pub store: Store,
    pub broker: Broker,
    accepter: Accepter,
    loops: Vec<Loop>,
}

struct Loop {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Fabric {
    /// Declares the topology; nothing runs yet.
    ///
    /// # Panics
    /// When a server cannot be reached.
    pub async fn new() -> Fabric {
        let database = database().await;
        let store = database.store(Role::Worker);
        let lanes: Vec<&str> = commands::LANES.iter().map(|lane| lane.name).collect();
        let topology = Topology::new(&format!("t{}", Uuid::now_v7().simple()), &lanes);
        let broker = Broker::new(&amqp_url(), topology).unwrap();
        broker.declare().await.unwrap();
        let accepter = Accepter::new(store.connect(Session::Durable).await.unwrap()).await.unwrap();
        Fabric { database, store, broker, accepter, loops: Vec::new() }
    }

    /// Starts a scheduler.
    pub fn scheduler(&mut self, config: scheduler::Config) {
        let (store, broker) = (self.store.clone(), self.broker.clone());
        self.start(|stop| scheduler::run(config, store, broker, stop));
    }

    /// Starts a worker on `lanes`, and returns the switch that stops it.
    pub fn worker(
        &mut self,
        lanes: &[Lane],
        folders: Folders,
        lease: Duration,
    ) -> CancellationToken {
        let config = worker::Config {
            id: uuid::Uuid::now_v7(),
            market: std::sync::Arc::default(),
            lanes: lanes.to_vec(),
            lease,
            grace: Duration::ZERO,
            folders,
            host: "test".into(),
            version: "test",
        };
        let (store, broker) = (self.store.clone(), self.broker.clone());
        self.start(|stop| worker::run(config, store, broker, stop))
    }

    /// A scheduler and a worker on every lane.
    pub fn run(&mut self, folders: Folders) {
        self.scheduler(scheduler::Config::default());
        self.worker(commands::LANES, folders, Duration::from_mins(1));
    }

    fn start<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        run: impl FnOnce(CancellationToken) -> F,
    ) -> CancellationToken {
        let stop = CancellationToken::new();
        let task = tokio::spawn(run(stop.clone()));
        self.loops.push(Loop { stop: stop.clone(), task });
        stop
    }

    /// Accepts a command as the API would.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn accept(&self, name: &str, parameters: Value) -> Uuid {
        let definition = commands::find(name).unwrap();
        let accepted = definition.accept(parameters).unwrap();
        let id = Uuid::now_v7();
        let command = NewCommand {
            id,
            name: definition.name,
            tenant_id: accepted.tenant_id,
            payload: accepted.payload,
            traceparent: None,
            waited: true,
            idempotency: None,
        };
        self.accepter.accept(&[command]).await.unwrap();
        id
    }

    /// Accepts a command and waits for its end.
    ///
    /// # Panics
    /// When it does not end in time.
    pub async fn done(&self, name: &str, parameters: Value) -> CommandRow {
        let id = self.accept(name, parameters).await;
        self.until(id, |command| command.finished_at.is_some()).await
    }

    /// Waits until a command's row is as `wanted`.
    ///
    /// # Panics
    /// When it does not become so in time.
    pub async fn until(&self, id: Uuid, wanted: impl Fn(&CommandRow) -> bool) -> CommandRow {
        let client = self.client().await;
        let mut done = self.store.listen("done");
        let started = tokio::time::Instant::now();
        loop {
            let command = store::commands::get(&client, id).await.unwrap().unwrap();
            if wanted(&command) {
                return command;
            }
            assert!(started.elapsed() < PATIENCE, "waited too long for {command:#?}");
            wake(&mut done).await;
        }
    }

    /// Waits until a query's single boolean is true.
    ///
    /// # Panics
    /// When it does not become so in time.
    pub async fn until_true(&self, query: &str) {
        let client = self.database.owner().await;
        let mut done = self.store.listen("done");
        let started = tokio::time::Instant::now();
        while !client.query_one(query, &[]).await.unwrap().get::<_, bool>(0) {
            assert!(started.elapsed() < PATIENCE, "waited too long for: {query}");
            wake(&mut done).await;
        }
    }

    /// A pooled connection.
    ///
    /// # Panics
    /// When none can be had.
    pub async fn client(&self) -> Client {
        self.store.client().await.unwrap()
    }

    /// Stops the loops, and checks that nothing is left behind: no message, no outbox entry.
    ///
    /// # Panics
    /// When something is.
    pub async fn stop(self) {
        for Loop { stop, task } in self.loops {
            stop.cancel();
            task.await.unwrap();
        }
        self.broker.delete_all().await.unwrap();
    }
}

/// Until something ended, or a moment passed: not every change is notified.
async fn wake(done: &mut Listener) {
    drop(tokio::time::timeout(Duration::from_millis(50), done.next()).await);
}
