//! One export of one tenant: files are prepared aside, then published together.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use crate::folders::{self, Folders};
use crate::partition::{Sealed, TableWriter};
use crate::sync::Syncer;
use crate::{Error, FileEntry, Manifest, Result, Stamp, TABLES, Table};

/// The days of a table that a run covers. Their files are replaced, and removed where no row is
/// left; files of other days stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Days {
    All,
    Only(BTreeSet<Date>),
}

impl Days {
    fn contains(&self, day: Option<Date>) -> bool {
        match (self, day) {
            (Self::All, _) | (_, None) => true,
            (Self::Only(days), Some(day)) => days.contains(&day),
        }
    }
}

/// An export in the making. Dropped before [`Run::commit`], it leaves nothing behind.
///
/// Only one run per tenant may exist at a time: the caller holds a lock.
#[derive(Debug)]
pub struct Run {
    id: Uuid,
    tenant_id: Uuid,
    folders: Folders,
    previous: Option<Manifest>,
    done: Vec<Done>,
    /// Taken by `commit`.
    syncer: Option<Syncer>,
    temporary: Temporary,
}

#[derive(Debug)]
struct Done {
    table: &'static Table,
    days: Days,
    files: Vec<Sealed>,
}

/// The folder of one attempt; goes away with it.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // What cannot be removed now is removed when the next run begins.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub files_written: u64,
    /// Had the same bytes already, and were left untouched.
    pub files_unchanged: u64,
    pub files_removed: u64,
    /// Rows and bytes of the days that the run covered.
    pub rows: u64,
    pub bytes: u64,
}

impl Run {
    /// Begins an export for `tenant_id` below `root`, and clears what crashed runs left.
    ///
    /// # Errors
    /// When the folders cannot be made, or the manifest there cannot be read.
    pub fn begin(root: &Path, tenant_id: Uuid, id: Uuid) -> Result<Self> {
        let folders = Folders::new(root, tenant_id);
        folders::make(&folders.data)?;
        folders::make(&folders.manifests)?;
        folders::clear(&folders.temporary)?;
        // A name of its own: an attempt that was given up may still be ending.
        let temporary = Temporary(folders.temporary.join(Uuid::now_v7().to_string()));
        folders::make(&temporary.0)?;
        let previous = Manifest::read(root, tenant_id)?;
        let syncer = Some(Syncer::start().map_err(Error::at(root))?);
        Ok(Self { id, tenant_id, folders, previous, done: Vec::new(), syncer, temporary })
    }

    /// What was published when the run began.
    pub fn previous(&self) -> Option<&Manifest> {
        self.previous.as_ref()
    }

    /// Publishes everything.
    ///
    /// # Errors
    /// When the disk refuses. Files that were published before the failure stay; each is complete,
    /// and the next run brings the manifest up to date.
    pub fn commit(mut self, stamp: Stamp) -> Result<Summary> {
        if let Some(syncer) = self.syncer.take() {
            syncer.finish()?;
        }
        let mut summary = self.publish()?;
        let files = self.all_files();
        let names: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let stale = self.stale(&names)?;
        let previous = self.previous.as_ref();
        let manifest = Manifest::new(self.tenant_id, self.id, previous, stamp, files);
        manifest.publish(&self.folders, &self.temporary.0)?;
        // Last, so that no manifest ever names a file that is gone.
        for path in &stale {
            fs::remove_file(path).map_err(Error::at(path))?;
        }
        summary.files_removed = stale.len() as u64;
        Ok(summary)
    }

    pub(crate) fn table_writer(&self, table: &'static Table) -> Result<TableWriter> {
        let published = self.folders.data.join(table.name);
        folders::make(&published)?;
        Ok(TableWriter::new(table, published, self.temporary.0.clone()))
    }

    /// Hands a complete file to the thread that puts it on disk.
    pub(crate) fn sync(&self, file: &Sealed) {
        if let (Some(syncer), Some(path)) = (&self.syncer, &file.temporary) {
            syncer.file(path.clone());
        }
    }

    pub(crate) fn add(&mut self, table: &'static Table, days: Days, files: Vec<Sealed>) {
        self.done.push(Done { table, days, files });
    }

    /// Moves the new files into place.
    fn publish(&self) -> Result<Summary> {
        let mut summary = Summary::default();
        for done in &self.done {
            for file in &done.files {
                summary.rows += file.entry.rows;
                summary.bytes += file.entry.bytes;
                let Some(temporary) = &file.temporary else {
                    summary.files_unchanged += 1;
                    continue;
                };
                let path = self.folders.data.join(&file.entry.path);
                fs::rename(temporary, &path).map_err(Error::at(&path))?;
                summary.files_written += 1;
            }
            folders::sync(&self.folders.data.join(done.table.name))?;
        }
        folders::sync(&self.folders.data)?;
        Ok(summary)
    }

    /// The files of this run, and those of earlier runs that it did not cover, in the order of
    /// tables and days.
    fn all_files(&self) -> Vec<FileEntry> {
        let new = self.done.iter().flat_map(|done| &done.files).map(|file| file.entry.clone());
        let old = self.previous.iter().flat_map(|previous| &previous.files);
        let old = old.filter(|file| !self.covers(file) && self.exists(file)).cloned();
        let mut files: Vec<FileEntry> = new.chain(old).collect();
        files.sort_by_key(|file| (position(&file.table), file.day));
        files
    }

    fn covers(&self, file: &FileEntry) -> bool {
        let mut done = self.done.iter();
        done.any(|done| done.table.name == file.table && done.days.contains(file.day))
    }

    fn exists(&self, file: &FileEntry) -> bool {
        let metadata = fs::symlink_metadata(self.folders.data.join(&file.path));
        metadata.is_ok_and(|metadata| metadata.is_file() && metadata.len() == file.bytes)
    }

    /// Published files of covered days for which there are no rows any more.
    fn stale(&self, names: &HashSet<&str>) -> Result<Vec<PathBuf>> {
        let mut stale = Vec::new();
        for done in &self.done {
            let folder = self.folders.data.join(done.table.name);
            for entry in fs::read_dir(&folder).map_err(Error::at(&folder))?.flatten() {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                let day = folders::day_of(done.table, &name);
                let is_kept = names.contains(format!("{}/{name}", done.table.name).as_str());
                if day.is_some() && done.days.contains(day) && !is_kept {
                    stale.push(entry.path());
                }
            }
        }
        Ok(stale)
    }
}

fn position(table: &str) -> Option<usize> {
    TABLES.iter().position(|other| other.name == table)
}
