//! What every subcommand begins with: the environment, the log, the database, the broker.

use broker::{Broker, Topology};
use commands::Market;
use settings::{Environment, ExposeSecret, Problems, Reader, callbacks::Callbacks};
use store::api_keys::Pepper;
use store::{Config, Role, Store};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Reads settings from the environment; every problem is reported at once.
pub(crate) fn load<T>(load: impl FnOnce(&mut Reader<'_>) -> T) -> Result<T, Problems> {
    let environment = Environment;
    let mut reader = Reader::new(&environment);
    let loaded = load(&mut reader);
    reader.finish()?;
    Ok(loaded)
}

/// The database of a role; it connects with the first statement.
pub(crate) fn store(database: &settings::database::Database, role: Role) -> anyhow::Result<Store> {
    let url = database.url.expose_secret().to_owned();
    Ok(Store::new(&Config { url, role, pool_size: database.pool_size })?)
}

/// The database for an operator's tool: one connection, ready.
pub(crate) async fn client(role: Role) -> anyhow::Result<store::Client> {
    let database = load(settings::database::Database::load)?;
    Ok(store(&database, role)?.client().await?)
}

/// What API keys are hashed with.
pub(crate) fn pepper(api_keys: &settings::api_keys::ApiKeys) -> Pepper {
    Pepper::new(api_keys.pepper.expose_secret().as_bytes())
}

/// The broker; it connects when it is used.
pub(crate) fn broker(broker: &settings::broker::Broker) -> anyhow::Result<Broker> {
    Ok(Broker::new(broker.url.expose_secret(), topology(&broker.prefix))?)
}

/// What should be on the broker.
pub(crate) fn topology(prefix: &str) -> Topology {
    let lanes: Vec<&str> = commands::LANES.iter().map(|lane| lane.name).collect();
    Topology::new(prefix, &lanes)
}

/// The way to eBay and to the sources of cards; nothing connects yet.
pub(crate) fn market(market: &settings::market::Market, id: Uuid) -> anyhow::Result<Market> {
    let ebay = market.credentials.clone().map(|credentials| {
        ebay::Client::new(ebay::Config {
            api_url: market.ebay_url.clone(),
            marketplace_id: market.marketplace_id.clone(),
            ..ebay::Config::new(credentials.client_id, credentials.client_secret)
        })
    });
    let sources = catalogue::Client::new(catalogue::Config {
        tcgdex_url: market.tcgdex_url.clone(),
        price_guide_url: market.price_guide_url.clone(),
        rates_url: market.rates_url.clone(),
        ..catalogue::Config::default()
    })?;
    Ok(Market::new(ebay.transpose()?, Some(sources), id))
}

/// What sends callbacks; nothing connects yet.
pub(crate) fn callbacks(callbacks: Callbacks) -> anyhow::Result<callbacks::Client> {
    let policy = callbacks::Policy::new(callbacks.hosts);
    Ok(callbacks::Client::new(callbacks::Config::new(policy, callbacks.secrets))?)
}

/// Cancelled by SIGTERM or an interrupt.
pub(crate) fn shutdown() -> anyhow::Result<CancellationToken> {
    let shutdown = CancellationToken::new();
    let stop = shutdown.clone();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stop.cancel();
    });
    Ok(shutdown)
}
