//! The formats of the files.

use std::fmt::{self, Display};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A format of export files. Each table has its files in one folder for each format.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Csv,
    /// Written by builds with the feature `parquet`; its files can be opened by every build.
    Parquet,
}

impl Format {
    pub const ALL: [Format; 2] = [Format::Csv, Format::Parquet];

    /// Whether this build can write it.
    pub fn can_be_written(self) -> bool {
        self == Format::Csv || cfg!(feature = "parquet")
    }

    /// For `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// With its dot.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Format::Csv => ".csv",
            Format::Parquet => ".parquet",
        }
    }

    /// The format of a file's name.
    pub(crate) fn of(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| name.ends_with(format.extension()))
    }

    /// The folder of a table's files, below the tenant's. Never one for two formats: Power BI
    /// combines whatever lies in a folder.
    pub(crate) fn folder(self, table: &str) -> String {
        match self {
            Format::Csv => table.to_owned(),
            Format::Parquet => format!("parquet/{table}"),
        }
    }
}

impl Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension().trim_start_matches('.'))
    }
}

impl FromStr for Format {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Format::ALL.into_iter().find(|format| format.to_string() == text).ok_or(())
    }
}
