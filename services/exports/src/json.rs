//! Rows as JSON, for readers that ask over HTTP. Texts are the originals: nothing here is opened by
//! a spreadsheet.

use crate::{Column, Kind, cell};

/// How integers and decimals are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// As numbers of JSON.
    Plain,
    /// As texts, for readers whose numbers have 53 bits.
    Quoted,
}

/// Appends an object with a member for each column. `values` are PostgreSQL's, in binary.
///
/// # Errors
/// When a value is not one of its column's type; `out` is of no use then.
pub fn object<'a>(
    out: &mut Vec<u8>,
    columns: &[Column],
    values: impl Iterator<Item = Option<&'a [u8]>>,
    numbers: Numbers,
) -> Result<(), String> {
    for (n, (column, value)) in columns.iter().zip(values).enumerate() {
        out.extend_from_slice(if n == 0 { b"{\"" } else { b",\"" });
        out.extend_from_slice(column.name.as_bytes());
        out.extend_from_slice(b"\":");
        match value {
            None => out.extend_from_slice(b"null"),
            Some(value) => member(out, column.kind, value, numbers)
                .map_err(|reason| format!("{}: {reason}", column.name))?,
        }
    }
    out.push(b'}');
    Ok(())
}

/// A value as plain text, as JSON has it but for quotes and escapes.
///
/// # Errors
/// As [`object`].
pub fn text(kind: Kind, value: &[u8]) -> Result<String, String> {
    let mut out = Vec::new();
    match kind {
        Kind::Text => out.extend_from_slice(value),
        Kind::Key => out.extend(cell::trimmed(value).unwrap_or_default().to_ascii_lowercase()),
        _ => plain(&mut out, kind, value)?,
    }
    String::from_utf8(out).map_err(|error| error.to_string())
}

fn member(out: &mut Vec<u8>, kind: Kind, value: &[u8], numbers: Numbers) -> Result<(), String> {
    match kind {
        Kind::Text => return string(out, value),
        Kind::Key => {
            let start = out.len();
            match cell::trimmed(value) {
                Some(key) => string(out, key)?,
                None => out.extend_from_slice(b"null"),
            }
            // Escapes are in lower case already.
            out[start..].make_ascii_lowercase();
            return Ok(());
        }
        _ => {}
    }
    let is_quoted = match kind {
        Kind::Boolean => false,
        Kind::Integer | Kind::Decimal => numbers == Numbers::Quoted,
        _ => true,
    };
    if is_quoted {
        out.push(b'"');
    }
    plain(out, kind, value)?;
    if is_quoted {
        out.push(b'"');
    }
    Ok(())
}

fn plain(out: &mut Vec<u8>, kind: Kind, value: &[u8]) -> Result<(), String> {
    match kind {
        Kind::Text | Kind::Key => Ok(()),
        Kind::Integer => cell::integer(out, value),
        Kind::Decimal => cell::decimal(out, value),
        Kind::Boolean => cell::boolean(out, value),
        Kind::Date => cell::date(out, value),
        Kind::Timestamp => cell::timestamp(out, value),
        Kind::Uuid => cell::uuid(out, value),
    }
}

fn string(out: &mut Vec<u8>, value: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(value).map_err(|error| error.to_string())?;
    serde_json::to_writer(out, text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 4] = [
        Column { name: "text", kind: Kind::Text },
        Column { name: "key", kind: Kind::Key },
        Column { name: "number", kind: Kind::Integer },
        Column { name: "day", kind: Kind::Date },
    ];

    fn written(values: [Option<&[u8]>; 4], numbers: Numbers) -> String {
        let mut out = Vec::new();
        object(&mut out, &COLUMNS, values.into_iter(), numbers).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rows_are_objects() {
        let (number, day) = (7_i64.to_be_bytes(), 1_i32.to_be_bytes());
        let row = [
            Some("=\"é\"\n".as_bytes()),
            Some("  A\u{1} B".as_bytes()),
            Some(&number[..]),
            Some(&day[..]),
        ];
        let plain = written(row, Numbers::Plain);
        assert_eq!(plain, r#"{"text":"=\"é\"\n","key":"a\u0001 b","number":7,"day":"2000-01-02"}"#);
        let read: serde_json::Value = serde_json::from_str(&plain).unwrap();
        assert_eq!(read["key"], "a\u{1} b");
        assert!(written(row, Numbers::Quoted).contains(r#""number":"7""#));
        let empty = written([None, Some(b"  "), None, None], Numbers::Quoted);
        assert_eq!(empty, r#"{"text":null,"key":null,"number":null,"day":null}"#);
    }

    #[test]
    fn texts_of_values_can_be_compared_with_them() {
        assert_eq!(text(Kind::Key, b" Help DESK ").as_deref(), Ok("help desk"));
        assert_eq!(
            text(Kind::Timestamp, &1_i64.to_be_bytes()).as_deref(),
            Ok("2000-01-01T00:00:00.000001Z")
        );
        assert!(text(Kind::Text, &[0xff]).is_err());
        assert!(text(Kind::Integer, b"abc").is_err());
    }
}
