//! One JSON array: follows strings and brackets just far enough to cut out its elements. Whether
//! an element is valid JSON is for the parser to say.

use std::io::{self, BufRead};

use super::{Cut, MAX_RECORD_BYTES, TOO_LONG};

#[derive(Default)]
pub(super) struct Scanner {
    is_open: bool,
    is_closed: bool,
}

/// Where we are within one element.
#[derive(Default)]
struct Element {
    depth: u32,
    in_string: bool,
    after_backslash: bool,
}

/// What a byte means for the element it is in.
#[derive(PartialEq)]
enum Step {
    Inside,
    /// The element's last byte.
    Last,
    /// The first byte after an element without brackets.
    After,
}

impl Scanner {
    pub(super) fn next(
        &mut self,
        input: &mut impl BufRead,
        record: &mut Vec<u8>,
        line: &mut u64,
    ) -> io::Result<Cut> {
        let mut cut = Cut::default();
        if !self.skip_to_element(input, line, &mut cut)? {
            return Ok(cut);
        }
        cut.line = Some(*line);
        let mut element = Element::default();
        loop {
            let available = input.fill_buf()?;
            if available.is_empty() {
                self.is_closed = true;
                cut.defect = Some("the array breaks off within this record");
                return Ok(cut);
            }
            let (n_taken, is_done) = element.take(available, line);
            if record.len() + n_taken > MAX_RECORD_BYTES {
                cut.defect = Some(TOO_LONG);
            } else {
                record.extend_from_slice(&available[..n_taken]);
            }
            input.consume(n_taken);
            cut.n_bytes += n_taken as u64;
            if is_done {
                return Ok(cut);
            }
        }
    }

    /// Consumes what stands between elements; `false` when there is no further one.
    fn skip_to_element(
        &mut self,
        input: &mut impl BufRead,
        line: &mut u64,
        cut: &mut Cut,
    ) -> io::Result<bool> {
        while !self.is_closed {
            let Some(&byte) = input.fill_buf()?.first() else {
                self.is_closed = true;
                cut.line = Some(*line);
                cut.defect = Some("the array is not closed");
                return Ok(false);
            };
            match byte {
                b'\n' => *line += 1,
                b' ' | b'\t' | b'\r' | b',' => {}
                b'[' if !self.is_open => self.is_open = true,
                b']' => self.is_closed = true,
                _ => return Ok(true),
            }
            input.consume(1);
            cut.n_bytes += 1;
        }
        Ok(false)
    }
}

impl Element {
    /// How many of the bytes belong to the element, and whether it ends with them.
    fn take(&mut self, bytes: &[u8], line: &mut u64) -> (usize, bool) {
        for (position, &byte) in bytes.iter().enumerate() {
            match self.step(byte) {
                Step::Inside => {}
                Step::Last => return (position + 1, true),
                Step::After => return (position, true),
            }
            if byte == b'\n' {
                *line += 1;
            }
        }
        (bytes.len(), false)
    }

    fn step(&mut self, byte: u8) -> Step {
        if self.in_string {
            match byte {
                _ if self.after_backslash => self.after_backslash = false,
                b'\\' => self.after_backslash = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return Step::Inside;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' if self.depth == 1 => return Step::Last,
            b'}' if self.depth == 0 => return Step::Last,
            b'}' | b']' if self.depth > 1 => self.depth -= 1,
            b',' | b']' if self.depth == 0 => return Step::After,
            _ => {}
        }
        Step::Inside
    }
}
