//! One table in the making: COPY messages in, the files of every format out.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use crate::copy::{Fields, skip_header};
use crate::series::{Sealed, Series};
use crate::{Days, Error, Format, Result, Table, cell};

/// Makes the files of one table; [`crate::Run::table`] begins it, [`crate::write_table`] feeds it.
pub struct TableWriter {
    table: &'static Table,
    days: Days,
    /// One for each format.
    series: Vec<Series>,
    is_first_message: bool,
    /// Of the last row; days since 2000-01-01.
    day: Option<i32>,
}

/// The files of one table, complete but not published; [`crate::Run::add`] takes them.
#[derive(Debug)]
pub struct TableFiles {
    pub(crate) table: &'static Table,
    pub(crate) days: Days,
    /// By format, then in the order of days.
    pub(crate) files: Vec<Sealed>,
}

impl TableWriter {
    pub(crate) fn new(
        table: &'static Table,
        days: Days,
        formats: &[Format],
        (data, temporary): (&Path, &Path),
        syncer: &Sender<PathBuf>,
    ) -> Result<Self> {
        let series = formats
            .iter()
            .map(|format| Series::new(table, *format, data, temporary, syncer.clone()))
            .collect::<Result<_>>()?;
        Ok(Self { table, days, series, is_first_message: true, day: None })
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
        while let Some(fields) =
            Fields::first(rest, n_columns).map_err(|reason| self.error(reason))?
        {
            self.enter_day(fields)?;
            let mut left = fields;
            for series in &mut self.series {
                left = series.row(self.day, fields)?;
            }
            rest = left.rest();
        }
        Ok(())
    }

    /// Completes the last files.
    pub(crate) fn finish(self) -> Result<TableFiles> {
        let mut files = Vec::new();
        for series in self.series {
            files.extend(series.finish()?);
        }
        Ok(TableFiles { table: self.table, days: self.days, files })
    }

    /// Looks at the day of the next row, and ends the files of the day before.
    fn enter_day(&mut self, mut fields: Fields<'_>) -> Result<()> {
        let Some(index) = self.table.day_column else { return Ok(()) };
        let day = day(index, &mut fields).map_err(|reason| self.error(reason))?;
        if self.day > Some(day) {
            return Err(self.error("rows are not in the order of their days".into()));
        }
        if self.day.replace(day).is_some_and(|last| last != day) {
            self.series.iter_mut().try_for_each(Series::seal)?;
        }
        Ok(())
    }

    fn error(&self, reason: String) -> Error {
        Error::Row { table: self.table.name, reason }
    }
}

fn day(index: usize, fields: &mut Fields<'_>) -> Result<i32, String> {
    for _ in 0..index {
        fields.next()?;
    }
    fields.next()?.map_or_else(|| Err("a row has no day".into()), cell::day)
}
