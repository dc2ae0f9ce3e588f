//! A file for a person's spreadsheet: semicolons, CRLF, UTF-8 with a byte order mark, a line of
//! names, a point in decimals. Texts are quoted and made harmless as in the tables.

use std::fmt::Display;
use std::io::Write as _;

use crate::csv;

/// Rows that are written, until they are [taken](Sheet::take).
#[derive(Debug)]
pub struct Sheet {
    out: Vec<u8>,
    n_columns: usize,
    n_cells: usize,
    n_rows: u64,
}

impl Sheet {
    /// A sheet with these columns, and no row.
    pub fn new(columns: &[&str]) -> Sheet {
        let mut out = csv::BYTE_ORDER_MARK.to_vec();
        out.extend_from_slice(columns.join(";").as_bytes());
        out.extend_from_slice(csv::LINE_END);
        Sheet { out, n_columns: columns.len(), n_cells: 0, n_rows: 0 }
    }

    /// The next cell: a text.
    pub fn text(&mut self, value: Option<&str>) {
        self.separate();
        if let Some(value) = value {
            csv::text(&mut self.out, value.as_bytes());
        }
    }

    /// The next cell: what no spreadsheet takes for a formula, such as a number, a date or a word.
    pub fn plain(&mut self, value: Option<impl Display>) {
        self.separate();
        if let Some(value) = value {
            // A vector takes everything.
            write!(self.out, "{value}").unwrap_or_default();
        }
    }

    /// Ends the row.
    ///
    /// # Panics
    /// When it has not as many cells as the sheet has columns.
    pub fn end_row(&mut self) {
        assert_eq!(self.n_cells, self.n_columns, "a row fills every column");
        self.out.extend_from_slice(csv::LINE_END);
        self.n_cells = 0;
        self.n_rows += 1;
    }

    /// Rows so far, the taken ones included.
    pub fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// Bytes that wait to be taken.
    pub fn n_bytes(&self) -> usize {
        self.out.len()
    }

    /// What has been written since the last time.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    fn separate(&mut self) {
        if self.n_cells > 0 {
            self.out.push(b';');
        }
        self.n_cells += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_separated_quoted_and_harmless() {
        let mut sheet = Sheet::new(&["name", "price", "note"]);
        sheet.text(Some("Mew; ex"));
        sheet.plain(Some(-12.5));
        sheet.text(Some("=1+1"));
        sheet.end_row();
        sheet.text(None);
        sheet.plain(None::<u8>);
        sheet.text(Some(""));
        sheet.end_row();
        let text = String::from_utf8(sheet.take()).unwrap();
        let wanted = "\u{feff}name;price;note\r\n\"Mew; ex\";-12.5;\"'=1+1\"\r\n;;\"\"\r\n";
        assert_eq!((text.as_str(), sheet.n_rows()), (wanted, 2));
        assert!(sheet.take().is_empty());
    }

    #[test]
    #[should_panic(expected = "every column")]
    fn a_row_that_is_too_short_is_noticed() {
        let mut sheet = Sheet::new(&["a", "b"]);
        sheet.text(Some("x"));
        sheet.end_row();
    }
}
