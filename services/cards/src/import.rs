//! Reads catalogues from CSV files; writes nothing.
//!
//! Two layouts are known ([`Format`]): the file that a shop edits ([`edits`]), and a dump of the
//! card database ([`dump`]). A line that is wrong is reported with its number, its column and what
//! would be right; the good lines go on. A preview is up to the caller: nothing here has effects.

pub mod dump;
pub mod edits;
mod file;
mod flaw;
mod format;
pub mod numbering;

use std::fmt;

use serde::{Serialize, Serializer};

pub use dump::{Dump, read_dump};
pub use edits::{Create, Edit, Edits, Update};
pub use flaw::Flaw;
pub use format::Format;

/// A file of which no line can be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("the file cannot be read")]
    Read(#[source] std::io::Error),
    #[error("the file is empty; its first line must name the columns")]
    Empty,
    #[error("column `{0}` is missing; the first line must name the columns, parted by `{1}`")]
    MissingColumn(&'static str, char),
    #[error("column `{0}` is named twice")]
    RepeatedColumn(String),
    #[error("the first line cannot be read")]
    Header(#[source] csv::Error),
}

/// A line that was left out. As JSON it is `[line, "what is wrong"]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Line of the file on which the row starts; the header is line 1.
    pub line: u64,
    pub problems: Vec<Problem>,
}

/// What is wrong with one cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `None` when the whole line is wrong.
    pub column: Option<&'static str>,
    pub flaw: Flaw,
}

impl BadLine {
    /// A line with one thing wrong; `column`: `None` when it is the whole line.
    pub fn new(line: u64, column: Option<&'static str>, flaw: Flaw) -> Self {
        Self { line, problems: vec![Problem { column, flaw }] }
    }

    /// All that is wrong, without the number of the line.
    pub fn reason(&self) -> String {
        let problems: Vec<String> = self.problems.iter().map(ToString::to_string).collect();
        problems.join("; ")
    }
}

impl Serialize for BadLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.line, self.reason()).serialize(serializer)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "column `{column}`: {}", self.flaw),
            None => self.flaw.fmt(f),
        }
    }
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason())
    }
}
