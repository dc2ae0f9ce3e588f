//! The framing of PostgreSQL's binary COPY: a header, rows of length-prefixed fields, a trailer.
//! The server sends one row per message; the first message carries the header too.

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
/// Signature, flags, and the length of a header extension that is always empty.
const HEADER_BYTES: usize = SIGNATURE.len() + 8;

/// Takes the header off the first message.
pub(crate) fn skip_header(message: &[u8]) -> Result<&[u8], String> {
    if message.len() < HEADER_BYTES || !message.starts_with(SIGNATURE) {
        return Err("the stream does not begin like a binary copy".into());
    }
    Ok(&message[HEADER_BYTES..])
}

/// The fields of one row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// The first row of `message`, which must have `n_columns` fields. `None` at the trailer, or
    /// when nothing is left.
    pub(crate) fn first(message: &'a [u8], n_columns: usize) -> Result<Option<Self>, String> {
        let Some((count, rest)) = message.split_first_chunk::<2>() else {
            return Ok(None);
        };
        match i16::from_be_bytes(*count) {
            -1 => Ok(None),
            count if usize::try_from(count) == Ok(n_columns) => Ok(Some(Self { rest })),
            count => Err(format!("a row has {count} fields instead of {n_columns}")),
        }
    }

    /// The next field; `None` is SQL's null.
    pub(crate) fn next(&mut self) -> Result<Option<&'a [u8]>, String> {
        let cut_off = || "a row is cut off".to_owned();
        let (length, rest) = self.rest.split_first_chunk::<4>().ok_or_else(cut_off)?;
        self.rest = rest;
        let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
            return Ok(None);
        };
        let (field, rest) = self.rest.split_at_checked(length).ok_or_else(cut_off)?;
        self.rest = rest;
        Ok(Some(field))
    }

    /// What follows the row in its message.
    pub(crate) fn rest(self) -> &'a [u8] {
        self.rest
    }
}
