//! Export files: a star schema in CSV and Parquet, written from PostgreSQL's binary COPY streams.
//!
//! Reading order: [`TABLES`] is the contract with the reader of the files. A [`Run`] takes one COPY
//! stream per table ([`write_table`]), splits it into files by day, and publishes them together,
//! the [`Manifest`] last. [`open()`] serves a published file.
//!
//! ```text
//! EXPORTS_PATH/<tenant>/<table>/<table>_YYYY-MM-DD.csv   facts, one file per day
//! EXPORTS_PATH/<tenant>/<table>/<table>.csv              dimensions
//! EXPORTS_PATH/<tenant>/parquet/<table>/…                the same, in Parquet
//! EXPORTS_PATH/.manifests/<tenant>/manifest.json         what is published
//! EXPORTS_PATH/.manifests/<tenant>/runs/<run>.json       the same of the runs before
//! EXPORTS_PATH/.tmp/<tenant>/<attempt>/                  what is not published yet
//! ```
//!
//! [`json`] writes the same rows for readers over HTTP. A [`Sheet`] is a file of its own, for a person's spreadsheet.
//!
//! The rows come as a plain stream of COPY messages, decoded in `copy` and `cell`; `csv` and
//! `parquet` are the only modules that know a format, each behind `encoder`. Parquet needs the
//! feature of that name, so that those who only open files need not build it.
//!
//! What must never appear here: SQL, or a decision about which rows belong into an export.

mod format;
mod star;

pub mod json;

mod manifest;
mod open;
mod run;
mod write;

mod cell;
mod copy;
mod csv;
mod encoder;
mod error;
mod folders;
mod output;
#[cfg(feature = "parquet")]
mod parquet;
mod partition;
mod publication;
mod series;
mod sheet;
mod sync;

pub use error::Error;
pub use format::Format;
pub use manifest::{ColumnEntry, FileEntry, Manifest, Stamp, TableEntry};
pub use open::open;
pub use partition::{TableFiles, TableWriter};
pub use run::{Days, Run, Summary};
pub use sheet::Sheet;
pub use star::{Column, DECIMAL_PRECISION, DECIMAL_SCALE, Kind, TABLES, Table, table};
pub use write::{Stopped, write_table};

/// The result of working on files.
pub type Result<T, E = Error> = std::result::Result<T, E>;
