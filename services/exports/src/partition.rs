//! One table in the making: rows in, one file per day out.

use std::path::PathBuf;

use jiff::ToSpan;
use jiff::civil::{self, Date};

use crate::copy::{Fields, skip_header};
use crate::output::Output;
use crate::{Error, FileEntry, Result, Table, csv, folders};

pub(crate) struct TableWriter {
    table: &'static Table,
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

/// A complete file that is not published yet.
#[derive(Debug)]
pub(crate) struct Sealed {
    pub(crate) entry: FileEntry,
    /// `None`: the published file has these very bytes.
    pub(crate) temporary: Option<PathBuf>,
}

impl TableWriter {
    pub(crate) fn new(table: &'static Table, published: PathBuf, temporary: PathBuf) -> Self {
        Self {
            table,
            published,
            temporary,
            current: None,
            line: Vec::new(),
            is_first_message: true,
            files: Vec::new(),
        }
    }

    /// Takes one COPY message; returns the number of its rows and the file that it completed.
    pub(crate) fn message(&mut self, message: &[u8]) -> Result<Option<&Sealed>> {
        let n_files = self.files.len();
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
        Ok(self.files.get(n_files))
    }

    /// Completes the last file and returns all of them, in the order of days.
    pub(crate) fn finish(mut self) -> Result<Vec<Sealed>> {
        if self.table.day_column.is_none() && self.current.is_none() {
            self.current = Some(self.open(None)?);
        }
        self.seal()?;
        Ok(self.files)
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
