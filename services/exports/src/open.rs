//! Serves a published file, and nothing else.

use std::fs::{self, File};
use std::path::Path;

use uuid::Uuid;

use crate::{Error, FileEntry, Format, Manifest, Result};

const NAME_BYTES_MAX: usize = 88;

/// Opens the published file called `name`, as [`FileEntry::name`] gives it. `None` when the
/// manifest does not list it, or the file there is not the listed one: replaced by a link, or by a
/// run that has not ended yet.
///
/// # Errors
/// When the manifest or the file cannot be read.
pub fn open(root: &Path, tenant_id: Uuid, name: &str) -> Result<Option<(File, FileEntry)>> {
    if !is_plain(name) {
        return Ok(None);
    }
    let Some(manifest) = Manifest::read(root, tenant_id)? else {
        return Ok(None);
    };
    let Some(entry) = manifest.files.into_iter().find(|file| file.name() == name) else {
        return Ok(None);
    };
    let folder = entry.format.folder(&entry.table);
    if crate::table(&entry.table).is_none() || entry.path != format!("{folder}/{name}") {
        return Ok(None);
    }
    let root = fs::canonicalize(root).map_err(Error::at(root))?;
    let path = root.join(tenant_id.to_string()).join(&entry.path);
    // Equal only if no part of the path is a link.
    if fs::canonicalize(&path).ok().as_ref() != Some(&path) {
        return Ok(None);
    }
    let file = File::open(&path).map_err(Error::at(&path))?;
    let metadata = file.metadata().map_err(Error::at(&path))?;
    let is_listed = metadata.is_file() && metadata.len() == entry.bytes;
    Ok(is_listed.then_some((file, entry)))
}

/// `[a-z0-9_-]+` and the extension of a format, the only form of name that is ever written.
fn is_plain(name: &str) -> bool {
    let stem = Format::of(name).and_then(|format| name.strip_suffix(format.extension()));
    let Some(stem) = stem else {
        return false;
    };
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
    !stem.is_empty() && name.len() <= NAME_BYTES_MAX && stem.bytes().all(plain)
}
