//! Finds the file that holds a tenant's records.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use msp::scalar::Scalar;
use serde::Deserialize;
use uuid::Uuid;

use super::tenants::{TENANTS_FILE, read_tenants};
use super::{candidates, is_data_file};
use crate::Error;
use crate::record::{Identity, Kind};
use crate::split::Records;

/// A file, and the tenant its records have to belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    pub path: PathBuf,
    /// The path below `MOCK_DATA_PATH`, for reports.
    pub name: String,
    pub size_bytes: u64,
    pub identity: Identity,
}

/// Finds the file of one kind for one tenant; the first match wins, in the order of the table above.
///
/// # Errors
/// [`Error::NotFound`] names every path that was looked at.
pub fn locate(root: &Path, kind: Kind, tenant: Uuid) -> Result<Located, Error> {
    if !root.is_dir() {
        let reason = "is not a folder; set MOCK_DATA_PATH to the folder with the mock files";
        return Err(Error::Invalid { path: root.to_owned(), reason: reason.into() });
    }
    let folder = folder_of(root, tenant)?;
    let looked_at = named_paths(root, kind, tenant, folder.as_deref());
    let found = match looked_at.iter().find(|path| path.is_file()) {
        Some(path) => path.clone(),
        None => find_by_content(root, kind, tenant)?.ok_or_else(|| Error::NotFound {
            kind: kind.name(),
            tenant,
            root: root.to_owned(),
            looked_at,
        })?,
    };
    describe(root, found, Identity { id: tenant, folder })
}

fn describe(root: &Path, path: PathBuf, identity: Identity) -> Result<Located, Error> {
    let size_bytes = fs::metadata(&path).map_err(Error::io(&path))?.len();
    let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
    Ok(Located { path, name, size_bytes, identity })
}

fn folder_of(root: &Path, tenant: Uuid) -> Result<Option<String>, Error> {
    if !root.join(TENANTS_FILE).is_file() {
        return Ok(None);
    }
    let file = read_tenants(root)?;
    let tenant = file.tenants.into_iter().find(|record| record.id == tenant);
    Ok(tenant.and_then(|record| record.folder))
}

fn named_paths(root: &Path, kind: Kind, tenant: Uuid, folder: Option<&str>) -> Vec<PathBuf> {
    let id = tenant.to_string();
    let per_kind = root.join(kind.name());
    let mut paths = Vec::new();
    for name in folder.into_iter().chain([id.as_str()]) {
        paths.extend(candidates(&root.join(name), kind.name()));
        paths.extend(candidates(&per_kind, name));
    }
    paths
}

fn find_by_content(root: &Path, kind: Kind, tenant: Uuid) -> Result<Option<PathBuf>, Error> {
    for folder in sorted_entries(root)? {
        if !folder.is_dir() {
            continue;
        }
        for path in sorted_entries(&folder)? {
            if is_data_file(&path, kind) && first_tenant(&path)? == Some(tenant) {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

fn sorted_entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).map_err(Error::io(folder))?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(Error::io(folder))?;
    paths.sort();
    Ok(paths)
}

/// The tenant that a file's first record names, when it names one.
fn first_tenant(path: &Path) -> Result<Option<Uuid>, Error> {
    #[derive(Deserialize)]
    struct Named<'a> {
        #[serde(borrow, default)]
        tenant_id: Scalar<'a>,
    }
    let input = BufReader::new(File::open(path).map_err(Error::io(path))?);
    let mut records = Records::new(input).map_err(Error::io(path))?;
    let Some(piece) = records.next().map_err(Error::io(path))? else {
        return Ok(None);
    };
    let Ok(first) = serde_json::from_slice::<Named<'_>>(piece.bytes) else {
        return Ok(None);
    };
    match first.tenant_id {
        Scalar::Text(id) => Ok(Uuid::try_parse(&id).ok()),
        _ => Ok(None),
    }
}
