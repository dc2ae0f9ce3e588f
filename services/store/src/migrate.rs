//! Applies the files of `migrations/`, one process at a time.

use crate::{Result, Role, Session, Store};

mod embedded {
    refinery::embed_migrations!("../../migrations");
}

/// Key of the advisory lock that keeps two starting processes from migrating at once: refinery
/// takes no lock of its own.
const LOCK: i64 = 0x636f_7572_7469_6572;

/// refinery makes its table by itself; every role may see what is applied.
const GRANT: &str = "grant select on refinery_schema_history
    to courtier_api, courtier_worker, courtier_readonly";

/// The state of the database's schema against this build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Migrations this build knows.
    pub known: usize,
    /// Names (`V2__tenants`) that are not applied yet.
    pub pending: Vec<String>,
}

/// Applies what is missing and returns the names of what it applied.
///
/// # Errors
/// When a migration fails, or an applied file has changed since.
pub async fn run(url: &str) -> Result<Vec<String>> {
    let store = Store::new(&crate::Config { url: url.into(), role: Role::Owner, pool_size: 1 })?;
    let mut client = store.connect(Session::Durable).await?;
    client.query_one("select pg_advisory_lock($1)", &[&LOCK]).await?;
    // The lock ends with the connection, on every path out of here.
    let report = embedded::migrations::runner().run_async(&mut client).await?;
    client.batch_execute(GRANT).await?;
    Ok(report.applied_migrations().iter().map(ToString::to_string).collect())
}

/// Compares without changing anything.
///
/// # Errors
/// When the database cannot be read.
pub async fn status(client: &crate::Client) -> Result<Status> {
    let exists = "select to_regclass('refinery_schema_history') is not null";
    let exists: bool = client.query_one(exists, &[]).await?.get(0);
    let applied: Vec<i32> = if exists {
        let statement = "select version::int from refinery_schema_history";
        client.query(statement, &[]).await?.iter().map(|row| row.get(0)).collect()
    } else {
        Vec::new()
    };
    let all = embedded::migrations::runner();
    let all = all.get_migrations();
    let pending = all
        .iter()
        .filter(|migration| !applied.contains(&migration.version()))
        .map(ToString::to_string)
        .collect();
    Ok(Status { known: all.len(), pending })
}

/// A fingerprint of all migration files: equal for equal schemas.
pub fn fingerprint() -> u64 {
    embedded::migrations::runner()
        .get_migrations()
        .iter()
        .fold(0, |sum: u64, migration| sum.rotate_left(7) ^ migration.checksum())
}

/// The database's clock.
///
/// # Errors
/// When the database cannot be read.
pub async fn now(client: &crate::Client) -> Result<jiff::Timestamp> {
    Ok(client.query_one("select clock_timestamp()", &[]).await?.get(0))
}
