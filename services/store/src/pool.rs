//! Connections: a pool for ordinary statements, dedicated connections for the hot loops.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, QueueMode, RecyclingMethod, Runtime};
use tokio_postgres::NoTls;

use crate::{Client, Connection, Error, Result};

/// The group role a connection acts in; it decides what a statement may touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The login itself, for migrations.
    Owner,
    /// The HTTP side: accepts commands, reads results, deletes nothing.
    Api,
    /// Workers, the scheduler and the operator's tools.
    Worker,
    /// Reports.
    ReadOnly,
}

impl Role {
    fn name(self) -> Option<&'static str> {
        match self {
            Role::Owner => None,
            Role::Api => Some("courtier_api"),
            Role::Worker => Some("courtier_worker"),
            Role::ReadOnly => Some("courtier_readonly"),
        }
    }
}

/// How to reach the database.
#[derive(Clone, Debug)]
pub struct Config {
    /// `postgresql://user:password@host:port/database`.
    pub url: String,
    pub role: Role,
    /// Connections the pool may open.
    pub pool_size: usize,
}

/// What differs between dedicated connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    /// Commits are on disk when they return.
    Durable,
    /// Commits return before they are on disk: for leases and marks, whose loss only means one
    /// more delivery, and for loads, which wait for the disk once, at their end.
    Relaxed,
}

/// The database, in one role; clones are cheap.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    config: Arc<tokio_postgres::Config>,
}

/// Longest wait for a connection, in all its forms.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest a pooled statement may run: one that takes longer is stuck or belongs in a command.
const STATEMENT_TIMEOUT_MS: u32 = 30_000;
/// Longest a transaction may sit idle, holding its locks.
const IDLE_IN_TRANSACTION_TIMEOUT_MS: u32 = 60_000;

impl Store {
    /// Prepares a pool; connects with the first statement.
    ///
    /// # Errors
    /// [`Error::Address`] when the URL cannot be read.
    pub fn new(config: &Config) -> Result<Store> {
        let base = parse(&config.url, config.role)?;
        let mut pooled = base.clone();
        add_options(&mut pooled, &format!("-c statement_timeout={STATEMENT_TIMEOUT_MS}"));
        // Not `Clean`: its `set session authorization default` would drop the role, and row-level
        // security with it. Pooled statements therefore use `set local` and transaction locks only.
        let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(pooled, NoTls, manager_config))
            .max_size(config.pool_size)
            // Few connections that are used much: each plans its statements some times by itself.
            .queue_mode(QueueMode::Lifo)
            .wait_timeout(Some(CONNECT_TIMEOUT))
            .create_timeout(Some(CONNECT_TIMEOUT))
            .recycle_timeout(Some(CONNECT_TIMEOUT))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Store { pool, config: Arc::new(base) })
    }

    /// A pooled connection.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when none can be had within five seconds.
    pub async fn client(&self) -> Result<Client> {
        Ok(self.pool.get().await?)
    }

    /// A connection of its own for one loop; it is closed when the value is dropped.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the server does not answer.
    pub async fn connect(&self, session: Session) -> Result<Connection> {
        let mut config = self.config.as_ref().clone();
        if session == Session::Relaxed {
            add_options(&mut config, "-c synchronous_commit=off");
        }
        let (client, connection) = connect(&config).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a dedicated database connection ended");
            }
        });
        Ok(client)
    }

    /// Connections of the pool: `(open, idle, waiting callers)`.
    pub fn pool_status(&self) -> (usize, usize, usize) {
        let status = self.pool.status();
        (status.size, status.available, status.waiting)
    }

    pub(crate) fn connect_config(&self) -> &tokio_postgres::Config {
        &self.config
    }
}

/// For connections that only ever touch rows by their key. Their statements are planned once,
/// perhaps while the tables are empty; a plan that reads a whole table would then stay while they
/// grow.
pub(crate) const BY_KEY: &str = "set enable_seqscan = off; set enable_sort = off";

pub(crate) type RawConnection =
    tokio_postgres::Connection<tokio_postgres::Socket, tokio_postgres::tls::NoTlsStream>;

pub(crate) async fn connect(
    config: &tokio_postgres::Config,
) -> Result<(Connection, RawConnection)> {
    match tokio::time::timeout(CONNECT_TIMEOUT, config.connect(NoTls)).await {
        Ok(Ok(pair)) => Ok(pair),
        Ok(Err(error)) => Err(Error::Unavailable(Error::from(error).to_string())),
        Err(_) => Err(Error::Unavailable("no answer within 5 s".into())),
    }
}

fn parse(url: &str, role: Role) -> Result<tokio_postgres::Config> {
    let mut config: tokio_postgres::Config =
        url.parse().map_err(|error: tokio_postgres::Error| Error::Address(error.to_string()))?;
    config.connect_timeout(CONNECT_TIMEOUT).application_name("courtier");
    add_options(
        &mut config,
        &format!("-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT_MS}"),
    );
    add_options(&mut config, "-c timezone=UTC -c jit=off");
    if let Some(name) = role.name() {
        add_options(&mut config, &format!("-c role={name}"));
    }
    Ok(config)
}

fn add_options(config: &mut tokio_postgres::Config, more: &str) {
    let options = match config.get_options() {
        Some(options) => format!("{options} {more}"),
        None => more.to_owned(),
    };
    config.options(options);
}
