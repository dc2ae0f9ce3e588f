//! Table `api_keys`: keys by which a tenant reads its own figures.
//!
//! A key looks like `msp_ak_<lookup>_<secret>`. The lookup part finds the row; the hash of the
//! whole key proves it, made with a [`Pepper`] that is not in the database. The key itself is never
//! stored.

mod pepper;

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::Timestamp;
use rand::RngCore;
use subtle::ConstantTimeEq;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Client, Error, Result};

pub use pepper::{Pepper, pepper_old};

const PREFIX: &str = "msp_ak_";
const LOOKUP_BYTES: usize = 6;
const SECRET_BYTES: usize = 24;

/// What keys can be allowed to read.
pub const SCOPES: [&str; 4] = ["kpis", "tickets", "exports", "cards"];

/// A new key. The text is shown once and cannot be had again.
#[derive(Clone)]
pub struct CreatedKey {
    pub id: Uuid,
    pub key: String,
}

/// Who a presented key speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    pub key_id: Uuid,
    pub tenant_id: Uuid,
    /// An inactive tenant is known, yet may not read.
    pub tenant_is_active: bool,
    /// Of [`SCOPES`]. Shared, since each request has them.
    pub scopes: Arc<[String]>,
    /// Its last use was noted more than a minute ago: see [`touch`].
    pub touch_is_due: bool,
}

/// A key as listed: everything but its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    pub id: Uuid,
    pub tenant_id: Uuid,
    pub name: String,
    pub lookup: String,
    /// Of [`SCOPES`].
    pub scopes: Vec<String>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// Creates a key for a tenant that may read everything of its.
///
/// # Errors
/// [`Error::Invalid`] when there is no such tenant.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn create(
    client: &Client,
    pepper: &Pepper,
    tenant_id: Uuid,
    name: &str,
    expires_at: Option<Timestamp>,
) -> Result<CreatedKey> {
    create_scoped(client, pepper, tenant_id, name, &SCOPES, expires_at).await
}

/// Creates a key for a tenant, for some of [`SCOPES`].
///
/// # Errors
/// [`Error::Invalid`] when there is no such tenant; [`Error::is_data`] when a scope is none of
/// [`SCOPES`], or none is given.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn create_scoped(
    client: &Client,
    pepper: &Pepper,
    tenant_id: Uuid,
    name: &str,
    scopes: &[&str],
    expires_at: Option<Timestamp>,
) -> Result<CreatedKey> {
    let lookup = random_hex::<LOOKUP_BYTES>();
    let key = format!("{PREFIX}{lookup}_{}", random_hex::<SECRET_BYTES>());
    let id = Uuid::now_v7();
    let statement = "
        insert into api_keys
            (id, tenant_id, name, lookup, secret_hash, is_peppered, expires_at, scopes)
        select $1, t.id, $3, $4, $5, true, $6, $7 from tenants t where t.id = $2";
    let secret_hash = pepper.hash(&key);
    let inserted = client
        .execute(
            statement,
            &[&id, &tenant_id, &name, &lookup, &secret_hash.as_slice(), &expires_at, &scopes],
        )
        .await?;
    if inserted == 0 {
        return Err(Error::Invalid(format!("there is no tenant {tenant_id}")));
    }
    Ok(CreatedKey { id, key })
}

const ALIVE: &str = "
    from api_keys k join tenants t on t.id = k.tenant_id
    where k.revoked_at is null and (k.expires_at is null or k.expires_at > now())";

const ACCESS: &str = "
    select k.id, k.tenant_id, k.secret_hash, k.is_peppered, k.scopes, t.is_active,
           coalesce(k.last_used_at < now() - interval '1 minute', true) as touch_is_due";

/// A key as it stands in the table, for whoever can prove to hold it.
#[derive(Clone, Debug)]
pub struct Lock {
    access: Access,
    hash: Vec<u8>,
    is_peppered: bool,
}

impl Lock {
    /// What `key` opens, if it is the one.
    pub fn open(&self, pepper: &Pepper, key: &str) -> Option<Access> {
        let presented = if self.is_peppered { pepper.hash(key) } else { pepper::plain_hash(key) };
        bool::from(presented.as_slice().ct_eq(&self.hash)).then(|| self.access.clone())
    }
}

/// The part of a key that finds its row; `None` when it has not the form of a key.
pub fn lookup_of(key: &str) -> Option<&str> {
    let (lookup, secret) = key.strip_prefix(PREFIX)?.split_once('_')?;
    let is_shaped = lookup.len() == 2 * LOOKUP_BYTES && secret.len() == 2 * SECRET_BYTES;
    is_shaped.then_some(lookup)
}

/// The key that [`lookup_of`] names: `None` when it is unknown, revoked or expired.
///
/// # Errors
/// When the database cannot be read.
pub async fn lock(client: &Client, lookup: &str) -> Result<Option<Lock>> {
    let statement = client.prepare_cached(&format!("{ACCESS} {ALIVE} and k.lookup = $1")).await?;
    let row = client.query_opt(&statement, &[&lookup]).await?;
    Ok(row.map(|row| Lock {
        access: access(&row),
        hash: row.get("secret_hash"),
        is_peppered: row.get("is_peppered"),
    }))
}

/// Finds out who presents `key`: `None` when it is malformed, unknown, wrong, revoked or expired.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn find(client: &Client, pepper: &Pepper, key: &str) -> Result<Option<Access>> {
    let Some(lookup) = lookup_of(key) else {
        return Ok(None);
    };
    Ok(lock(client, lookup).await?.and_then(|lock| lock.open(pepper, key)))
}

/// What the key with this id opens now, for who has proved to hold it: `None` when it is revoked or
/// expired.
///
/// # Errors
/// When the database cannot be read.
pub async fn find_by_id(client: &Client, id: Uuid) -> Result<Option<Access>> {
    let statement = client.prepare_cached(&format!("{ACCESS} {ALIVE} and k.id = $1")).await?;
    Ok(client.query_opt(&statement, &[&id]).await?.as_ref().map(access))
}

fn access(row: &Row) -> Access {
    Access {
        key_id: row.get("id"),
        tenant_id: row.get("tenant_id"),
        tenant_is_active: row.get("is_active"),
        scopes: row.get::<_, Vec<String>>("scopes").into(),
        touch_is_due: row.get("touch_is_due"),
    }
}

/// Keys of one tenant or of all, newest first, revoked ones included.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn list(client: &Client, tenant_id: Option<Uuid>) -> Result<Vec<KeyInfo>> {
    let statement = "
        select id, tenant_id, name, lookup, scopes, created_at, expires_at, last_used_at, revoked_at
        from api_keys where $1::uuid is null or tenant_id = $1 order by id desc";
    Ok(client.query(statement, &[&tenant_id]).await?.iter().map(info).collect())
}

/// Revokes a key at once; `false` when there is none, or it was revoked before.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn revoke(client: &Client, id: Uuid) -> Result<bool> {
    let statement = "update api_keys set revoked_at = now() where id = $1 and revoked_at is null";
    Ok(client.execute(statement, &[&id]).await? == 1)
}

/// Notes that a key was used, at most once a minute: a row version per request would be waste.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn touch(client: &Client, id: Uuid) -> Result<()> {
    let statement = "
        update api_keys set last_used_at = now()
        where id = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute')";
    client.execute(statement, &[&id]).await?;
    Ok(())
}

fn random_hex<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    rand::rng().fill_bytes(&mut bytes);
    bytes.iter().fold(String::with_capacity(2 * BYTES), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

fn info(row: &Row) -> KeyInfo {
    KeyInfo {
        id: row.get("id"),
        tenant_id: row.get("tenant_id"),
        name: row.get("name"),
        lookup: row.get("lookup"),
        scopes: row.get("scopes"),
        created_at: row.get("created_at"),
        expires_at: row.get("expires_at"),
        last_used_at: row.get("last_used_at"),
        revoked_at: row.get("revoked_at"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_well_shaped_keys_are_looked_up() {
        let key = format!("{PREFIX}{}_{}", "0a".repeat(LOOKUP_BYTES), "1b".repeat(SECRET_BYTES));
        assert_eq!(lookup_of(&key), Some("0a0a0a0a0a0a"));
        let short = &key[..key.len() - 1];
        for bad in ["", "msp_ak_", "msp_ak_0a_1b", "sk_0a0a0a0a0a0a_1b", &key[1..], short] {
            assert_eq!(lookup_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn no_two_keys_are_alike() {
        assert_ne!(random_hex::<SECRET_BYTES>(), random_hex::<SECRET_BYTES>());
    }
}
