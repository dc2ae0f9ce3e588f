//! The file that a shop edits: `;`, UTF-8 with or without byte order mark.
//!
//! A row with an `id` changes a card, a row without one creates it. Columns may come in any order
//! and may be left out; an empty cell changes nothing.

mod create;
mod read;
mod update;

use std::collections::HashMap;
use std::io;

use super::file::{File, Line};
use super::{BadLine, FileError, Flaw};

pub use create::Create;
pub use update::{CardKey, Update};

/// Columns that are read. Others are ignored and listed by [`Edits::ignored_columns`].
pub const COLUMNS: [&str; 10] = [
    "id",
    "name",
    "local_id",
    "set_name",
    "set_id",
    "set_cardcount_official",
    "variant",
    "card_number_format",
    "card_number_padded",
    "ebay_query",
];

/// What one row asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    Update(Update),
    Create(Create),
}

/// Rows of such a file: a line number and what it asks for, or why it was left out.
pub struct Edits {
    file: File,
    /// Line on which each new card was first met.
    created: HashMap<String, u64>,
}

impl Edits {
    /// Reads the whole file and its first line.
    ///
    /// # Errors
    /// When it is missing, unreadable, or names no `id` column.
    pub fn open(reader: impl io::Read) -> Result<Self, FileError> {
        let file = File::open(reader, b';', &COLUMNS, &["id"])?;
        Ok(Self { file, created: HashMap::new() })
    }

    /// Columns of the file that are not known, hence not read.
    pub fn ignored_columns(&self) -> &[String] {
        self.file.ignored()
    }

    fn check_new(&mut self, line: u64, create: &Create) -> Result<(), BadLine> {
        let id = create.tcgdex_id();
        let Some(first) = self.created.get(&id) else {
            self.created.insert(id, line);
            return Ok(());
        };
        Err(BadLine::new(line, None, Flaw::CreatedBefore { first: *first, id }))
    }
}

impl Iterator for Edits {
    type Item = Result<(u64, Edit), BadLine>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = match self.file.next_line()? {
            Ok(line) => line,
            Err(bad) => return Some(Err(bad)),
        };
        let number = line.number;
        let edit = read::edit(&mut line);
        let edit = line.finish(edit).and_then(|edit| {
            if let Edit::Create(create) = &edit {
                self.check_new(number, create)?;
            }
            Ok((number, edit))
        });
        Some(edit)
    }
}

#[cfg(test)]
mod tests;
