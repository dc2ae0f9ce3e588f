//! Table `admin_sessions`: who is signed in to the admin site.
//!
//! The browser holds a random id; the table holds its hash. The database's clock decides what has
//! expired.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio_postgres::Row;

use crate::{Client, Result};

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminSession {
    pub username: String,
    pub address: String,
    pub user_agent: String,
    pub created_at: Timestamp,
    /// Coarse: noted once a minute.
    pub seen_at: Timestamp,
}

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lifetime {
    /// Without a request of the person himself.
    pub idle_seconds: f64,
    /// From its beginning.
    pub absolute_seconds: f64,
}

/// Longest user agent that is kept, in characters.
const USER_AGENT_LENGTH: usize = 200;

/// Begins the session of `id`, and forgets those that ended a month ago.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn begin(
    client: &Client,
    id: &str,
    username: &str,
    address: &str,
    user_agent: &str,
) -> Result<()> {
    let statement = "
        with old as (
            delete from admin_sessions where created_at < clock_timestamp() - interval '60 days'
        )
        insert into admin_sessions (id_hash, username, address, user_agent) values ($1, $2, $3, $4)";
    let user_agent: String = user_agent.chars().take(USER_AGENT_LENGTH).collect();
    client.execute(statement, &[&hash(id), &username, &address, &user_agent]).await?;
    Ok(())
}

const VALID: &str = "
    id_hash = $1 and revoked_at is null
    and seen_at > clock_timestamp() - make_interval(secs => $2)
    and created_at > clock_timestamp() - make_interval(secs => $3)";

/// The session of `id`, unless it has expired or was revoked. `active` notes that the person did
/// something, which starts the idle time anew.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn find(
    client: &Client,
    id: &str,
    lifetime: Lifetime,
    active: bool,
) -> Result<Option<AdminSession>> {
    let statement = format!(
        "with touched as (
            update admin_sessions set seen_at = clock_timestamp()
            where {VALID} and $4 and seen_at < clock_timestamp() - interval '1 minute'
        )
        select username, address, user_agent, created_at, seen_at from admin_sessions where {VALID}"
    );
    let statement = client.prepare_cached(&statement).await?;
    let Lifetime { idle_seconds, absolute_seconds } = lifetime;
    let row = client
        .query_opt(&statement, &[&hash(id), &idle_seconds, &absolute_seconds, &active])
        .await?;
    Ok(row.as_ref().map(session))
}

/// Ends the session of `id` at once; `false` when there is none, or it had ended.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn revoke(client: &Client, id: &str) -> Result<bool> {
    let statement = "
        update admin_sessions set revoked_at = clock_timestamp()
        where id_hash = $1 and revoked_at is null";
    Ok(client.execute(statement, &[&hash(id)]).await? == 1)
}

/// Ends every session but that of `id`. Returns how many those were.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn revoke_others(client: &Client, id: &str) -> Result<u64> {
    let statement = "
        update admin_sessions set revoked_at = clock_timestamp()
        where id_hash <> $1 and revoked_at is null";
    Ok(client.execute(statement, &[&hash(id)]).await?)
}

/// Sessions that are neither expired nor revoked, the last seen first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn list(client: &Client, lifetime: Lifetime) -> Result<Vec<AdminSession>> {
    let statement = "
        select username, address, user_agent, created_at, seen_at from admin_sessions
        where revoked_at is null
          and seen_at > clock_timestamp() - make_interval(secs => $1)
          and created_at > clock_timestamp() - make_interval(secs => $2)
        order by seen_at desc";
    let rows =
        client.query(statement, &[&lifetime.idle_seconds, &lifetime.absolute_seconds]).await?;
    Ok(rows.iter().map(session).collect())
}

fn hash(id: &str) -> Vec<u8> {
    Sha256::digest(id.as_bytes()).to_vec()
}

fn session(row: &Row) -> AdminSession {
    AdminSession {
        username: row.get("username"),
        address: row.get("address"),
        user_agent: row.get("user_agent"),
        created_at: row.get("created_at"),
        seen_at: row.get("seen_at"),
    }
}
