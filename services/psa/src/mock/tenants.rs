//! `tenants.json`: who the tenants are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path};

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::Error;

pub(super) const TENANTS_FILE: &str = "tenants.json";

/// One entry of `tenants.json`. What is absent keeps its stored value, or takes the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantRecord {
    pub id: Uuid,
    pub name: String,
    pub is_active: Option<bool>,
    /// IANA name.
    pub timezone: Option<String>,
    /// Folder below `MOCK_DATA_PATH`.
    pub folder: Option<String>,
}

/// The file, and what in it was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantsFile {
    pub tenants: Vec<TenantRecord>,
    /// Keys that mean nothing to us, in alphabetical order.
    pub ignored_keys: Vec<String>,
}

#[derive(Deserialize)]
struct Entry {
    id: Uuid,
    name: String,
    is_active: Option<bool>,
    timezone: Option<String>,
    folder: Option<String>,
    #[serde(flatten)]
    ignored: BTreeMap<String, Value>,
}

/// Reads `tenants.json` in the folder `root`.
///
/// # Errors
/// When it is missing, no array of tenants, names a tenant twice, or a folder that is not simply a
/// name.
pub fn read_tenants(root: &Path) -> Result<TenantsFile, Error> {
    let path = root.join(TENANTS_FILE);
    let text = fs::read(&path).map_err(Error::io(&path))?;
    let invalid = |reason: String| Error::Invalid { path: path.clone(), reason };
    let entries: Vec<Entry> =
        serde_json::from_slice(&text).map_err(|error| invalid(error.to_string()))?;
    let mut ids = BTreeSet::new();
    let mut ignored_keys = BTreeSet::new();
    let mut tenants = Vec::with_capacity(entries.len());
    for entry in entries {
        if !ids.insert(entry.id) {
            return Err(invalid(format!("tenant {} is listed twice", entry.id)));
        }
        if entry.name.trim().is_empty() {
            return Err(invalid(format!("tenant {} has no name", entry.id)));
        }
        if entry.folder.as_deref().is_some_and(|folder| !is_plain_name(folder)) {
            let reason = "`folder` must be the name of one folder, without slashes";
            return Err(invalid(format!("tenant {}: {reason}", entry.id)));
        }
        ignored_keys.extend(entry.ignored.into_keys());
        tenants.push(TenantRecord {
            id: entry.id,
            name: entry.name,
            is_active: entry.is_active,
            timezone: entry.timezone,
            folder: entry.folder,
        });
    }
    Ok(TenantsFile { tenants, ignored_keys: ignored_keys.into_iter().collect() })
}

/// Whether joining the name to a folder stays within that folder.
fn is_plain_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name)
}
