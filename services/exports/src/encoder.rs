//! From the rows of one file to its bytes, in one of the formats.

use crate::copy::Fields;
use crate::{Format, Table, csv};

/// Makes one file after the other. Bytes are appended to `out` when they are ready, which may be
/// some rows later.
pub(crate) trait Encoder: Send {
    /// Begins a file.
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<(), String>;

    /// Takes all fields of a row.
    fn row(&mut self, fields: &mut Fields<'_>, out: &mut Vec<u8>) -> Result<(), String>;

    /// Ends the file.
    fn end(&mut self, out: &mut Vec<u8>) -> Result<(), String>;
}

/// The encoder of a format; the error says that this build has none.
pub(crate) fn of(format: Format, table: &'static Table) -> Result<Box<dyn Encoder>, String> {
    match format {
        Format::Csv => Ok(Box::new(Csv(table))),
        #[cfg(feature = "parquet")]
        Format::Parquet => Ok(Box::new(crate::parquet::Parquet::new(table)?)),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => Err("this build of courtier writes no Parquet".into()),
    }
}

struct Csv(&'static Table);

impl Encoder for Csv {
    fn begin(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        out.extend_from_slice(&csv::head(self.0));
        Ok(())
    }

    fn row(&mut self, fields: &mut Fields<'_>, out: &mut Vec<u8>) -> Result<(), String> {
        csv::line(out, self.0, fields)
    }

    fn end(&mut self, _: &mut Vec<u8>) -> Result<(), String> {
        Ok(())
    }
}
