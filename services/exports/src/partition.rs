//! One table in the making: rows in, one file per day out.

use std::path::PathBuf;
use std::sync::mpsc::Sender;

use jiff::ToSpan;
use jiff::civil::{self, Date};

use crate::copy::{Fields, skip_header};
use crate::output::Output;
use crate::{Days, Error, FileEntry, Result, Table, csv, folders};

/// Makes the files of one table; [`crate::Run::table`] begins it, [`crate::write_table`] feeds it.
pub struct TableWriter {
    table: &'static Table,
    days: Days,
    /// Takes complete files and puts them on disk.
    syncer: Sender<PathBuf>,
    /// The table's folder of published files.
    published: PathBuf,
    /// Folder of this attempt's temporary files.
    temporary: PathBuf,
    current: Option<Current>,
    line: Vec<u8>,
    is_first_message: bool,
    files: Vec<Sealed>,
}

struct Current {
    /// Days since 2000-01-01, as rows carry them.
    day: Option<i32>,
    output: Output,
}

/// The files of one table, complete but not published; [`crate::Run::add`] takes them.
#[derive(Debug)]
pub struct TableFiles {
    pub(crate) table: &'static Table,
    pub(crate) days: Days,
    /// In the order of days.
    pub(crate) files: Vec<Sealed>,
}

/// A complete file that is not published yet.
#[derive(Debug)]
pub(crate) struct Sealed {
    pub(crate) entry: FileEntry,
    /// `None`: the published file has these very bytes.
    pub(crate) temporary: Option<PathBuf>,
}

impl TableWriter {
    pub(crate) fn new(
        table: &'static Table,
        days: Days,
        published: PathBuf,
        temporary: PathBuf,
        syncer: Sender<PathBuf>,
    ) -> Self {
        Self {
            table,
            days,
            syncer,
            published,
            temporary,
            current: None,
            line: Vec::new(),
            is_first_message: true,
            files: Vec::new(),
        }
    }

    pub(crate) fn table(&self) -> &'static Table {
        self.table
    }

    /// Takes one COPY message.
    pub(crate) fn message(&mut self, message: &[u8]) -> Result<()> {
        let n_columns = self.table.columns.len();
        let mut rest = message;
        if std::mem::take(&mut self.is_first_message) {
            rest = skip_header(message).map_err(|reason| self.error(reason))?;
        }
        while let Some(mut fields) =
            Fields::first(rest, n_columns).map_err(|reason| self.error(reason))?
        {
            self.line.clear();
            let day = csv::line(&mut self.line, self.table, &mut fields)
                .map_err(|reason| self.error(reason))?;
            rest = fields.rest();
            self.row(day)?;
        }
        Ok(())
    }

    /// Completes the last file.
    pub(crate) fn finish(mut self) -> Result<TableFiles> {
        if self.table.day_column.is_none() && self.current.is_none() {
            self.current = Some(self.open(None)?);
        }
        self.seal()?;
        Ok(TableFiles { table: self.table, days: self.days, files: self.files })
    }

    fn row(&mut self, day: Option<i32>) -> Result<()> {
        if day.is_none() && self.table.day_column.is_some() {
            return Err(self.error("a row has no day".into()));
        }
        match &self.current {
            Some(current) if current.day == day => {}
            Some(current) if current.day > day => {
                return Err(self.error("rows are not in the order of their days".into()));
            }
            _ => {
                self.seal()?;
                self.current = Some(self.open(day)?);
            }
        }
        match &mut self.current {
            Some(current) => current.output.row(&self.line),
            None => Ok(()),
        }
    }

    fn open(&self, day: Option<i32>) -> Result<Current> {
        let name = folders::file_name(self.table, self.date(day)?);
        let output = Output::new(
            self.published.join(&name),
            self.temporary.join(&name),
            &csv::head(self.table),
        )?;
        Ok(Current { day, output })
    }

    fn seal(&mut self) -> Result<()> {
        let Some(current) = self.current.take() else {
            return Ok(());
        };
        let day = self.date(current.day)?;
        let finished = current.output.finish()?;
        let entry = FileEntry {
            path: format!("{}/{}", self.table.name, folders::file_name(self.table, day)),
            table: self.table.name.to_owned(),
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

    fn date(&self, day: Option<i32>) -> Result<Option<Date>> {
        let date = day.map(|day| civil::date(2000, 1, 1).checked_add(i64::from(day).days()));
        date.transpose().map_err(|error| self.error(error.to_string()))
    }

    fn error(&self, reason: String) -> Error {
        Error::Row { table: self.table.name, reason }
    }
}
