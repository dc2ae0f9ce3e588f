//! The fabric in this process: a database, queues of its own, and the loops that a test starts.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use broker::Broker;
use commands::{Callbacks, Folders, Lane, Market};
use serde_json::Value;
use store::{
    Client, Listener, Role, Session, Store,
    accept::{Accepter, NewCommand},
    commands::CommandRow,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use vital::BrokenDown;

use crate::simulator::{self, Simulator};
use crate::{TestDatabase, amqp_url, database, queues};

/// Longest any awaited thing may take; only a broken build waits so long.
const PATIENCE: Duration = Duration::from_mins(1);

/// A database and a topology of its own; both go with [`Fabric::stop`].
pub struct Fabric {
    pub database: TestDatabase,
    pub store: Store,
    pub broker: Broker,
    prefix: String,
    accepter: Accepter,
    loops: Vec<Loop>,
}

struct Loop {
    stop: CancellationToken,
    task: JoinHandle<Result<(), BrokenDown>>,
}

impl Fabric {
    /// Declares the topology; nothing runs yet.
    ///
    /// # Panics
    /// When a server cannot be reached.
    pub async fn new() -> Fabric {
        let database = database().await;
        let store = database.store(Role::Worker);
        let prefix = format!("t{}", Uuid::now_v7().simple());
        let broker = queues(&amqp_url(), &prefix);
        broker.declare().await.unwrap();
        let accepter = Accepter::new(store.connect(Session::Durable).await.unwrap()).await.unwrap();
        Fabric { database, store, broker, prefix, accepter, loops: Vec::new() }
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
        let config = Fabric::config(lanes, folders, lease, Market::default());
        self.start_worker(config)
    }

    /// Starts a worker that sends callbacks.
    pub fn callback_worker(&mut self, callbacks: Callbacks) -> CancellationToken {
        let lanes: Vec<Lane> = commands::lane("callbacks").into_iter().collect();
        let (lease, market) = (Duration::from_mins(1), Market::default());
        let mut config = Fabric::config(&lanes, Folders::default(), lease, market);
        config.callbacks = Arc::new(callbacks);
        self.start_worker(config)
    }

    /// Starts a worker that prices cards at the simulator, as a process of its own would.
    ///
    /// # Panics
    /// When the clients cannot be made.
    pub fn card_worker(&mut self, simulator: &Simulator) -> CancellationToken {
        self.card_worker_at(simulator.url(), simulator)
    }

    /// The same, with eBay at another address than the sources of cards.
    ///
    /// # Panics
    /// When the clients cannot be made.
    pub fn card_worker_at(&mut self, ebay_url: &str, simulator: &Simulator) -> CancellationToken {
        let lanes = ["batch", "cards", "catalogue", "reprice"];
        let lanes: Vec<Lane> = lanes.iter().filter_map(|name| commands::lane(name)).collect();
        let mut config =
            Fabric::config(&lanes, Folders::default(), Duration::from_mins(1), Market::default());
        config.market = Arc::new(market(ebay_url, simulator, config.id));
        self.start_worker(config)
    }

    fn config(lanes: &[Lane], folders: Folders, lease: Duration, market: Market) -> worker::Config {
        worker::Config {
            id: Uuid::now_v7(),
            lanes: lanes.to_vec(),
            lease,
            grace: Duration::ZERO,
            folders,
            market: Arc::new(market),
            callbacks: no_callbacks(),
            host: "test".into(),
            version: "test",
        }
    }

    fn start_worker(&mut self, config: worker::Config) -> CancellationToken {
        let (store, broker) = (self.store.clone(), self.broker.clone());
        self.start(|stop| worker::run(config, store, broker, stop))
    }

    /// A scheduler and a worker on every lane.
    pub fn run(&mut self, folders: Folders) {
        self.scheduler(scheduler::Config::default());
        self.worker(commands::LANES, folders, Duration::from_mins(1));
    }

    fn start<F: Future<Output = Result<(), BrokenDown>> + Send + 'static>(
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
        self.accept_with(name, parameters, None).await
    }

    /// Accepts a command whose end is told to `url`.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn accept_called_back(&self, name: &str, parameters: Value, url: &str) -> Uuid {
        self.accept_with(name, parameters, Some(url.to_owned())).await
    }

    async fn accept_with(
        &self,
        name: &str,
        parameters: Value,
        callback_url: Option<String>,
    ) -> Uuid {
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
            callback_url,
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

    /// What stands before the name of every queue.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// A pooled connection.
    ///
    /// # Panics
    /// When none can be had.
    pub async fn client(&self) -> Client {
        self.store.client().await.unwrap()
    }

    /// Stops the loops, and takes the queues away with what is in them.
    ///
    /// # Panics
    /// When a loop has panicked.
    pub async fn stop(self) {
        for Loop { stop, task } in self.loops {
            stop.cancel();
            task.await.unwrap().unwrap();
        }
        self.broker.delete_all().await.unwrap();
    }
}

/// Callbacks to nowhere.
///
/// # Panics
/// When TLS cannot be set up.
pub fn no_callbacks() -> Arc<Callbacks> {
    let config = callbacks::Config::new(callbacks::Policy::default(), Vec::new());
    Arc::new(Callbacks::new(config).unwrap())
}

/// Access to nothing but the simulator.
fn market(ebay_url: &str, simulator: &Simulator, worker: Uuid) -> Market {
    let options = simulator::Options::default();
    let ebay = ebay::Client::new(ebay::Config {
        api_url: ebay_url.to_owned(),
        timeout: Duration::from_secs(5),
        ..ebay::Config::new(options.client_id, options.client_secret.into())
    });
    let sources = catalogue::Client::new(catalogue::Config {
        tcgdex_url: format!("{}/v2/fr", simulator.url()),
        price_guide_url: format!(
            "{}/productCatalog/priceGuide/price_guide_6.json",
            simulator.url()
        ),
        rates_url: simulator.rates_url(),
        tcgdex_requests_per_second: const { NonZeroU32::new(1_000).unwrap() },
        retry_delay: Duration::from_millis(1),
        ..catalogue::Config::default()
    });
    Market::new(Some(ebay.unwrap()), Some(sources.unwrap()), worker)
}

/// Until something ended, or a moment passed: not every change is notified.
async fn wake(done: &mut Listener) {
    drop(tokio::time::timeout(Duration::from_millis(50), done.next()).await);
}
