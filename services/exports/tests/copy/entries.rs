//! Time entries as the server would send them: COPY messages made by hand.

use bytes::Bytes;
use uuid::{Uuid, uuid};

pub(crate) const TENANT: Uuid = uuid!("550e8400-e29b-41d4-a716-446655440000");
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: &[u8] = &[0xff, 0xff];

/// What tells entries apart; the rest is the same in all of them.
pub(crate) struct Entry<'a> {
    /// Days since 2000-01-01.
    pub(crate) day: i32,
    pub(crate) id: &'a str,
    pub(crate) member: &'a str,
    pub(crate) work_type: &'a str,
    pub(crate) minutes: i32,
}

impl Entry<'_> {
    pub(crate) fn row(&self) -> Vec<u8> {
        let mut row = 10_i16.to_be_bytes().to_vec();
        field(&mut row, Some(TENANT.as_bytes()));
        field(&mut row, Some(&self.day.to_be_bytes()));
        field(&mut row, Some(self.id.as_bytes()));
        field(&mut row, Some(b"mock"));
        field(&mut row, None);
        field(&mut row, Some(self.member.as_bytes()));
        field(&mut row, Some(self.work_type.as_bytes()));
        field(&mut row, Some(&[1]));
        field(&mut row, Some(&[0]));
        field(&mut row, Some(&self.minutes.to_be_bytes()));
        row
    }
}

fn field(row: &mut Vec<u8>, value: Option<&[u8]>) {
    match value {
        None => row.extend((-1_i32).to_be_bytes()),
        Some(value) => {
            row.extend(i32::try_from(value.len()).unwrap().to_be_bytes());
            row.extend(value);
        }
    }
}

/// The messages of a COPY of `rows`: the first carries the header, the last is the trailer.
pub(crate) fn messages(rows: &[Vec<u8>]) -> Vec<Result<Bytes, String>> {
    let mut messages: Vec<Vec<u8>> = rows.to_vec();
    messages.push(TRAILER.to_vec());
    messages[0].splice(0..0, HEADER.iter().copied());
    messages.into_iter().map(|message| Ok(message.into())).collect()
}
