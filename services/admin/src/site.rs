//! What all pages of one process share.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use settings::ExposeSecret as _;
use settings::admin::Admin;
use store::Store;
use store::api_keys::Pepper;
use store::card_stats::{Shelf, shelf};
use store::catalogue::{StoredSet, sets};
use store::settings::Settings;
use tokio_util::sync::CancellationToken;

use crate::Queues;
use crate::fresh::Fresh;
use crate::pages::Overview;
use crate::password::Keeper;
use crate::shell::Counts;
use crate::token::Signer;
use crate::uploads::Uploads;

/// Settings with which the site cannot start.
#[derive(Debug, thiserror::Error)]
#[error("ADMIN_PASSWORD_HASH: is no argon2id hash: use the output of `courtier hash-password`")]
pub struct Unusable;

/// A handle to the shared state; clones are cheap.
#[derive(Clone)]
pub(crate) struct Site(Arc<Shared>);

/// The shared state.
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) username: String,
    pub(crate) keeper: Keeper,
    pub(crate) signer: Signer,
    /// What new API keys are hashed with.
    pub(crate) pepper: Pepper,
    /// Cookies travel encrypted only.
    pub(crate) is_https: bool,
    pub(crate) queues: Queues,
    /// The folder that exports are written to.
    pub(crate) exports: PathBuf,
    pub(crate) uploads: Uploads,
    /// Cancelled when the process is to stop: no stream should go on.
    pub(crate) stopping: CancellationToken,
    settings: RwLock<Arc<Settings>>,
    counts: Fresh<Counts>,
    pub(crate) overview: Fresh<Overview>,
    shelf: Fresh<Shelf>,
    sets: Fresh<Vec<StoredSet>>,
}

/// How long the counts of the menu stand.
const COUNTS_FRESH: Duration = Duration::from_secs(3);
/// How long figures over the whole catalogue stand.
const SHELF_FRESH: Duration = Duration::from_secs(5);
/// How long the list of sets stands: it changes with imports.
const SETS_FRESH: Duration = Duration::from_secs(15);

impl Site {
    pub(crate) fn new(
        store: Store,
        settings: &Admin,
        queues: Queues,
        exports: PathBuf,
        stopping: CancellationToken,
    ) -> Result<Site, Unusable> {
        Ok(Site(Arc::new(Shared {
            store,
            username: settings.username.clone(),
            keeper: Keeper::new(&settings.password_hash).ok_or(Unusable)?,
            signer: Signer::new(&settings.session_secret),
            pepper: Pepper::new(settings.api_keys.pepper.expose_secret().as_bytes()),
            is_https: settings.public_url.starts_with("https://"),
            queues,
            exports,
            uploads: Uploads::default(),
            stopping,
            settings: RwLock::default(),
            counts: Fresh::default(),
            overview: Fresh::default(),
            shelf: Fresh::default(),
            sets: Fresh::default(),
        })))
    }

    /// What the shop has decided, a moment ago at most.
    pub(crate) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the settings now: after a change of our own, or on word of somebody else's.
    pub(crate) async fn reload_settings(&self) {
        let read = async { store::settings::all(&self.store.client().await?).await };
        match read.await {
            Ok(settings) => {
                *self.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
            }
            Err(error) => tracing::warn!(%error, "the settings could not be read"),
        }
    }

    /// Follows the settings until the process stops.
    pub(crate) async fn follow_settings(&self) {
        let mut listener = self.store.listen("settings");
        // Notices say that something changed, or that the connection is there (again).
        while listener.next().await.is_some() {
            listener.drain();
            self.reload_settings().await;
        }
        std::future::pending::<()>().await;
    }

    /// What waits for somebody, for the menu. An error is no reason to show no page.
    pub(crate) async fn counts(&self) -> Counts {
        let read = async {
            Counts::read(&self.store).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the counts of the menu could not be read");
                Counts::default()
            })
        };
        *self.counts.get(COUNTS_FRESH, read).await
    }

    /// Counts anew for the next page: after something was decided.
    pub(crate) async fn forget_counts(&self) {
        self.counts.forget().await;
        self.shelf.forget().await;
    }

    /// The catalogue in figures, a moment ago at most.
    pub(crate) async fn shelf(&self) -> Arc<Shelf> {
        let read = async {
            let read = async { shelf(&self.store.client().await?).await };
            read.await.unwrap_or_else(|error: store::Error| {
                tracing::warn!(%error, "the catalogue could not be counted");
                Shelf::default()
            })
        };
        self.shelf.get(SHELF_FRESH, read).await
    }

    /// All sets, newest first, a moment ago at most.
    pub(crate) async fn sets(&self) -> Arc<Vec<StoredSet>> {
        let read = async {
            let read = async { sets(&self.store.client().await?).await };
            read.await.unwrap_or_else(|error: store::Error| {
                tracing::warn!(%error, "the sets could not be read");
                Vec::new()
            })
        };
        self.sets.get(SETS_FRESH, read).await
    }

    /// Reads the sets anew for the next page: after one was hidden or shown.
    pub(crate) async fn forget_sets(&self) {
        self.sets.forget().await;
        self.shelf.forget().await;
    }
}

impl Deref for Site {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
