//! What all pages of one process share.

use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use settings::admin::Admin;
use store::Store;
use store::settings::Settings;
use tokio_util::sync::CancellationToken;

use crate::Queues;
use crate::fresh::Fresh;
use crate::pages::Overview;
use crate::password::Keeper;
use crate::shell::Counts;
use crate::token::Signer;

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
    /// Cookies travel encrypted only.
    pub(crate) is_https: bool,
    pub(crate) queues: Queues,
    /// Cancelled when the process is to stop: no stream should go on.
    pub(crate) stopping: CancellationToken,
    settings: RwLock<Arc<Settings>>,
    counts: Fresh<Counts>,
    pub(crate) overview: Fresh<Overview>,
}

/// How long the counts of the menu stand.
const COUNTS_FRESH: Duration = Duration::from_secs(3);

impl Site {
    pub(crate) fn new(
        store: Store,
        settings: &Admin,
        queues: Queues,
        stopping: CancellationToken,
    ) -> Result<Site, Unusable> {
        Ok(Site(Arc::new(Shared {
            store,
            username: settings.username.clone(),
            keeper: Keeper::new(&settings.password_hash).ok_or(Unusable)?,
            signer: Signer::new(&settings.session_secret),
            is_https: settings.public_url.starts_with("https://"),
            queues,
            stopping,
            settings: RwLock::default(),
            counts: Fresh::default(),
            overview: Fresh::default(),
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

    /// Counts the menu anew for the next page: after something was decided.
    pub(crate) async fn forget_counts(&self) {
        self.counts.forget().await;
    }
}

impl Deref for Site {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
