//! A CSV file as lines of named cells.

use std::io;

use super::{BadLine, FileError, Flaw, Problem};

/// Reads rows by column name. Byte order mark, `\r\n` and quoted line breaks are understood;
/// empty lines and those that begin with `#` are passed over.
pub(super) struct File {
    csv: csv::Reader<io::Cursor<Vec<u8>>>,
    /// Position of each of the known columns, in their order.
    positions: Vec<Option<usize>>,
    columns: &'static [&'static str],
    ignored: Vec<String>,
    n_cells: usize,
    record: csv::ByteRecord,
    counter: Counter,
}

/// Counts lines up to a byte of the file.
struct Counter {
    line: u64,
    counted_bytes: usize,
}

/// One row.
pub(super) struct Line<'a> {
    pub(super) number: u64,
    record: &'a csv::ByteRecord,
    positions: &'a [Option<usize>],
    columns: &'static [&'static str],
    pub(super) problems: Vec<Problem>,
}

impl File {
    /// Reads the file. `columns` are known, and `required` are those of them that must be there.
    pub(super) fn open(
        mut reader: impl io::Read,
        separator: u8,
        columns: &'static [&'static str],
        required: &[&'static str],
    ) -> Result<Self, FileError> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(FileError::Read)?;
        let mut csv = csv::ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .from_reader(io::Cursor::new(bytes));
        let header = csv.byte_headers().map_err(FileError::Header)?;
        if header.is_empty() {
            return Err(FileError::Empty);
        }
        let names: Vec<_> =
            header.iter().map(|name| String::from_utf8_lossy(name).trim().to_lowercase()).collect();
        let find = |column: &&str| names.iter().position(|name| name == column);
        if let Some(column) = required.iter().find(|column| find(column).is_none()) {
            return Err(FileError::MissingColumn(column, char::from(separator)));
        }
        let is_known = |name: &String| columns.contains(&name.as_str());
        let repeated = |(n, name): &(usize, &String)| is_known(name) && names[..*n].contains(name);
        if let Some((_, name)) = names.iter().enumerate().find(repeated) {
            return Err(FileError::RepeatedColumn(name.clone()));
        }
        Ok(Self {
            positions: columns.iter().map(find).collect(),
            ignored: names.iter().filter(|name| !is_known(name)).cloned().collect(),
            n_cells: names.len(),
            csv,
            columns,
            record: csv::ByteRecord::new(),
            counter: Counter { line: 1, counted_bytes: 0 },
        })
    }

    /// Columns that nothing is read from.
    pub(super) fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// The next row that says something.
    pub(super) fn next_line(&mut self) -> Option<Result<Line<'_>, BadLine>> {
        loop {
            // From memory, reading cannot fail.
            if !self.csv.read_byte_record(&mut self.record).unwrap_or(false) {
                return None;
            }
            let is_remark = self.record.get(0).is_some_and(|cell| cell.starts_with(b"#"));
            if !is_remark && !self.record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                break;
            }
        }
        let start = self.record.position().map_or(0, csv::Position::byte);
        let number = self.counter.line_at(start, self.csv.get_ref().get_ref());
        if self.record.len() > self.n_cells {
            let flaw = Flaw::TooManyCells { found: self.record.len(), named: self.n_cells };
            return Some(Err(BadLine::new(number, None, flaw)));
        }
        Some(Ok(Line {
            number,
            record: &self.record,
            positions: &self.positions,
            columns: self.columns,
            problems: Vec::new(),
        }))
    }
}

impl Counter {
    /// The line on which the row begins that was read from `start` on: there may be a line break
    /// or empty lines before it.
    fn line_at(&mut self, start: u64, bytes: &[u8]) -> u64 {
        let start = usize::try_from(start).unwrap_or(usize::MAX).min(bytes.len());
        let is_break = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let begin = start + bytes[start..].iter().take_while(is_break).count();
        let passed = bytes.get(self.counted_bytes..begin).unwrap_or_default();
        self.line += passed.split(|byte| *byte == b'\n').count() as u64 - 1;
        self.counted_bytes = begin;
        self.line
    }
}

impl Line<'_> {
    /// The trimmed text of a cell; `None` when it is empty, missing, or wrong, which is noted.
    pub(super) fn text(&mut self, column: &'static str, max_chars: usize) -> Option<String> {
        let position = self.columns.iter().position(|known| *known == column)?;
        let cell = self.record.get(self.positions[position]?)?;
        let Ok(text) = std::str::from_utf8(cell) else {
            self.note(column, Flaw::NotUtf8);
            return None;
        };
        let text = text.trim();
        if text.chars().any(char::is_control) {
            self.note(column, Flaw::ControlCharacters);
            return None;
        }
        if text.chars().count() > max_chars {
            self.note(column, Flaw::TooLong(max_chars));
            return None;
        }
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A cell that is read into a value; a text that is none is noted, with what is `wanted`.
    pub(super) fn value<T>(
        &mut self,
        column: &'static str,
        wanted: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let given = self.text(column, MAX_VALUE_CHARS)?;
        let value = read(&given);
        if value.is_none() {
            self.note(column, Flaw::Impossible { given, wanted });
        }
        value
    }

    /// `text` of a cell that must not be empty; when it is, this is noted.
    pub(super) fn required(&mut self, column: &'static str, text: Option<String>) -> String {
        let is_noted = |problem: &Problem| problem.column == Some(column);
        if text.is_none() && !self.problems.iter().any(is_noted) {
            self.note(column, Flaw::Empty);
        }
        text.unwrap_or_default()
    }

    pub(super) fn note(&mut self, column: &'static str, flaw: Flaw) {
        self.problems.push(Problem { column: Some(column), flaw });
    }

    /// `value`, unless something was noted.
    pub(super) fn finish<T>(self, value: T) -> Result<T, BadLine> {
        if self.problems.is_empty() {
            Ok(value)
        } else {
            Err(BadLine { line: self.number, problems: self.problems })
        }
    }
}

/// Longer texts are no number, date or word.
const MAX_VALUE_CHARS: usize = 50;
