//! The roles: each is a few loops over the same database and broker.

use std::{process::ExitCode, sync::Arc};

use anyhow::{Context, bail};
use broker::Broker;
use commands::Folders;
use settings::{
    ExposeSecret, Reader, admin::Admin, api::Api, broker::Broker as BrokerSettings,
    callbacks::Callbacks, database::Database, files::Files, log::Log, market::Market,
    scheduler::Scheduler, telemetry::Telemetry as TelemetrySettings, worker::Worker,
};
use store::{Role, Store, migrate, prune::Retention};
use telemetry::{Figures, Telemetry};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{options::LanesArgument, start};

/// What every role needs.
struct Base {
    database: Database,
    broker: Broker,
    shutdown: CancellationToken,
    figures: Figures,
    telemetry: Telemetry,
}

/// The settings of every role.
type Common = (Database, BrokerSettings, Log, TelemetrySettings);

impl Base {
    /// `role` is how traces call this process.
    async fn start(role: &str, common: Common) -> anyhow::Result<Base> {
        let (database, broker, log, telemetry) = common;
        let base = Base {
            database,
            telemetry: Telemetry::start(&log, &telemetry.traces, role, host())?,
            broker: start::broker(&broker)?,
            shutdown: start::shutdown()?,
            figures: Figures::start()?,
        };
        if let Some(address) = telemetry.metrics_listen {
            let listener = TcpListener::bind(address)
                .await
                .with_context(|| format!("METRICS_LISTEN: {address} cannot be used"))?;
            let (figures, shutdown) = (base.figures.clone(), base.shutdown.clone());
            tokio::spawn(telemetry::serve(listener, figures, shutdown));
        }
        Ok(base)
    }

    /// What every role does last.
    async fn end(self) -> ExitCode {
        self.telemetry.end().await;
        ExitCode::SUCCESS
    }

    /// Runs one of several roles; if it fails, the others stop as they do on SIGTERM.
    async fn beside_others(
        &self,
        role: impl Future<Output = anyhow::Result<()>>,
    ) -> anyhow::Result<()> {
        let ended = role.await;
        if ended.is_err() {
            self.shutdown.cancel();
        }
        ended
    }

    fn store(&self, role: Role) -> anyhow::Result<Store> {
        start::store(&self.database, role)
    }

    /// Refuses to start on a schema that this build does not know.
    async fn check_migrations(&self) -> anyhow::Result<()> {
        let client = self.store(Role::Worker)?.client().await?;
        let status = migrate::status(&client).await?;
        if !status.pending.is_empty() {
            bail!("migrations are missing ({}): run `courtier migrate`", status.pending.join(", "));
        }
        Ok(())
    }

    /// Declares the topology. A broker that is away is no reason not to start: the supervisors
    /// declare it once it is back. One that differs is.
    async fn check_broker(&self) -> anyhow::Result<()> {
        match self.broker.declare().await {
            Err(error @ broker::Error::Differs(_)) => {
                Err(error).context("RabbitMQ holds another topology")
            }
            Err(error) => {
                tracing::warn!(%error, "RabbitMQ cannot be reached yet");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}

/// `courtier api`.
pub(crate) async fn api() -> anyhow::Result<ExitCode> {
    let (common, api, files) =
        start::load(|reader| (common(reader), Api::load(reader), Files::load(reader)))?;
    let base = Base::start("api", common).await?;
    base.check_migrations().await?;
    serve_api(&base, api, files).await?;
    Ok(base.end().await)
}

/// `courtier admin`.
pub(crate) async fn admin() -> anyhow::Result<ExitCode> {
    let (common, admin, files) =
        start::load(|reader| (common(reader), Admin::load(reader), Files::load(reader)))?;
    let base = Base::start("admin", common).await?;
    base.check_migrations().await?;
    serve_admin(&base, Some(admin), &files).await?;
    Ok(base.end().await)
}

/// `courtier worker`.
pub(crate) async fn worker(lanes: LanesArgument) -> anyhow::Result<ExitCode> {
    let (common, worker, surroundings) =
        start::load(|reader| (common(reader), Worker::load(reader), Surroundings::load(reader)))?;
    let base = Base::start("worker", common).await?;
    base.check_migrations().await?;
    base.check_broker().await?;
    run_worker(&base, lanes, &worker, surroundings).await?;
    Ok(base.end().await)
}

/// `courtier scheduler`.
pub(crate) async fn scheduler() -> anyhow::Result<ExitCode> {
    let (common, scheduler) = start::load(|reader| (common(reader), Scheduler::load(reader)))?;
    let base = Base::start("scheduler", common).await?;
    base.check_migrations().await?;
    base.check_broker().await?;
    run_scheduler(&base, &scheduler).await?;
    Ok(base.end().await)
}

/// `courtier all`. The admin site is part of it as soon as its account is named.
pub(crate) async fn all(lanes: LanesArgument) -> anyhow::Result<ExitCode> {
    let (common, api, worker, scheduler, surroundings, admin) = start::load(|reader| {
        let common = common(reader);
        let (api, worker) = (Api::load(reader), Worker::load(reader));
        let (scheduler, admin) = (Scheduler::load(reader), Admin::load_if_named(reader));
        (common, api, worker, scheduler, Surroundings::load(reader), admin)
    })?;
    let files = surroundings.files.clone();
    let base = Base::start("all", common).await?;
    let applied = migrate::run(base.database.url.expose_secret()).await?;
    tracing::info!(?applied, "migrations are up to date");
    migrate_keys(&base, &api).await?;
    base.check_broker().await?;
    let (api, admin, worker, scheduler) = tokio::join!(
        base.beside_others(serve_api(&base, api, files.clone())),
        base.beside_others(serve_admin(&base, admin, &files)),
        base.beside_others(run_worker(&base, lanes, &worker, surroundings)),
        base.beside_others(run_scheduler(&base, &scheduler)),
    );
    api.and(admin).and(worker).and(scheduler)?;
    Ok(base.end().await)
}

/// Hashes keys that were made before there was a pepper.
async fn migrate_keys(base: &Base, api: &Api) -> anyhow::Result<()> {
    let n_keys = crate::migrate::pepper_keys(&base.database, &api.api_keys).await?;
    if n_keys > 0 {
        tracing::info!(n_keys, "API keys were hashed with API_KEY_PEPPER");
    }
    Ok(())
}

/// What the commands of a worker reach.
struct Surroundings {
    files: Files,
    market: Market,
    callbacks: Callbacks,
}

impl Surroundings {
    fn load(reader: &mut Reader<'_>) -> Surroundings {
        Surroundings {
            files: Files::load(reader),
            market: Market::load(reader),
            callbacks: Callbacks::load(reader),
        }
    }
}

fn common(reader: &mut Reader<'_>) -> Common {
    let (database, broker) = (Database::load(reader), BrokerSettings::load(reader));
    (database, broker, Log::load(reader), TelemetrySettings::load(reader))
}

async fn serve_api(base: &Base, settings: Api, files: Files) -> anyhow::Result<()> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("API_LISTEN: {} cannot be used", settings.listen))?;
    let (broker, figures) = (base.broker.clone(), base.figures.clone());
    let config = api::Config {
        listener,
        store: base.store(Role::Api)?,
        settings,
        exports: files.exports,
        mock_mode: files.mock_mode,
        broker: Some(Arc::new(move || {
            let broker = broker.clone();
            Box::pin(async move { broker.depths().await.map(drop).map_err(|e| e.to_string()) })
        })),
        metrics: Arc::new(move || figures.render()),
    };
    Ok(api::serve(config, base.shutdown.clone()).await?)
}

async fn serve_admin(base: &Base, settings: Option<Admin>, files: &Files) -> anyhow::Result<()> {
    let Some(settings) = settings else {
        tracing::info!("the admin site is off: set ADMIN_USERNAME and ADMIN_PASSWORD_HASH");
        return Ok(());
    };
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("ADMIN_LISTEN: {} cannot be used", settings.listen))?;
    let broker = base.broker.clone();
    let queue = |depth: broker::Depth| admin::Queue {
        lane: depth.lane,
        ready: depth.ready,
        consumers: depth.consumers,
    };
    let config = admin::Config {
        listener,
        store: base.store(Role::Worker)?,
        settings,
        exports: files.exports.clone(),
        queues: Arc::new(move || {
            let broker = broker.clone();
            Box::pin(async move {
                let depths = broker.depths().await.map_err(|error| error.to_string())?;
                Ok(depths.into_iter().map(queue).collect())
            })
        }),
    };
    Ok(admin::serve(config, base.shutdown.clone()).await?)
}

async fn run_worker(
    base: &Base,
    lanes: LanesArgument,
    settings: &Worker,
    surroundings: Surroundings,
) -> anyhow::Result<()> {
    let id = Uuid::now_v7();
    let Surroundings { files, market, callbacks } = surroundings;
    let config = worker::Config {
        id,
        lanes: lanes.or_all(),
        lease: settings.lease,
        grace: settings.grace,
        folders: Folders { mock_data: files.mock_data, exports: files.exports },
        market: Arc::new(start::market(&market, id)?),
        callbacks: Arc::new(start::callbacks(callbacks)?),
        host: host(),
        version: env!("CARGO_PKG_VERSION"),
    };
    worker::run(config, base.store(Role::Worker)?, base.broker.clone(), base.shutdown.clone())
        .await?;
    Ok(())
}

async fn run_scheduler(base: &Base, settings: &Scheduler) -> anyhow::Result<()> {
    let defaults = scheduler::Config::default();
    let retention = Retention { commands_days: settings.retention_days, ..defaults.retention };
    let config = scheduler::Config { retention, ..defaults };
    let store = base.store(Role::Worker)?;
    Ok(scheduler::run(config, store, base.broker.clone(), base.shutdown.clone()).await?)
}

/// The name of this machine or container, as operators know it.
fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map_or_else(|_| "unknown".to_owned(), |name| name.trim().to_owned())
}
