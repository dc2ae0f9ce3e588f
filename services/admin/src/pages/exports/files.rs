//! What lies in the folder of exports.

use std::fs::{self, File};
use std::path::Path;

use exports::Manifest;
use jiff::Timestamp;
use uuid::Uuid;

/// A file of the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) at: Timestamp,
}

/// What is published for an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TenantFiles {
    pub(super) generated_at: Timestamp,
    pub(super) n_files: usize,
    pub(super) bytes: u64,
}

/// Where the shop's files lie.
const FOLDER: &str = "cards";

/// The shop's files, newest first; none when there is no such folder.
pub(super) fn of_cards(root: &Path) -> Vec<Found> {
    let entries = fs::read_dir(root.join(FOLDER)).into_iter().flatten().flatten();
    let mut found: Vec<Found> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok().filter(|name| is_plain(name))?;
            let metadata = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            let at = Timestamp::try_from(metadata.modified().ok()?).ok()?;
            Some(Found { name, bytes: metadata.len(), at })
        })
        .collect();
    found.sort_by_key(|file| std::cmp::Reverse(file.at));
    found
}

/// What an organisation's manifest lists; `None` before its first export.
pub(super) fn of_tenant(root: &Path, id: Uuid) -> Option<TenantFiles> {
    let manifest = Manifest::read(root, id).unwrap_or_else(|error| {
        tracing::warn!(%error, "a manifest could not be read");
        None
    })?;
    Some(TenantFiles {
        generated_at: manifest.generated_at,
        n_files: manifest.files.len(),
        bytes: manifest.files.iter().map(|file| file.bytes).sum(),
    })
}

/// Opens a file of the shop, and nothing else: no link, no folder, no way out of there.
pub(super) fn open_cards(root: &Path, name: &str) -> Option<(File, u64)> {
    if !is_plain(name) {
        return None;
    }
    let path = fs::canonicalize(root).ok()?.join(FOLDER).join(name);
    // Equal only if no part of the path is a link.
    if fs::canonicalize(&path).ok()? != path {
        return None;
    }
    let file = File::open(&path).ok()?;
    let metadata = file.metadata().ok().filter(fs::Metadata::is_file)?;
    Some((file, metadata.len()))
}

/// Names as we give them: `cards_full.csv`.
fn is_plain(name: &str) -> bool {
    let stem = name.strip_suffix(".csv").unwrap_or_default();
    let is_ours = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    !stem.is_empty() && stem.len() <= 80 && stem.bytes().all(is_ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_ours_are_opened() {
        for name in ["cards_full.csv", "batch_550e8400-e29b-41d4-a716-446655440000.csv"] {
            assert!(is_plain(name), "{name}");
        }
        for name in ["", ".csv", "../a.csv", "a/b.csv", "a.csv.gz", "é.csv", "cards_full.csv\0"] {
            assert!(!is_plain(name), "{name}");
        }
        assert!(open_cards(Path::new("/nowhere"), "cards_full.csv").is_none());
    }
}
