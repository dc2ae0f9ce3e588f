//! Applies chunks on a connection of its own.

use std::ops::Range;
use std::pin::pin;

use bytes::Bytes;
use futures::SinkExt;
use futures::future::try_join_all;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Statement, Transaction};

use super::row::{HEADER, TRAILER};
use super::{Chunk, Scope, Staged, Target, Written};
use crate::{Connection, Error, Result, Session, Store};

/// Applies chunks of one tenant's records.
pub struct Loader<T> {
    client: Connection,
    scope: Scope,
    target: T,
    probe: Statement,
    copy_new: Statement,
    copy_changed: Statement,
    /// The planner has no statistics of the table yet.
    is_unknown: bool,
}

/// What became of a chunk.
#[derive(Debug, Default)]
pub struct Applied {
    pub inserted: u64,
    pub updated: u64,
    /// Equal to what is stored, or older.
    pub unchanged: u64,
    pub faults: Vec<Fault>,
}

/// A row that the database refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: u64,
    pub reason: String,
    /// The record.
    pub raw: String,
}

/// Opens loaders that share one load; `None` while another load of the same records runs.
///
/// The first loader's connection holds the lock, and with it all of them: keep them together.
///
/// What they apply is on disk once [`close`] has returned.
///
/// # Errors
/// When a connection cannot be had or prepared.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn open<T: Target>(
    store: &Store,
    scope: Scope,
    n_connections: usize,
) -> Result<Option<Vec<Loader<T>>>> {
    let opening = (0..n_connections.max(1)).map(|_| Loader::new(store, scope));
    let mut loaders: Vec<Loader<T>> = try_join_all(opening).await?;
    if !loaders[0].lock().await? {
        return Ok(None);
    }
    // The first one makes the statistics for all.
    loaders[1..].iter_mut().for_each(|loader| loader.is_unknown = false);
    Ok(Some(loaders))
}

// Chunks are committed before they are on disk; this record comes after them in the log and waits
// until it is there. The server has not failed since, or the connection would be gone.
const FLUSH: &str = "
begin;
set local synchronous_commit = on;
select pg_logical_emit_message(true, 'courtier', 'a load has ended');
commit;
select pg_advisory_unlock_all()";

/// Ends a load: waits for what the connections still do and until all of it is on disk, then lets
/// the next load begin. Without it the lock ends as well, yet only when the server notices that the
/// connections are gone, and the last rows of the load may be lost in a crash.
///
/// # Errors
/// When a connection broke.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn close<T: Target>(loaders: Vec<Loader<T>>) -> Result<()> {
    for loader in &loaders {
        // Queued behind a statement or rollback that a dropped future left behind.
        loader.client.batch_execute("").await?;
    }
    if let Some(holder) = loaders.first() {
        holder.client.batch_execute(FLUSH).await?;
    }
    Ok(())
}

impl<T: Target> Loader<T> {
    async fn new(store: &Store, scope: Scope) -> Result<Loader<T>> {
        let client = store.connect(Session::Relaxed).await?;
        // The connection serves this load alone, so that settings of the session are safe. Plans
        // are made anew for each chunk: one that was made for an empty table is ruinous later.
        client
            .batch_execute(
                "set plan_cache_mode = force_custom_plan; set temp_buffers = '32MB';
                 set work_mem = '64MB'; set random_page_cost = 1.1; set client_min_messages = warning",
            )
            .await?;
        let tenant = "select set_config('app.tenant_id', $1, false)";
        client.query_one(tenant, &[&scope.tenant_id.to_string()]).await?;
        client.batch_execute(T::STAGE).await?;
        let unknown = "select reltuples < 1 from pg_class where oid = $1::text::regclass";
        let is_unknown = client.query_one(unknown, &[&T::TABLE]).await?.get(0);
        Ok(Loader {
            scope,
            target: T::prepare(&client).await?,
            probe: client.prepare(T::PROBE).await?,
            copy_new: client.prepare(T::COPY_NEW).await?,
            copy_changed: client.prepare(T::COPY_CHANGED).await?,
            is_unknown,
            client,
        })
    }

    async fn lock(&self) -> Result<bool> {
        let key = format!("{}/{}/{}", T::TABLE, self.scope.tenant_id, self.scope.source);
        let statement = "select pg_try_advisory_lock(hashtextextended($1, 0))";
        Ok(self.client.query_one(statement, &[&key]).await?.get(0))
    }

    /// Applies a chunk. Rows that the database refuses are singled out and reported; all others
    /// are committed.
    ///
    /// # Errors
    /// When the database is at fault and not a row.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn apply(&mut self, chunk: &Chunk) -> Result<Applied> {
        let mut applied = Applied::default();
        let whole = 0..chunk.n_rows();
        let mut open = vec![whole];
        while let Some(range) = open.pop() {
            match self.apply_range(chunk, range.clone()).await {
                Ok(written) => {
                    applied.inserted += written.inserted;
                    applied.updated += written.updated;
                    applied.unchanged += range.len() as u64 - written.inserted - written.updated;
                }
                Err(error) if is_collision::<T>(&error) => {
                    let message = "another load wrote the same records meanwhile".into();
                    return Err(Error::Unavailable(message));
                }
                Err(error) if is_fault_of_a_row(&error) => match range.len() {
                    0 | 1 => applied.faults.push(Fault {
                        line: chunk.lines[range.start],
                        reason: error.to_string(),
                        raw: chunk.raw(range.start),
                    }),
                    n_rows => {
                        let middle = range.start + n_rows / 2;
                        open.extend([middle..range.end, range.start..middle]);
                    }
                },
                Err(error) => return Err(error),
            }
        }
        if self.is_unknown && applied.inserted > 0 {
            self.is_unknown = false;
            self.analyze().await?;
        }
        Ok(applied)
    }

    /// Renews the planner's statistics: at the end of a load that inserted much.
    ///
    /// # Errors
    /// When the database cannot be written.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn analyze(&self) -> Result<()> {
        self.client.query("select analyze_raw_records($1)", &[&T::TABLE]).await?;
        Ok(())
    }

    async fn apply_range(&mut self, chunk: &Chunk, range: Range<usize>) -> Result<Written> {
        let scope = self.scope;
        let transaction = self.client.transaction().await?;
        let keys = &chunk.keys[range.clone()];
        let hashes = &chunk.hashes[range.clone()];
        let rows = transaction
            .query(&self.probe, &[&scope.tenant_id, &scope.source, &keys, &hashes])
            .await?;
        let (mut new, mut changed) = (Vec::new(), Vec::new());
        for row in &rows {
            let position: i64 = row.get(0);
            let position = usize::try_from(position - 1)
                .map_err(|_| Error::Value("a position below 1".into()))?;
            let list = if row.get(1) { &mut new } else { &mut changed };
            list.push(range.start + position);
        }
        let staged = Staged { n_new: new.len(), n_changed: changed.len() };
        if staged == Staged::default() {
            transaction.rollback().await?;
            return Ok(Written::default());
        }
        copy(&transaction, &self.copy_new, chunk, &new).await?;
        copy(&transaction, &self.copy_changed, chunk, &changed).await?;
        let written = self.target.apply(&transaction, scope, staged).await?;
        transaction.commit().await?;
        Ok(written)
    }
}

/// Sends the rows at `positions`, neighbours together.
async fn copy(
    transaction: &Transaction<'_>,
    statement: &Statement,
    chunk: &Chunk,
    positions: &[usize],
) -> Result<()> {
    if positions.is_empty() {
        return Ok(());
    }
    let mut sink = pin!(transaction.copy_in::<_, Bytes>(statement).await?);
    sink.feed(Bytes::from_static(HEADER)).await?;
    for run in positions.chunk_by(|left, right| left + 1 == *right) {
        sink.feed(chunk.rows(run[0], run[run.len() - 1])).await?;
    }
    sink.feed(Bytes::from_static(TRAILER)).await?;
    sink.finish().await?;
    Ok(())
}

/// Whether a single row can be to blame: values that a type refuses, constraints, and limits such
/// as the size of an index entry or the nesting of JSON.
fn is_fault_of_a_row(error: &Error) -> bool {
    let Error::Statement(error) = error else { return false };
    error.code().is_some_and(|state| matches!(&state.code()[..2], "22" | "23" | "54"))
}

/// Whether a key appeared after it had been looked for. Only a load that lost its lock, and whose
/// last commit was still under way, can do that.
fn is_collision<T: Target>(error: &Error) -> bool {
    let Error::Statement(error) = error else { return false };
    let Some(refusal) = error.as_db_error() else { return false };
    *refusal.code() == SqlState::UNIQUE_VIOLATION && refusal.table() == Some(T::TABLE)
}
