//! Loads records in bulk, touching only what is new or has changed.
//!
//! Per chunk, in one transaction: the keys and hashes alone are sent first, and the database
//! answers which of them it does not have; only those rows follow, by binary COPY into a temporary
//! table (COPY into a table under row-level security is impossible), and set-based statements move
//! them on. An unchanged file therefore costs one index probe per record.
//!
//! [`crate::raw_tickets::Tickets`] and [`crate::raw_time_entries::TimeEntries`] say what their
//! tables need; everything here serves both.

mod chunk;
mod loader;
mod row;

pub use chunk::{Chunk, Packer, RowId};
pub use loader::{Applied, Fault, Loader, close, open};
pub use row::Row;

use tokio_postgres::Transaction;
use uuid::Uuid;

use crate::{Connection, Result};

/// Whose records are loaded, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    pub tenant_id: Uuid,
    /// Name of the source, part of every key.
    pub source: &'static str,
}

/// A table that can be loaded.
pub trait Target: Send + Sync + Sized {
    const TABLE: &'static str;
    /// Creates the temporary tables.
    const STAGE: &'static str;
    /// `$1` tenant, `$2` source, `$3` keys, `$4` hashes: the positions (from 1) of rows that are
    /// new or changed, and which of both.
    const PROBE: &'static str;
    const COPY_NEW: &'static str;
    const COPY_CHANGED: &'static str;

    /// Prepares the statements.
    fn prepare(client: &Connection) -> impl Future<Output = Result<Self>> + Send;

    /// Moves staged rows on, and marks the days they touch.
    fn apply(
        &self,
        transaction: &Transaction<'_>,
        scope: Scope,
        staged: Staged,
    ) -> impl Future<Output = Result<Written>> + Send;
}

/// Rows in the temporary tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Staged {
    pub n_new: usize,
    pub n_changed: usize,
}

/// Rows that were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub inserted: u64,
    /// May be fewer than were staged: an older version never replaces a newer one.
    pub updated: u64,
}
