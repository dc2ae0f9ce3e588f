//! Reads a stream of records and hands each one over, checked.

use std::io::{self, BufRead};
use std::ops::ControlFlow;

use msp::scalar::FieldError;
use uuid::Uuid;

use crate::record::{Identity, Record};
use crate::split::{Piece, Records};

/// Counts up when the meaning of a field changes: every record then differs from what is stored,
/// and the next load applies the new meaning.
const MAPPING_VERSION: u8 = 1;
/// Longest part of a refused record that is kept.
const MAX_EXCERPT_CHARS: usize = 500;

/// Where a record comes from, and its own words.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// Line of the record's first byte, from 1.
    pub line: u64,
    pub json: &'a str,
    /// Equal for equal bytes, whatever the record says.
    pub content_hash: Uuid,
}

/// A record that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub line: u64,
    /// The field at fault, when it is one.
    pub field: Option<&'static str>,
    pub reason: String,
    /// Beginning of the record.
    pub excerpt: String,
}

/// Receives what a source holds, in the order of the source. `Break` ends the reading.
pub trait Visit<R: Record> {
    fn record(&mut self, origin: Origin<'_>, record: R::Checked<'_>) -> ControlFlow<()>;
    fn refused(&mut self, refused: Refused) -> ControlFlow<()>;
    /// Called after each record with the bytes read so far.
    fn advanced(&mut self, _bytes_read: u64) {}
}

/// Reads until the stream ends or the visitor breaks off. Never holds more than one record.
///
/// # Errors
/// When the stream cannot be read. Bad records are handed to the visitor instead.
pub fn read<R: Record>(
    input: impl BufRead,
    tenant: &Identity,
    visitor: &mut impl Visit<R>,
) -> io::Result<()> {
    let mut records = Records::new(input)?;
    loop {
        let Some(piece) = records.next()? else {
            return Ok(());
        };
        if visit_piece(&piece, tenant, visitor).is_break() {
            return Ok(());
        }
        visitor.advanced(records.bytes_read());
    }
}

fn visit_piece<R: Record>(
    piece: &Piece<'_>,
    tenant: &Identity,
    visitor: &mut impl Visit<R>,
) -> ControlFlow<()> {
    let refuse = |error: FieldError| Refused {
        line: piece.line,
        field: error.field,
        reason: error.reason,
        excerpt: excerpt(piece.bytes),
    };
    let json = match text(piece) {
        Ok(json) => json,
        Err(error) => return visitor.refused(refuse(error)),
    };
    match R::parse(json, tenant) {
        Ok(record) => {
            let content_hash = content_hash(json);
            visitor.record(Origin { line: piece.line, json, content_hash }, record)
        }
        Err(error) => visitor.refused(refuse(error)),
    }
}

fn text<'a>(piece: &Piece<'a>) -> Result<&'a str, FieldError> {
    if let Some(defect) = piece.defect {
        return Err(FieldError { field: None, reason: defect.into() });
    }
    std::str::from_utf8(piece.bytes)
        .map_err(|_| FieldError { field: None, reason: "is not UTF-8".into() })
}

fn content_hash(json: &str) -> Uuid {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&[MAPPING_VERSION]);
    hasher.update(json.as_bytes());
    let hash = hasher.finalize();
    let (half, _) = hash.as_bytes().split_at(16);
    Uuid::from_slice(half).expect("half of a BLAKE3 hash is 16 bytes")
}

fn excerpt(bytes: &[u8]) -> String {
    // Four bytes are the longest character.
    let head = &bytes[..bytes.len().min(4 * MAX_EXCERPT_CHARS)];
    let text = String::from_utf8_lossy(head);
    text.chars().filter(|letter| *letter != '\0').take(MAX_EXCERPT_CHARS).collect()
}
