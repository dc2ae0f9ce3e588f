//! The admin site: what the shop and the operator look at every day.
//!
//! [`serve`] runs it. Reading order: [`pages`] lists every page, one file each in `pages/` beside
//! its template in `templates/`; [`visit`] is a request as a page sees it; [`shell`] is what stands
//! around each page; [`say`] speaks the visitor's language; [`plot`] draws charts; [`live`] sends
//! what changes while a page is open; [`order`] has commands run, [`shop`] says what is known of a
//! card. Below them, [`router`] matches and lets in ([`session`],
//! [`token`]), and [`layers`] surrounds every answer.
//!
//! To add a page: a file in `pages/`, its template, its lines in `locales/*.ftl`, and its routes in
//! `pages.rs`.
//!
//! What must never appear here: SQL, AMQP, what a command does, or a colour outside the stylesheet.

mod pages;

mod field;
mod followed;
mod form;
mod html;
mod icon;
mod live;
mod order;
mod paging;
mod plot;
mod redact;
mod reply;
mod say;
mod shell;
mod shop;
mod strip;
mod told;
mod visit;

mod assets;
mod failure;
mod fresh;
mod layers;
mod password;
mod route;
mod router;
mod session;
mod site;
mod token;
mod uploads;

#[cfg(test)]
mod filter_tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use store::Store;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

pub use password::{Unhashable, hash as hash_password};
pub use site::Unusable;

use crate::site::Site;

/// A queue of the broker, as far as an operator looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    pub lane: String,
    /// Messages waiting.
    pub ready: u32,
    /// Consumers attached, over all processes.
    pub consumers: u32,
}

/// Asks the broker about its queues; the error says why it cannot.
pub type Queues =
    Arc<dyn Fn() -> BoxFuture<'static, Result<Vec<Queue>, String>> + Send + Sync + 'static>;

/// What the site needs.
pub struct Config {
    /// Where browsers connect.
    pub listener: TcpListener,
    /// The database, in the role [`store::Role::Worker`].
    pub store: Store,
    pub settings: settings::admin::Admin,
    pub queues: Queues,
    /// The folder that exports are written to.
    pub exports: PathBuf,
}

/// Longest a request may take until its answer starts.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// Longest wait for the head of a request.
const HEADER_READ_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest a running request may hold up the stop.
const GRACE: Duration = Duration::from_secs(5);
/// Connections served at the same time.
const MAX_CONNECTIONS: usize = 512;

/// Serves until `shutdown`, and then until running requests are answered.
///
/// # Errors
/// [`Unusable`] when the settings hold a password hash that cannot be read.
pub async fn serve(config: Config, shutdown: CancellationToken) -> Result<(), Unusable> {
    let limits = web::Limits {
        trusted_proxies: config.settings.trusted_proxies.as_slice().into(),
        max_connections: MAX_CONNECTIONS,
        header_read_timeout: HEADER_READ_TIMEOUT,
        grace: GRACE,
    };
    let site =
        Site::new(config.store, &config.settings, config.queues, config.exports, shutdown.clone())?;
    let service = layers::wrap(router::filter(&site), TIME_LIMIT);
    match config.listener.local_addr() {
        Ok(address) => tracing::info!(%address, "the admin site listens"),
        Err(error) => tracing::warn!(%error, "the address of the admin site is not known"),
    }
    tokio::select! {
        () = web::run(config.listener, service, limits, shutdown) => {}
        () = site.follow_settings() => {}
    }
    Ok(())
}
