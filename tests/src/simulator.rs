//! One server that plays eBay, `TCGdex`, Cardmarket and the ECB.
//!
//! It counts every request that arrives, before anything else, keeps eBay's limit to the call, and
//! goes wrong on demand. Everything that it shows follows from a seed and the day; see
//! `docs/EBAY.md` for its use by hand.

mod browse;
mod cards;
mod control;
mod draw;
mod fault;
mod filter;
mod http;
mod identity;
mod kind;
mod ledger;
mod market;
mod notice;
mod reference;
mod render;
mod title;
mod tokens;
mod world;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

pub use fault::{Fault, Injection};
pub use ledger::{Arrival, Endpoint, Stats, Window};

use reference::Reference;
use world::World;

/// How the simulated world is.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address and port; port 0 takes a free one.
    pub listen: String,
    /// Another seed gives another market.
    pub seed: u64,
    /// Calls of Browse in a window.
    pub limit: u64,
    pub window: Window,
    /// Before every answer.
    pub latency: Duration,
    pub token_lifetime: Duration,
    pub client_id: String,
    pub client_secret: String,
    /// Exactly so many listings in the market for each card, before a search filters; without it
    /// some cards have few and others have thousands.
    pub listings_per_card: Option<u64>,
    /// Cards as CSV; without it the simulator has some sets of its own.
    pub catalogue_csv: Option<PathBuf>,
    /// Cardmarket's file is filled up to this length with products that are nobody's.
    pub price_guide_entries: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            listen: "127.0.0.1:0".into(),
            seed: 1,
            limit: 5_000,
            window: Window::Pacific,
            latency: Duration::ZERO,
            token_lifetime: Duration::from_hours(2),
            client_id: "courtier".into(),
            client_secret: "simulated-secret".into(),
            listings_per_card: None,
            catalogue_csv: None,
            price_guide_entries: 0,
        }
    }
}

/// A running simulator. It ends when the value is dropped.
#[derive(Debug)]
pub struct Simulator {
    url: String,
    world: Arc<World>,
    server: JoinHandle<()>,
}

impl Simulator {
    /// Starts to listen.
    ///
    /// # Errors
    /// When the address is taken, or the cards cannot be read.
    pub async fn start(options: Options) -> io::Result<Simulator> {
        let sets = match &options.catalogue_csv {
            Some(path) => cards::from_csv(path)?,
            None => cards::invented(),
        };
        let listener = TcpListener::bind(&options.listen).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let world = Arc::new(World::new(url.clone(), &options, Reference::new(sets)));
        let server = tokio::spawn(accept(listener, Arc::clone(&world)));
        Ok(Simulator { url, world, server })
    }

    /// Where it listens, without a path.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The exchange rates, as `ECB_RATES_URL` names them.
    pub fn rates_url(&self) -> String {
        format!("{}{}", self.url, world::RATES_PATH)
    }

    /// Lets the next requests of an endpoint go wrong, after those that were told before.
    pub fn inject(&self, endpoint: Endpoint, fault: Fault, times: u32) {
        let injection = Injection { endpoint: Some(endpoint), fault, times };
        self.inject_any(injection);
    }

    /// The same in the words of the command line: `search:500*3`.
    pub fn inject_any(&self, injection: Injection) {
        lock(&self.world.faults).push(injection);
    }

    /// Forgets the faults that are still to come.
    pub fn clear_faults(&self) {
        lock(&self.world.faults).clear();
    }

    pub fn set_latency(&self, latency: Duration) {
        self.world.latency_us.store(world::microseconds(latency), Ordering::Relaxed);
    }

    pub fn set_limit(&self, limit: u64) {
        lock(&self.world.ledger).set_limit(limit);
    }

    /// Starts a new window, with all calls.
    pub fn roll_window(&self) {
        lock(&self.world.ledger).roll(Timestamp::now());
    }

    /// Makes every token invalid.
    pub fn revoke_tokens(&self) {
        lock(&self.world.tokens).revoke();
    }

    /// Moves the market on: listings vanish and others come.
    pub fn advance_days(&self, days: i64) {
        self.world.days_ahead.fetch_add(days, Ordering::Relaxed);
    }

    pub fn stats(&self) -> Stats {
        let n_minted = lock(&self.world.tokens).n_minted;
        lock(&self.world.ledger).stats(n_minted)
    }

    /// Requests of one endpoint since the start.
    pub fn arrived(&self, endpoint: Endpoint) -> u64 {
        lock(&self.world.ledger).arrived(endpoint)
    }

    /// Calls of Browse since the start, the refused ones included.
    pub fn browse_calls(&self) -> u64 {
        self.arrived(Endpoint::Search) + self.arrived(Endpoint::Item)
    }

    /// Every request in the order in which it was answered.
    pub fn arrivals(&self) -> Vec<Arrival> {
        lock(&self.world.ledger).arrivals()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // The connections are tasks of this one, and end with it.
        self.server.abort();
    }
}

/// Counters stay true when a test has failed while it held them.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn accept(listener: TcpListener, world: Arc<World>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        // A client that is gone before it was accepted is no reason to stop.
        let Ok((stream, _)) = listener.accept().await else { continue };
        let world = Arc::clone(&world);
        connections.spawn(async move {
            // A client that hangs up has its own reasons.
            http::serve(stream, &world).await.ok();
        });
    }
}

#[cfg(test)]
mod tests;
