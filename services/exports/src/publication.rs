//! The last step of a run: from files that are ready to files that are published.

use std::collections::HashSet;
use std::path::PathBuf;
use std::{fs, io};

use crate::folders::{self, Folders};
use crate::partition::TableFiles;
use crate::{Error, FileEntry, Format, Manifest, Result, Summary, TABLES};

pub(crate) struct Publication<'a> {
    pub(crate) folders: &'a Folders,
    pub(crate) previous: Option<&'a Manifest>,
    /// What the files of other formats are removed for.
    pub(crate) formats: &'a [Format],
    pub(crate) done: &'a [TableFiles],
}

impl Publication<'_> {
    /// Moves the new files into place.
    pub(crate) fn publish(&self) -> Result<Summary> {
        let mut summary = Summary::default();
        for done in self.done {
            for file in &done.files {
                if self.formats.first() == Some(&file.entry.format) {
                    summary.rows += file.entry.rows;
                }
                summary.bytes += file.entry.bytes;
                let Some(temporary) = &file.temporary else {
                    summary.files_unchanged += 1;
                    continue;
                };
                let path = self.folders.data.join(&file.entry.path);
                fs::rename(temporary, &path).map_err(Error::at(&path))?;
                summary.files_written += 1;
            }
            for format in self.formats {
                folders::sync(&self.folders.data.join(format.folder(done.table.name)))?;
            }
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
        files.sort_by_key(|file| (position(&file.table), file.format, file.day));
        files
    }

    fn covers(&self, file: &FileEntry) -> bool {
        if !self.formats.contains(&file.format) {
            return true;
        }
        let mut done = self.done.iter();
        done.any(|done| done.table.name == file.table && done.days.contains(file.day))
    }

    fn exists(&self, file: &FileEntry) -> bool {
        let metadata = fs::symlink_metadata(self.folders.data.join(&file.path));
        metadata.is_ok_and(|metadata| metadata.is_file() && metadata.len() == file.bytes)
    }

    /// Published files of covered days for which there are no rows any more, and files of formats
    /// that are no longer written.
    pub(crate) fn stale(&self, files: &[FileEntry]) -> Result<Vec<PathBuf>> {
        let names: HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let mut stale = Vec::new();
        for done in self.done {
            for format in Format::ALL {
                self.stale_of(done, format, &names, &mut stale)?;
            }
        }
        Ok(stale)
    }

    fn stale_of(
        &self,
        done: &TableFiles,
        format: Format,
        names: &HashSet<&str>,
        stale: &mut Vec<PathBuf>,
    ) -> Result<()> {
        let folder = self.folders.data.join(format.folder(done.table.name));
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            entries => entries.map_err(Error::at(&folder))?,
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let Some(told) = folders::named(done.table, format, &name) else { continue };
            let is_covered = !self.formats.contains(&format) || done.days.contains(told.day);
            let path = format!("{}/{name}", format.folder(done.table.name));
            if is_covered && !names.contains(path.as_str()) {
                stale.push(entry.path());
            }
        }
        Ok(())
    }
}

fn position(table: &str) -> Option<usize> {
    TABLES.iter().position(|other| other.name == table)
}
