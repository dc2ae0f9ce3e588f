//! The mock source: files below `MOCK_DATA_PATH`.
//!
//! | layout | file |
//! |---|---|
//! | folder named in `tenants.json` | `<folder>/tickets.jsonl` |
//! | folder named by the id | `<id>/tickets.jsonl` |
//! | folder per kind | `tickets/<id>.json`, `tickets/<folder>.json` |
//! | any name | the file whose first record carries the tenant's id |
//!
//! `.jsonl` and `.json` are both looked for, and each may hold JSON Lines or one array.

mod locate;
mod tenants;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

pub use locate::{Located, locate};
pub use tenants::{TenantRecord, TenantsFile, read_tenants};

use crate::read::{Visit, read};
use crate::record::Record;
use crate::{Error, Kind};

/// Big enough that system calls do not matter, small enough that memory does not.
const BUFFER_BYTES: usize = 256 << 10;

/// Reads a located file; see [`crate::read::read`].
///
/// # Errors
/// [`Error::Io`] when it cannot be opened or read.
pub fn read_file<R: Record>(located: &Located, visitor: &mut impl Visit<R>) -> Result<(), Error> {
    let file = File::open(&located.path).map_err(Error::io(&located.path))?;
    let input = BufReader::with_capacity(BUFFER_BYTES, file);
    read(input, &located.identity, visitor).map_err(Error::io(&located.path))
}

/// Files of one kind directly in `folder`, under the names that `stem` may take.
fn candidates(folder: &Path, stem: &str) -> [PathBuf; 2] {
    [folder.join(format!("{stem}.jsonl")), folder.join(format!("{stem}.json"))]
}

fn is_data_file(path: &Path, kind: Kind) -> bool {
    let is_named = |stem: &str| path.file_stem().is_some_and(|found| found == stem);
    let in_folder =
        path.parent().and_then(Path::file_name).is_some_and(|found| found == kind.name());
    let is_json = path.extension().is_some_and(|found| found == "jsonl" || found == "json");
    is_json && path.is_file() && (is_named(kind.name()) || in_folder)
}

#[cfg(test)]
mod tests;
