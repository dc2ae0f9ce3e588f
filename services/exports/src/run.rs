//! One export of one tenant: files are prepared aside, then published together.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use crate::folders::{self, Folders};
use crate::partition::{TableFiles, TableWriter};
use crate::publication::Publication;
use crate::sync::Syncer;
use crate::{Error, Format, Manifest, Result, Stamp, Table};

/// The days of a table that a run covers. Their files are replaced, and removed where no row is
/// left; files of other days stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Days {
    All,
    Only(BTreeSet<Date>),
}

impl Days {
    pub(crate) fn contains(&self, day: Option<Date>) -> bool {
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
    formats: Vec<Format>,
    done: Vec<TableFiles>,
    syncer: Syncer,
    temporary: Temporary,
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
    /// Rows of the days that the run covered, each counted once, and bytes of all their files.
    pub rows: u64,
    pub bytes: u64,
}

impl Run {
    /// Begins an export for `tenant_id` below `root`, and clears what crashed runs left. It writes
    /// the formats of the run before, CSV if there was none.
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
        let formats =
            previous.as_ref().map_or_else(|| vec![Format::Csv], |before| before.formats.clone());
        let syncer = Syncer::start().map_err(Error::at(root))?;
        Ok(Self { id, tenant_id, folders, previous, formats, done: Vec::new(), syncer, temporary })
    }

    /// Writes these formats; files of others are removed. A run that [adds](Run::adds_formats) one
    /// has to cover everything.
    #[must_use]
    pub fn in_formats(mut self, formats: &[Format]) -> Self {
        self.formats = formats.into();
        self
    }

    /// What this run writes.
    pub fn formats(&self) -> &[Format] {
        &self.formats
    }

    /// Whether a format is written that the run before did not write.
    pub fn adds_formats(&self) -> bool {
        let known = |format| self.previous.iter().any(|before| before.formats.contains(format));
        !self.formats.iter().all(known)
    }

    /// What was published when the run began.
    pub fn previous(&self) -> Option<&Manifest> {
        self.previous.as_ref()
    }

    /// Begins a table. Several may be written at the same time.
    ///
    /// # Errors
    /// When its folder cannot be made, or this build lacks the format.
    pub fn table(&self, table: &'static Table, days: Days) -> Result<TableWriter> {
        let folders = (self.folders.data.as_path(), self.temporary.0.as_path());
        TableWriter::new(table, days, &self.formats, folders, &self.syncer.files())
    }

    /// Takes the files of a table.
    pub fn add(&mut self, files: TableFiles) {
        self.done.push(files);
    }

    /// Publishes every table that was added.
    ///
    /// # Errors
    /// When the disk refuses. Files that were published before the failure stay; each is complete,
    /// and the next run brings the manifest up to date.
    pub fn commit(self, stamp: Stamp) -> Result<Summary> {
        let Self { id, tenant_id, folders, previous, formats, done, syncer, temporary } = self;
        syncer.finish()?;
        let plan = Publication {
            folders: &folders,
            previous: previous.as_ref(),
            formats: &formats,
            done: &done,
        };
        let mut summary = plan.publish()?;
        let files = plan.all_files();
        let stale = plan.stale(&files)?;
        let manifest = Manifest::new(tenant_id, id, previous.as_ref(), stamp, &formats, files);
        manifest.publish(&folders, &temporary.0)?;
        // Last, so that no manifest ever names a file that is gone.
        for path in &stale {
            fs::remove_file(path).map_err(Error::at(path))?;
        }
        summary.files_removed = stale.len() as u64;
        Ok(summary)
    }
}
