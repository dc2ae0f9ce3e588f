//! Table `api_tokens`: the access token that all workers share.
//!
//! Providers count the tokens that are asked for, so only one process asks at a time: whoever waits
//! for [`refresh`] finds the token that the other one got. Tokens come and go sealed; the database
//! never sees one in clear.

use jiff::Timestamp;
use tokio_postgres::Row;

use crate::quota::{self, Block};
use crate::{Client, Result, Transaction};

/// A token that only the service can open.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedToken {
    pub sealed: Vec<u8>,
    pub expires_at: Timestamp,
    pub minted_at: Timestamp,
}

/// The right to ask for a new token. Dropped, it ends without a trace.
pub struct Refresh<'a> {
    transaction: Transaction<'a>,
    provider: &'a str,
    /// What is stored now: perhaps another process was faster.
    pub current: Option<SealedToken>,
    /// Tokens that were asked for today (UTC).
    pub n_mints: i32,
    /// Why nobody may ask: perhaps another process just did, in vain.
    pub blocked: Option<Block>,
}

/// The stored token, expired or not.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn read(client: &Client, provider: &str) -> Result<Option<SealedToken>> {
    let statement = "select sealed, expires_at, minted_at from api_tokens where provider = $1";
    let statement = client.prepare_cached(statement).await?;
    Ok(client.query_opt(&statement, &[&provider]).await?.as_ref().and_then(token))
}

/// Waits until nobody else refreshes the token, and reads what is stored then.
///
/// # Errors
/// When another process holds the right for longer than a statement may take.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn refresh<'a>(client: &'a mut Client, provider: &'a str) -> Result<Refresh<'a>> {
    let transaction = client.transaction().await?;
    let lock = "select pg_advisory_xact_lock(hashtextextended('api token ' || $1, 0))";
    transaction.query_one(lock, &[&provider]).await?;
    let statement = "
        select sealed, expires_at, minted_at,
               case when mint_date = (clock_timestamp() at time zone 'UTC')::date then n_mints
                    else 0 end as n_mints
        from api_tokens where provider = $1";
    let row = transaction.query_opt(statement, &[&provider]).await?;
    let blocked = quota::blocked(&transaction, provider).await?;
    Ok(Refresh {
        blocked,
        current: row.as_ref().and_then(token),
        n_mints: row.map_or(0, |row| row.get("n_mints")),
        transaction,
        provider,
    })
}

const COUNT: &str = "
insert into api_tokens as t (provider, sealed, expires_at, minted_at, mint_date, n_mints)
values ($1, $2, $3, case when $2::bytea is not null then clock_timestamp() end,
        (clock_timestamp() at time zone 'UTC')::date, 1)
on conflict (provider) do update set
    sealed = coalesce(excluded.sealed, t.sealed),
    expires_at = coalesce(excluded.expires_at, t.expires_at),
    minted_at = coalesce(excluded.minted_at, t.minted_at),
    n_mints = case t.mint_date when excluded.mint_date then t.n_mints + 1 else 1 end,
    mint_date = excluded.mint_date";

impl Refresh<'_> {
    /// Stores a new token and lets the others go on.
    ///
    /// # Errors
    /// When the database cannot be written.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn store(self, sealed: &[u8], expires_at: Timestamp) -> Result<()> {
        self.end(Some(sealed), Some(expires_at)).await
    }

    /// Counts a token that was asked for in vain, and keeps everybody from the provider for a while
    /// ([`quota::pause`]).
    ///
    /// # Errors
    /// When the database cannot be written.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn failed(self, at_least: Option<Timestamp>, reason: &str) -> Result<Block> {
        let block = quota::pause(&self.transaction, self.provider, at_least, reason).await?;
        self.end(None, None).await?;
        Ok(block)
    }

    /// Keeps everybody from the provider until midnight UTC, when tokens are counted anew.
    ///
    /// # Errors
    /// When the database cannot be written.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn none_left(self, reason: &str) -> Result<Block> {
        let midnight = "select (date_trunc('day', clock_timestamp() at time zone 'UTC')
                                + interval '1 day') at time zone 'UTC'";
        let until: Timestamp = self.transaction.query_one(midnight, &[]).await?.get(0);
        let block = quota::block(&self.transaction, self.provider, Some(until), reason).await?;
        self.transaction.commit().await?;
        Ok(block)
    }

    async fn end(self, sealed: Option<&[u8]>, expires_at: Option<Timestamp>) -> Result<()> {
        self.transaction.execute(COUNT, &[&self.provider, &sealed, &expires_at]).await?;
        Ok(self.transaction.commit().await?)
    }
}

fn token(row: &Row) -> Option<SealedToken> {
    Some(SealedToken {
        sealed: row.get::<_, Option<_>>("sealed")?,
        expires_at: row.get::<_, Option<_>>("expires_at")?,
        minted_at: row.get::<_, Option<_>>("minted_at")?,
    })
}
