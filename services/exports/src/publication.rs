//! The last step of a run: from files that are ready to files that are published.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use crate::folders::{self, Folders};
use crate::partition::TableFiles;
use crate::{Error, FileEntry, Manifest, Result, Summary, TABLES};

pub(crate) struct Publication<'a> {
    pub(crate) folders: &'a Folders,
    pub(crate) previous: Option<&'a Manifest>,
    pub(crate) done: &'a [TableFiles],
}

impl Publication<'_> {
    /// Moves the new files into place.
    pub(crate) fn publish(&self) -> Result<Summary> {
        let mut summary = Summary::default();
        for done in self.done {
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
    pub(crate) fn all_files(&self) -> Vec<FileEntry> {
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
    pub(crate) fn stale(&self, files: &[FileEntry]) -> Result<Vec<PathBuf>> {
        let names: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let mut stale = Vec::new();
        for done in self.done {
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
