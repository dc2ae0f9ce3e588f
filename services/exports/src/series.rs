//! The files of one table in one format, in the making: rows in, one file per day out.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use jiff::ToSpan;
use jiff::civil::{self, Date};

use crate::copy::Fields;
use crate::encoder::{self, Encoder};
use crate::output::Output;
use crate::{Error, FileEntry, Format, Result, Table, folders};

pub(crate) struct Series {
    table: &'static Table,
    format: Format,
    encoder: Box<dyn Encoder>,
    /// The folder of published files.
    published: PathBuf,
    /// Folder of this attempt's temporary files.
    temporary: PathBuf,
    /// Takes complete files and puts them on disk.
    syncer: Sender<PathBuf>,
    current: Option<Current>,
    files: Vec<Sealed>,
}

struct Current {
    /// Days since 2000-01-01, as rows carry them.
    day: Option<i32>,
    output: Output,
}

/// A complete file that is not published yet.
#[derive(Debug)]
pub(crate) struct Sealed {
    pub(crate) entry: FileEntry,
    /// `None`: the published file has these very bytes.
    pub(crate) temporary: Option<PathBuf>,
}

impl Series {
    /// Makes the folder below `data` when it is missing.
    pub(crate) fn new(
        table: &'static Table,
        format: Format,
        data: &Path,
        temporary: &Path,
        syncer: Sender<PathBuf>,
    ) -> Result<Self> {
        let published = data.join(format.folder(table.name));
        folders::make(&published)?;
        let encoder = encoder::of(format, table)
            .map_err(|reason| Error::Row { table: table.name, reason })?;
        let temporary = temporary.to_owned();
        let (current, files) = (None, Vec::new());
        Ok(Self { table, format, encoder, published, temporary, syncer, current, files })
    }

    /// Appends a row to the file of its day, and returns what follows its fields.
    pub(crate) fn row<'a>(
        &mut self,
        day: Option<i32>,
        mut fields: Fields<'a>,
    ) -> Result<Fields<'a>> {
        let mut current = match self.current.take().filter(|current| current.day == day) {
            Some(current) => current,
            None => self.open(day)?,
        };
        let block = current.output.block();
        self.encoder.row(&mut fields, block).map_err(|reason| self.error(reason))?;
        current.output.end_row()?;
        self.current = Some(current);
        Ok(fields)
    }

    /// Completes the file in the making. The rows that follow go to another one.
    pub(crate) fn seal(&mut self) -> Result<()> {
        let Some(mut current) = self.current.take() else {
            return Ok(());
        };
        let end = self.encoder.end(current.output.block());
        end.map_err(|reason| self.error(reason))?;
        let day = self.date(current.day)?;
        let finished = current.output.finish()?;
        let name = folders::file_name(self.table, self.format, day);
        let entry = FileEntry {
            path: format!("{}/{name}", self.format.folder(self.table.name)),
            table: self.table.name.to_owned(),
            format: self.format,
            day,
            rows: finished.n_rows,
            bytes: finished.n_bytes,
            sha256: finished.sha256,
        };
        if let Some(path) = &finished.temporary {
            // Only fails once that thread has ended with an error, which `commit` reports.
            drop(self.syncer.send(path.clone()));
        }
        self.files.push(Sealed { entry, temporary: finished.temporary });
        Ok(())
    }

    /// Completes the last file; a table that is not split by days has one even without rows.
    pub(crate) fn finish(mut self) -> Result<Vec<Sealed>> {
        if self.table.day_column.is_none() && self.current.is_none() {
            self.current = Some(self.open(None)?);
        }
        self.seal()?;
        Ok(self.files)
    }

    fn open(&mut self, day: Option<i32>) -> Result<Current> {
        let name = folders::file_name(self.table, self.format, self.date(day)?);
        let mut output = Output::new(self.published.join(&name), self.temporary.join(&name))?;
        let begin = self.encoder.begin(output.block());
        begin.map_err(|reason| self.error(reason))?;
        Ok(Current { day, output })
    }

    fn date(&self, day: Option<i32>) -> Result<Option<Date>> {
        let date = day.map(|day| civil::date(2000, 1, 1).checked_add(i64::from(day).days()));
        date.transpose().map_err(|error| self.error(error.to_string()))
    }

    fn error(&self, reason: String) -> Error {
        Error::Row { table: self.table.name, reason }
    }
}
