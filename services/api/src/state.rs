//! What all handlers of one process share.

use std::collections::HashMap;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use callbacks::Policy;
use settings::ExposeSecret as _;
use store::Store;
use store::api_keys::{Access, Lock, Pepper};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use vital::Vital;

use crate::accept::Accepter;
use crate::auth::ServiceToken;
use crate::etag::Prepared;
use crate::limits::Limits;
use crate::openapi;
use crate::problem::Problem;
use crate::route::Route;
use crate::routes::{Asked, Together};
use crate::shared::Shared;
use crate::token::Tokens;
use crate::waiters::Waiters;
use crate::{Config, Probe, Render};

/// Made when it is first read.
pub(crate) type OnDemand<T> = LazyLock<T, Box<dyn FnOnce() -> T + Send>>;

/// A handle to the shared state; clones are cheap.
#[derive(Clone)]
pub(crate) struct Api(Arc<State>);

/// The shared state.
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) token: ServiceToken,
    pub(crate) pepper: Pepper,
    pub(crate) tokens: Tokens,
    /// Keys that are being looked up, by their lookup part and by their id.
    pub(crate) locks: Shared<String, (), Arc<Lock>>,
    pub(crate) keys: Shared<Uuid, (), Access>,
    /// Figures that are being read.
    pub(crate) figures: Shared<Together, Asked, Arc<Prepared>>,
    pub(crate) limits: Limits,
    pub(crate) accepter: Accepter,
    pub(crate) waiters: Waiters,
    pub(crate) tenants: Tenants,
    /// Where a `callback_url` may lead.
    pub(crate) callbacks: Policy,
    pub(crate) exports: PathBuf,
    pub(crate) mock_mode: bool,
    pub(crate) broker: Option<Probe>,
    pub(crate) metrics: Render,
    /// The OpenAPI document, made when somebody asks for it: most processes never serve it, and
    /// making it leaves some 6 MiB resident.
    pub(crate) openapi: OnDemand<Prepared>,
    /// Cancelled when the process is to stop: nobody should wait on.
    pub(crate) stopping: CancellationToken,
}

impl Api {
    /// Starts the background tasks of `config`.
    pub(crate) fn start(
        config: &Config,
        routes: &[Arc<Route>],
        stopping: CancellationToken,
        vital: &Vital,
    ) -> Api {
        let settings = &config.settings;
        Api(Arc::new(State {
            store: config.store.clone(),
            token: ServiceToken::new(
                &settings.service_token,
                settings.previous_service_token.as_ref(),
            ),
            pepper: Pepper::new(settings.api_keys.pepper.expose_secret().as_bytes()),
            tokens: Tokens::new(&settings.tokens),
            locks: Shared::default(),
            keys: Shared::default(),
            figures: Shared::default(),
            limits: Limits::new(
                settings.rate_limit_per_minute,
                settings.service_rate_limit_per_minute,
            ),
            accepter: Accepter::start(&config.store, vital),
            waiters: Waiters::start(&config.store, vital),
            tenants: Tenants::default(),
            callbacks: Policy::new(settings.callback_hosts.clone()),
            exports: config.exports.clone(),
            mock_mode: config.mock_mode,
            broker: config.broker.clone(),
            metrics: config.metrics.clone(),
            openapi: described(routes.to_vec()),
            stopping,
        }))
    }
}

fn described(routes: Vec<Arc<Route>>) -> OnDemand<Prepared> {
    LazyLock::new(Box::new(move || {
        let document = openapi::document(routes.iter().map(AsRef::as_ref));
        Prepared::written(document.to_string())
    }))
}

impl Deref for Api {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}

/// Tenants seen a moment ago, so that accepting a command asks the database for none.
#[derive(Default)]
pub(crate) struct Tenants {
    active: Mutex<HashMap<Uuid, Instant>>,
}

/// How long a tenant is taken for active after it was seen so.
const TRUSTED: Duration = Duration::from_secs(10);

impl Tenants {
    /// Refuses a tenant that does not exist or is not active.
    pub(crate) async fn require_active(&self, store: &Store, id: Uuid) -> Result<(), Problem> {
        if self.is_fresh(id) {
            return Ok(());
        }
        let client = store.client().await?;
        match store::tenants::get(&client, id).await? {
            Some(tenant) if tenant.is_active => self.remember(id),
            Some(_) => return Err(Problem::field("tenant_id", "this tenant is not active")),
            None => return Err(Problem::field("tenant_id", "there is no tenant with this id")),
        }
        Ok(())
    }

    fn is_fresh(&self, id: Uuid) -> bool {
        let active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        active.get(&id).is_some_and(|seen| seen.elapsed() < TRUSTED)
    }

    fn remember(&self, id: Uuid) {
        let mut active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        active.insert(id, Instant::now());
    }
}
