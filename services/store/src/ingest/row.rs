//! PostgreSQL's binary COPY format, written by hand: one buffer, no allocation per value.

use bytes::{BufMut, BytesMut};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use uuid::Uuid;

/// Signature, flags and the length of an empty extension.
pub(super) const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
pub(super) const TRAILER: &[u8] = &[0xFF, 0xFF];

/// Microseconds from the Unix epoch to PostgreSQL's, 2000-01-01.
const EPOCH_US: i64 = 946_684_800_000_000;
/// Type number of `timestamptz`.
const TIMESTAMPTZ: i32 = 1184;

/// Writes one row; call one method per column, in order.
pub struct Row<'a> {
    buffer: &'a mut BytesMut,
}

impl<'a> Row<'a> {
    pub(super) fn begin(buffer: &'a mut BytesMut, n_columns: i16) -> Row<'a> {
        buffer.put_i16(n_columns);
        Row { buffer }
    }

    /// A `text` column, whatever the value is formatted from.
    pub fn text(&mut self, value: Option<&str>) -> &mut Self {
        self.bytes(value.map(str::as_bytes))
    }

    pub fn uuid(&mut self, value: Uuid) -> &mut Self {
        self.bytes(Some(value.as_bytes()))
    }

    pub fn bool(&mut self, value: Option<bool>) -> &mut Self {
        self.bytes(value.map(|value| [u8::from(value)]).as_ref().map(<[u8; 1]>::as_slice))
    }

    pub fn int2(&mut self, value: i16) -> &mut Self {
        self.bytes(Some(&value.to_be_bytes()))
    }

    pub fn int4(&mut self, value: i32) -> &mut Self {
        self.bytes(Some(&value.to_be_bytes()))
    }

    /// A `text` column that the statement casts: binary `numeric` would need more code than it
    /// saves time.
    pub fn decimal(&mut self, value: Option<Decimal>) -> &mut Self {
        self.text(value.map(|value| value.to_string()).as_deref())
    }

    pub fn instant(&mut self, value: Option<Timestamp>) -> &mut Self {
        let value = value.map(|value| microseconds(value).to_be_bytes());
        self.bytes(value.as_ref().map(<[u8; 8]>::as_slice))
    }

    pub fn day(&mut self, value: Date) -> &mut Self {
        let days = (value - date(2000, 1, 1)).get_days();
        self.int4(days)
    }

    /// A `timestamptz[]` column; an empty list becomes null.
    pub fn instants(&mut self, values: &[Timestamp]) -> &mut Self {
        let Ok(n_values) = i32::try_from(values.len()) else { return self.bytes(None) };
        if n_values == 0 {
            return self.bytes(None);
        }
        self.buffer.put_i32(20 + 12 * n_values);
        // One dimension, no nulls, the type, the length, indexes from 1.
        for part in [1, 0, TIMESTAMPTZ, n_values, 1] {
            self.buffer.put_i32(part);
        }
        for value in values {
            self.buffer.put_i32(8);
            self.buffer.put_i64(microseconds(*value));
        }
        self
    }

    fn bytes(&mut self, value: Option<&[u8]>) -> &mut Self {
        let Some(value) = value else {
            self.buffer.put_i32(-1);
            return self;
        };
        let length = i32::try_from(value.len()).expect("records are capped at a few MiB");
        self.buffer.put_i32(length);
        self.buffer.put_slice(value);
        self
    }
}

fn microseconds(instant: Timestamp) -> i64 {
    instant.as_microsecond() - EPOCH_US
}

/// The last column of a row, as text: our rows end with the raw record.
pub(super) fn last_column(row: &[u8]) -> &[u8] {
    let mut rest = row.get(2..).unwrap_or_default();
    let mut last: &[u8] = &[];
    while let Some((length, tail)) = rest.split_first_chunk::<4>() {
        let n_bytes = usize::try_from(i32::from_be_bytes(*length)).unwrap_or(0);
        (last, rest) = tail.split_at(n_bytes.min(tail.len()));
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_as_postgresql_reads_them() {
        let mut buffer = BytesMut::new();
        let instant: Timestamp = "2000-01-01T00:00:01Z".parse().unwrap();
        Row::begin(&mut buffer, 5)
            .day(date(1999, 12, 31))
            .instant(Some(instant))
            .bool(None)
            .instants(&[instant])
            .text(Some("raw"));
        let expected = [
            &[0, 5][..],
            &[0, 0, 0, 4, 255, 255, 255, 255],
            &[0, 0, 0, 8, 0, 0, 0, 0, 0, 0x0F, 0x42, 0x40],
            &[255, 255, 255, 255],
            &[0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4, 160, 0, 0, 0, 1, 0, 0, 0, 1],
            &[0, 0, 0, 8, 0, 0, 0, 0, 0, 0x0F, 0x42, 0x40],
            &[0, 0, 0, 3, b'r', b'a', b'w'],
        ];
        assert_eq!(buffer, expected.concat());
        assert_eq!(last_column(&buffer), b"raw");
    }
}
