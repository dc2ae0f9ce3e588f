//! The HTTP side of Courtier: commands in, results out.
//!
//! [`serve`] runs it. Reading order: [`route`] says what a route is, [`routes`] holds all of them,
//! [`router`] turns them into one warp filter, [`layers`] surrounds it, `web` feeds it with
//! connections. [`problem`] decides the status of every error.
//!
//! What must never appear here: SQL, AMQP, or what a command does.

mod accept;
mod access_line;
mod auth;
mod body;
mod cors;
mod cursor;
mod etag;
mod language;
mod layers;
mod limits;
mod openapi;
mod page;
mod params;
mod problem;
mod range;
mod reply;
mod request_id;
mod route;
mod router;
mod routes;
mod shared;
mod state;
mod token;
mod trace;
mod wait;
mod waiters;

#[cfg(test)]
mod filter_tests;
#[cfg(test)]
mod server_tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vital::{BrokenDown, Vital};

use crate::cors::Cors;
use crate::state::Api;

/// Asks whether the broker can be reached; the error says why not.
pub type Probe = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// Writes the metrics of this process in the text format of Prometheus.
pub type Render = Arc<dyn Fn() -> String + Send + Sync>;

/// What the API needs.
pub struct Config {
    /// Where clients connect.
    pub listener: TcpListener,
    /// The database, in the role [`store::Role::Api`].
    pub store: Store,
    pub settings: settings::api::Api,
    /// Folder of the export files.
    pub exports: PathBuf,
    /// Told by `/health`: tickets and time entries come from files.
    pub mock_mode: bool,
    /// `None` when readiness shall not depend on the broker.
    pub broker: Option<Probe>,
    pub metrics: Render,
}

/// Longest a request may take until its answer starts, without the wait a client asked for.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// Longest wait for the head of a request.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest a running request may hold up the stop.
const GRACE: Duration = Duration::from_secs(10);
/// Connections served at the same time.
const MAX_CONNECTIONS: usize = 2048;
/// Pause between two clearings of unused rate limiters.
const TIDY: Duration = Duration::from_mins(1);

/// Serves until `shutdown`, and then until running requests are answered.
///
/// # Errors
/// When a loop that all requests need has panicked; it has cancelled `shutdown` then.
pub async fn serve(config: Config, shutdown: CancellationToken) -> Result<(), BrokenDown> {
    let routes = routes::all();
    let vital = Vital::new(shutdown.clone());
    let api = Api::start(&config, &routes, shutdown.clone(), &vital);
    let cors = Cors::new(&config.settings.allowed_origins);
    let service = layers::wrap(router::filter(&api, &routes), cors, TIME_LIMIT);
    let limits = web::Limits {
        trusted_proxies: config.settings.trusted_proxies.as_slice().into(),
        max_connections: MAX_CONNECTIONS,
        header_read_timeout: HEADER_READ_TIMEOUT,
        grace: GRACE,
    };
    match config.listener.local_addr() {
        Ok(address) => tracing::info!(%address, "the API listens"),
        Err(error) => tracing::warn!(%error, "the address of the API is not known"),
    }
    tokio::select! {
        () = web::run(config.listener, service, limits, shutdown) => {}
        () = tidy(&api) => {}
    }
    vital.verdict()
}

async fn tidy(api: &Api) {
    loop {
        tokio::time::sleep(TIDY).await;
        api.limits.tidy();
    }
}
