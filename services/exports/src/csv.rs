//! The CSV dialect: RFC 4180 with CRLF, UTF-8 with a byte order mark, empty for null.

use crate::{Column, Kind, Table, cell, copy::Fields};

/// Spreadsheets take a file without it for one in the local 8-bit code page.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
pub(crate) const LINE_END: &[u8] = b"\r\n";

/// The first bytes of every file of `table`.
pub(crate) fn head(table: &Table) -> Vec<u8> {
    let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    [BYTE_ORDER_MARK, names.join(",").as_bytes(), LINE_END].concat()
}

/// Appends one row as a line.
pub(crate) fn line(
    out: &mut Vec<u8>,
    table: &Table,
    fields: &mut Fields<'_>,
) -> Result<(), String> {
    for (index, column) in table.columns.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let Some(value) = fields.next()? else {
            continue;
        };
        write_cell(out, *column, value).map_err(|reason| format!("{}: {reason}", column.name))?;
    }
    out.extend_from_slice(LINE_END);
    Ok(())
}

fn write_cell(out: &mut Vec<u8>, column: Column, value: &[u8]) -> Result<(), String> {
    match column.kind {
        Kind::Text => text(out, value),
        Kind::Key => key(out, value),
        Kind::Integer => cell::integer(out, value)?,
        Kind::Decimal => cell::decimal(out, value)?,
        Kind::Boolean => cell::boolean(out, value)?,
        Kind::Date => cell::date(out, value)?,
        Kind::Timestamp => cell::timestamp(out, value)?,
        Kind::Uuid => cell::uuid(out, value)?,
    }
    Ok(())
}

/// A text that a spreadsheet would take for a formula gets an apostrophe in front. So does one that
/// begins with an apostrophe: taking one leading apostrophe off gives back every original.
pub(crate) fn text(out: &mut Vec<u8>, value: &[u8]) {
    let active = is_active(value);
    // An empty text is quoted, because an empty cell is null.
    if !active && !value.is_empty() && !value.iter().any(|byte| needs_quotes(*byte)) {
        out.extend_from_slice(value);
        return;
    }
    out.push(b'"');
    if active {
        out.push(b'\'');
    }
    for part in value.split_inclusive(|byte| *byte == b'"') {
        out.extend_from_slice(part);
        if part.ends_with(b"\"") {
            out.push(b'"');
        }
    }
    out.push(b'"');
}

fn key(out: &mut Vec<u8>, value: &[u8]) {
    let Some(value) = cell::trimmed(value) else { return };
    let start = out.len();
    text(out, value);
    out[start..].make_ascii_lowercase();
}

fn is_active(value: &[u8]) -> bool {
    // Full-width `＝`, `＋`, `－` and `＠` are folded to ASCII by some spreadsheets.
    const FULL_WIDTH: [&str; 4] = ["\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}"];
    match value.first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n' | b'\'') => true,
        Some(0xef) => FULL_WIDTH.iter().any(|sign| value.starts_with(sign.as_bytes())),
        _ => false,
    }
}

/// Semicolon and tab too: they separate cells in some locales.
fn needs_quotes(byte: u8) -> bool {
    matches!(byte, b'"' | b',' | b'\r' | b'\n' | b';' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell_of(value: &str) -> String {
        let mut out = Vec::new();
        text(&mut out, value.as_bytes());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_texts_that_need_it_are_quoted() {
        let table = [
            ("plain", "plain"),
            ("Père & Fils", "Père & Fils"),
            ("", "\"\""),
            ("a,b", "\"a,b\""),
            ("a;b", "\"a;b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("\"", "\"\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("1-2", "1-2"),
            ("ﬁn", "ﬁn"),
        ];
        for (value, expected) in table {
            assert_eq!(cell_of(value), expected);
        }
    }

    #[test]
    fn formulas_are_neutralised() {
        let active =
            ["=1+1", "+33 1", "-10 °C", "@here", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x"];
        for value in active {
            assert_eq!(cell_of(value), format!("\"'{value}\""));
        }
        assert_eq!(cell_of("=\"x\""), "\"'=\"\"x\"\"\"");
        assert_eq!(cell_of("'quoted"), "\"''quoted\"");
    }

    #[test]
    fn keys_ignore_ascii_case_and_spaces() {
        let cases = [
            (" Help DESK ", "help desk"),
            ("ÉCOLE, Nord", "\"École, nord\""),
            ("\tA", "\"'\ta\""),
            (" =SUM", "\"'=sum\""),
            ("   ", ""),
            ("", ""),
        ];
        for (value, expected) in cases {
            let mut out = Vec::new();
            key(&mut out, value.as_bytes());
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    #[test]
    fn negative_numbers_stay_numbers() {
        let table = Table {
            name: "t",
            columns: &[Column { name: "n", kind: Kind::Integer }],
            day_column: None,
        };
        let row = [&[0, 1, 0, 0, 0, 4][..], &(-5_i32).to_be_bytes()].concat();
        let mut out = Vec::new();
        line(&mut out, &table, &mut Fields::first(&row, 1).unwrap().unwrap()).unwrap();
        assert_eq!(out, b"-5\r\n");
    }

    /// A row of texts as the server would send it.
    fn text_row(values: &[Option<String>]) -> Vec<u8> {
        let mut row = i16::try_from(values.len()).unwrap().to_be_bytes().to_vec();
        for value in values {
            match value {
                None => row.extend((-1_i32).to_be_bytes()),
                Some(value) => {
                    row.extend(i32::try_from(value.len()).unwrap().to_be_bytes());
                    row.extend(value.as_bytes());
                }
            }
        }
        row
    }

    static THREE_TEXTS: Table = Table {
        name: "t",
        columns: &[
            Column { name: "a", kind: Kind::Text },
            Column { name: "b", kind: Kind::Text },
            Column { name: "c", kind: Kind::Text },
        ],
        day_column: None,
    };

    proptest! {
        #[test]
        fn an_independent_reader_gets_every_text_back(
            rows in prop::collection::vec(
                prop::array::uniform3(prop::option::of("[-=+@\t\r\n'\",;＝＋－＠a-cé0 ]{0,6}|\\PC*")),
                1..8,
            )
        ) {
            let mut file = head(&THREE_TEXTS);
            for row in &rows {
                let row = text_row(row);
                let mut fields = Fields::first(&row, 3).unwrap().unwrap();
                line(&mut file, &THREE_TEXTS, &mut fields).unwrap();
            }
            prop_assert!(file.starts_with(BYTE_ORDER_MARK));
            let mut reader = ::csv::Reader::from_reader(&file[BYTE_ORDER_MARK.len()..]);
            prop_assert_eq!(reader.headers().unwrap(), vec!["a", "b", "c"]);
            let read: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!(read.len(), rows.len());
            for (record, row) in read.iter().zip(&rows) {
                for (cell, value) in record.iter().zip(row) {
                    prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']));
                    let value = value.as_deref().unwrap_or_default();
                    prop_assert_eq!(cell.strip_prefix('\'').unwrap_or(cell), value);
                }
            }
        }
    }
}
