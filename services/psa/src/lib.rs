//! Sources of tickets and time entries.
//!
//! A source finds a tenant's records and hands them over one by one, checked, in their own order,
//! with the JSON they came from; see [`read::Visit`]. Today there is one source, [`mock`]: files
//! below `MOCK_DATA_PATH`. A connector that speaks HTTP cuts its pages into records with
//! [`split::Records`] as well, and everything behind it stays the same.
//!
//! What must never appear here: SQL, or what becomes of a record.

pub mod mock;
pub mod read;
pub mod record;
pub mod split;

use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

pub use record::{Identity, Kind, Record, Tickets, TimeEntries};

/// Why a source cannot be read at all. A bad record is not an error: it is reported and skipped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing to read for this tenant. Trying again does not help.
    #[error("there are no {kind} of tenant {tenant}: {} does not exist, and no other file below {} starts with a record of this tenant_id", list(.looked_at), .root.display())]
    NotFound { kind: &'static str, tenant: Uuid, root: PathBuf, looked_at: Vec<PathBuf> },
    /// `MOCK_DATA_PATH` or `tenants.json` is not what it should be.
    #[error("{}: {reason}", .path.display())]
    Invalid { path: PathBuf, reason: String },
    /// The file is there and cannot be read now.
    #[error("{} cannot be read: {source}", .path.display())]
    Io { path: PathBuf, source: io::Error },
}

impl Error {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Error {
        let path = path.to_owned();
        move |source| Error::Io { path, source }
    }
}

fn list(paths: &[PathBuf]) -> String {
    let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
    paths.join(" or ")
}
