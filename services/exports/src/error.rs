//! What can go wrong with export files.

use std::io;
use std::path::{Path, PathBuf};

/// Why files could not be written or read. Nothing is published when a run fails.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk is full, read-only, not mounted, or not ours to write to.
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    /// The stream is not the COPY of the table's columns.
    #[error("{table}: {reason}")]
    Row { table: &'static str, reason: String },
    /// A manifest that we did not write, or that was damaged.
    #[error("{}: not a manifest: {reason}; export everything to write it anew", path.display())]
    Manifest { path: PathBuf, reason: String },
}

impl Error {
    /// For `map_err` on an operation on `path`.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Error + use<'_> {
        move |source| Error::Io { path: path.to_owned(), source }
    }
}
