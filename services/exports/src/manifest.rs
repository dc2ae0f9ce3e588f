//! The list of what is published, for readers that want every table from one moment, and checks.

use std::path::{Path, PathBuf};
use std::{fs, io};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::folders::{self, Folders};
use crate::{Error, Format, Kind, Result, Table};

/// Raised when a reader of the manifest would have to be changed.
const SCHEMA_VERSION: u32 = 1;
/// Manifests of past runs that are kept.
const N_RUNS_KEPT: usize = 10;

/// What is published for one tenant. Written after every file that it names is in place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub schema_version: u32,
    pub tenant_id: Uuid,
    /// The command that wrote it.
    pub run_id: Uuid,
    pub previous_run: Option<Uuid>,
    pub generated_at: Timestamp,
    /// Everything stored before this instant is in the files; `null` until a run has exported
    /// every day.
    pub watermark: Option<Timestamp>,
    /// The days of the files are days of this zone.
    pub timezone: String,
    /// Every table is there in each of these.
    #[serde(default = "csv_alone")]
    pub formats: Vec<Format>,
    pub tables: Vec<TableEntry>,
    pub files: Vec<FileEntry>,
}

/// What a manifest says about its run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    pub generated_at: Timestamp,
    /// See [`Manifest::watermark`].
    pub watermark: Option<Timestamp>,
    /// IANA name of the tenant's zone.
    pub timezone: String,
}

/// The columns that every file of a table has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    pub name: String,
    pub columns: Vec<ColumnEntry>,
}

/// A column in the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnEntry {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Kind,
}

/// A published file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Below the tenant's folder, with `/` before the file's name.
    pub path: String,
    pub table: String,
    #[serde(default)]
    pub format: Format,
    /// `null` for a dimension.
    pub day: Option<Date>,
    /// Without a line of names.
    pub rows: u64,
    pub bytes: u64,
    pub sha256: String,
}

impl FileEntry {
    /// The last part of the path; no two files of a tenant share it.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

impl From<&Table> for TableEntry {
    fn from(table: &Table) -> Self {
        let kind = |kind| if kind == Kind::Key { Kind::Text } else { kind };
        let columns = table.columns.iter();
        let columns =
            columns.map(|column| ColumnEntry { name: column.name.into(), kind: kind(column.kind) });
        Self { name: table.name.into(), columns: columns.collect() }
    }
}

impl Manifest {
    /// Rows of all tables, each counted once however many formats there are.
    pub fn n_rows(&self) -> u64 {
        let first = self.formats.first();
        self.files.iter().filter(|file| Some(&file.format) == first).map(|file| file.rows).sum()
    }

    /// What is published for `tenant_id` under `root`; `None` before the first export.
    ///
    /// # Errors
    /// When the file cannot be read, or is not ours.
    pub fn read(root: &Path, tenant_id: Uuid) -> Result<Option<Self>> {
        let path = Folders::new(root, tenant_id).manifest();
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(Error::at(&path))?,
        };
        let manifest: Self = serde_json::from_slice(&bytes)
            .map_err(|error| Error::Manifest { path: path.clone(), reason: error.to_string() })?;
        if manifest.tenant_id != tenant_id || manifest.schema_version != SCHEMA_VERSION {
            let reason = "it is of another tenant or version".into();
            return Err(Error::Manifest { path, reason });
        }
        Ok(Some(manifest))
    }

    /// The manifest of a run whose files are `files`.
    pub(crate) fn new(
        tenant_id: Uuid,
        run_id: Uuid,
        previous: Option<&Self>,
        stamp: Stamp,
        formats: &[Format],
        files: Vec<FileEntry>,
    ) -> Self {
        // A run that is repeated after a crash replaces itself.
        let previous_run = previous.and_then(|previous| {
            let repeated = previous.run_id == run_id;
            if repeated { previous.previous_run } else { Some(previous.run_id) }
        });
        Self {
            schema_version: SCHEMA_VERSION,
            tenant_id,
            run_id,
            previous_run,
            generated_at: stamp.generated_at,
            watermark: stamp.watermark,
            timezone: stamp.timezone,
            formats: formats.to_owned(),
            tables: crate::TABLES.iter().map(TableEntry::from).collect(),
            files,
        }
    }

    /// Makes it the current one, and keeps it among those of past runs.
    pub(crate) fn publish(&self, folders: &Folders, temporary: &Path) -> Result<()> {
        let path = folders.manifest();
        let json = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::Manifest { path: path.clone(), reason: error.to_string() })?;
        let runs = folders.manifests.join("runs");
        folders::make(&runs)?;
        let kept = runs.join(format!("{}.json", self.run_id));
        folders::publish(&json, &temporary.join("run.json"), &kept)?;
        folders::publish(&json, &temporary.join("manifest.json"), &path)?;
        prune(&runs)
    }
}

/// The formats of manifests from before there was a choice.
fn csv_alone() -> Vec<Format> {
    vec![Format::Csv]
}

/// Removes the oldest manifests; the ids of runs sort by time.
fn prune(runs: &Path) -> Result<()> {
    let entries = fs::read_dir(runs).map_err(Error::at(runs))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let n_old = paths.len().saturating_sub(N_RUNS_KEPT);
    paths[..n_old].iter().try_for_each(|path| fs::remove_file(path).map_err(Error::at(path)))
}
