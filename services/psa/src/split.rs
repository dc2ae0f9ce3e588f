//! Cuts a stream into records without ever holding more than one of them.
//!
//! Two forms are understood, told apart by their first byte: JSON Lines, and one JSON array.

mod array;
mod lines;

use std::io::{self, BufRead};

/// Longest record that is read; a longer one is reported and skipped.
pub const MAX_RECORD_BYTES: usize = 4 << 20;

/// The records of a stream, in order.
pub struct Records<R> {
    input: R,
    form: Form,
    /// The record last cut out.
    record: Vec<u8>,
    /// Line that the next byte is on, from 1.
    line: u64,
    bytes_read: u64,
}

enum Form {
    Lines,
    Array(array::Scanner),
}

/// A record, or what stands in its place.
pub struct Piece<'a> {
    /// Line of its first byte, from 1.
    pub line: u64,
    pub bytes: &'a [u8],
    /// Why the bytes are not a whole record.
    pub defect: Option<&'static str>,
}

impl<R: BufRead> Records<R> {
    /// Looks at the first byte to tell the form; skips a byte order mark.
    ///
    /// # Errors
    /// When the stream cannot be read.
    pub fn new(mut input: R) -> io::Result<Records<R>> {
        let (mut line, mut bytes_read) = (1, 0);
        let form = loop {
            let available = input.fill_buf()?;
            let Some(&byte) = available.first() else {
                break Form::Lines;
            };
            match byte {
                b'[' => break Form::Array(array::Scanner::default()),
                0xEF | 0xBB | 0xBF | b' ' | b'\t' | b'\r' => {}
                b'\n' => line += 1,
                _ => break Form::Lines,
            }
            input.consume(1);
            bytes_read += 1;
        };
        Ok(Records { input, form, record: Vec::new(), line, bytes_read })
    }

    /// Bytes consumed so far, for progress.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// The next record; blank lines are none.
    ///
    /// # Errors
    /// When the stream cannot be read.
    #[expect(clippy::should_implement_trait, reason = "a record borrows from its reader")]
    pub fn next(&mut self) -> io::Result<Option<Piece<'_>>> {
        self.record.clear();
        let cut = match &mut self.form {
            Form::Lines => lines::next(&mut self.input, &mut self.record, &mut self.line)?,
            Form::Array(scanner) => {
                scanner.next(&mut self.input, &mut self.record, &mut self.line)?
            }
        };
        self.bytes_read += cut.n_bytes;
        let piece = cut.line.map(|line| Piece {
            line,
            bytes: self.record.trim_ascii(),
            defect: cut.defect,
        });
        Ok(piece)
    }
}

/// What a splitter found; the bytes are in the buffer it was given.
#[derive(Default)]
struct Cut {
    /// Line where the record starts, `None` at the end of the stream.
    line: Option<u64>,
    n_bytes: u64,
    defect: Option<&'static str>,
}

const TOO_LONG: &str = "is longer than 4 MiB";

#[cfg(test)]
mod tests;
