//! Connections: a pool for ordinary statements, dedicated connections for the hot loops.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, QueueMode, RecyclingMethod, Runtime,
};
use tokio_postgres::Socket;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::address::Address;
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
    /// `postgresql://user:password@host:port/database?sslmode=…&sslrootcert=…`.
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
    /// For statements that only ever touch rows by their key.
    by_key: Pool,
    dial: Dial,
}

/// Opens connections, encrypted as the address says.
#[derive(Clone)]
pub(crate) struct Dial {
    config: Arc<tokio_postgres::Config>,
    connector: MakeRustlsConnect,
}

/// Longest wait for a connection, in all its forms.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections for statements by key: more than those who use them can keep busy.
const MAX_BY_KEY: usize = 4;
/// Longest a pooled statement may run: one that takes longer is stuck or belongs in a command.
const STATEMENT_TIMEOUT_MS: u32 = 30_000;
/// Longest a transaction may sit idle, holding its locks.
const IDLE_IN_TRANSACTION_TIMEOUT_MS: u32 = 60_000;

impl Store {
    /// Prepares the pools; they connect with their first statement.
    ///
    /// # Errors
    /// [`Error::Address`] and [`Error::Protection`] when the URL cannot be read, or a file that it
    /// names.
    pub fn new(config: &Config) -> Result<Store> {
        let dial = Dial::new(&config.url, config.role)?;
        let pool = dial.pool(config.pool_size, None)?;
        let by_key = dial.pool(config.pool_size.min(MAX_BY_KEY), Some(by_key()))?;
        Ok(Store { pool, by_key, dial })
    }

    /// A pooled connection.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when none can be had within five seconds.
    pub async fn client(&self) -> Result<Client> {
        Ok(self.pool.get().await?)
    }

    /// A pooled connection for statements that only ever touch rows by their key, and are needed
    /// all the time: each is planned once.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when none can be had within five seconds.
    pub async fn client_by_key(&self) -> Result<Client> {
        Ok(self.by_key.get().await?)
    }

    /// A connection of its own for one loop; it is closed when the value is dropped.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the server does not answer.
    pub async fn connect(&self, session: Session) -> Result<Connection> {
        let (client, connection) = match session {
            Session::Durable => self.dial.connect().await?,
            Session::Relaxed => {
                self.dial.with_options("-c synchronous_commit=off").connect().await?
            }
        };
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

    pub(crate) fn dial(&self) -> &Dial {
        &self.dial
    }
}

/// For connections that only ever touch rows by their key. Their statements may be planned while
/// the tables are empty; a plan that reads a whole table would then stay while they grow.
pub(crate) const BY_KEY: &str = "set enable_seqscan = off; set enable_sort = off";
/// For those of them that touch few rows at a time: left alone, PostgreSQL plans again for the
/// length of each array, which costs more than to run.
const PLANNED_ONCE: &str = "set plan_cache_mode = force_generic_plan";

pub(crate) type RawConnection =
    tokio_postgres::Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

impl Dial {
    fn new(url: &str, role: Role) -> Result<Dial> {
        let address = Address::parse(url)?;
        let connector = address.connector()?;
        let mut config = address.config;
        config.connect_timeout(CONNECT_TIMEOUT).application_name("courtier");
        add_options(
            &mut config,
            &format!("-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT_MS}"),
        );
        add_options(&mut config, "-c timezone=UTC -c jit=off");
        if let Some(name) = role.name() {
            add_options(&mut config, &format!("-c role={name}"));
        }
        Ok(Dial { config: Arc::new(config), connector })
    }

    /// `begin` is done once with each new connection.
    fn pool(&self, size: usize, begin: Option<Hook>) -> Result<Pool> {
        let mut pooled = self.config.as_ref().clone();
        add_options(&mut pooled, &format!("-c statement_timeout={STATEMENT_TIMEOUT_MS}"));
        // Not `Clean`: its `set session authorization default` would drop the role, and row-level
        // security with it. Pooled statements therefore use `set local` and transaction locks only.
        let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(pooled, self.connector.clone(), manager_config);
        let mut builder = Pool::builder(manager);
        if let Some(begin) = begin {
            builder = builder.post_create(begin);
        }
        builder
            .max_size(size)
            // Few connections that are used much: each plans its statements some times by itself.
            .queue_mode(QueueMode::Lifo)
            .wait_timeout(Some(CONNECT_TIMEOUT))
            .create_timeout(Some(CONNECT_TIMEOUT))
            .recycle_timeout(Some(CONNECT_TIMEOUT))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| Error::Unavailable(error.to_string()))
    }

    fn with_options(&self, more: &str) -> Dial {
        let mut dial = self.clone();
        add_options(Arc::make_mut(&mut dial.config), more);
        dial
    }

    pub(crate) async fn connect(&self) -> Result<(Connection, RawConnection)> {
        let connecting = self.config.connect(self.connector.clone());
        match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
            Ok(Ok(pair)) => Ok(pair),
            Ok(Err(error)) => Err(Error::Unavailable(Error::from(error).to_string())),
            Err(_) => Err(Error::Unavailable("no answer within 5 s".into())),
        }
    }
}

fn by_key() -> Hook {
    Hook::async_fn(|client, _| {
        let begin = format!("{BY_KEY}; {PLANNED_ONCE}");
        Box::pin(async move { client.batch_execute(&begin).await.map_err(HookError::Backend) })
    })
}

fn add_options(config: &mut tokio_postgres::Config, more: &str) {
    let options = match config.get_options() {
        Some(options) => format!("{options} {more}"),
        None => more.to_owned(),
    };
    config.options(options);
}
