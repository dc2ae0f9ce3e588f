//! Rows on their way to the database.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use bytes::{Bytes, BytesMut};
use uuid::Uuid;

use super::row::{Row, last_column};

/// Bytes after which a chunk is closed, however few rows it has.
const MAX_CHUNK_BYTES: usize = 8 << 20;
/// Rows of a chunk when one connection loads. Larger ones only add memory.
const ROWS_ALONE: usize = 10_000;
/// Rows of a chunk when several connections share the work.
const ROWS_SHARED: usize = 5_000;

/// Rows that one transaction applies. No key occurs twice.
#[derive(Debug, Default)]
pub struct Chunk {
    pub(super) keys: Vec<String>,
    pub(super) hashes: Vec<Uuid>,
    /// Line of each row in its file.
    pub(super) lines: Vec<u64>,
    /// Where each row ends in `bytes`.
    ends: Vec<usize>,
    bytes: Bytes,
}

impl Chunk {
    pub fn n_rows(&self) -> usize {
        self.keys.len()
    }

    /// The bytes of rows `first..=last`.
    pub(super) fn rows(&self, first: usize, last: usize) -> Bytes {
        let start = first.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.bytes.slice(start..self.ends[last])
    }

    /// The record that a row was made from.
    pub(super) fn raw(&self, position: usize) -> String {
        String::from_utf8_lossy(last_column(&self.rows(position, position))).into_owned()
    }
}

/// Packs rows into chunks, each for one of several connections.
///
/// A key always goes to the same connection, and a key that comes again closes the chunk it is in:
/// so versions of one record are applied in their order.
pub struct Packer {
    open: Vec<Open>,
    max_rows: usize,
    hasher: RandomState,
}

#[derive(Default)]
struct Open {
    chunk: Chunk,
    bytes: BytesMut,
    seen: HashSet<u64>,
}

/// What a row is known by.
#[derive(Clone, Copy, Debug)]
pub struct RowId<'a> {
    pub key: &'a str,
    pub content_hash: Uuid,
    pub line: u64,
}

impl Packer {
    /// For this many connections, at least one.
    pub fn new(n_connections: usize) -> Packer {
        let max_rows = if n_connections > 1 { ROWS_SHARED } else { ROWS_ALONE };
        let open = (0..n_connections.max(1)).map(|_| Open::default()).collect();
        Packer { open, max_rows, hasher: RandomState::new() }
    }

    /// Adds a row. When it does not fit into the chunk at hand, that chunk comes back, with the
    /// number of the connection it is for.
    pub(crate) fn push(
        &mut self,
        id: RowId<'_>,
        n_columns: i16,
        write: impl FnOnce(&mut Row<'_>),
    ) -> Option<(usize, Chunk)> {
        let key_hash = self.hasher.hash_one(id.key);
        let n_open = self.open.len() as u64;
        let connection =
            usize::try_from(key_hash % n_open).expect("below the number of connections");
        let open = &mut self.open[connection];
        let is_full = open.chunk.n_rows() >= self.max_rows || open.bytes.len() >= MAX_CHUNK_BYTES;
        let closed = (is_full || open.seen.contains(&key_hash)).then(|| open.close());
        open.seen.insert(key_hash);
        write(&mut Row::begin(&mut open.bytes, n_columns));
        open.chunk.ends.push(open.bytes.len());
        open.chunk.keys.push(id.key.to_owned());
        open.chunk.hashes.push(id.content_hash);
        open.chunk.lines.push(id.line);
        closed.map(|chunk| (connection, chunk))
    }

    /// The chunks that are left, with their connections.
    pub fn finish(self) -> impl Iterator<Item = (usize, Chunk)> {
        let left = self.open.into_iter().enumerate();
        left.map(|(connection, mut open)| (connection, open.close()))
            .filter(|(_, chunk)| chunk.n_rows() > 0)
    }
}

impl Open {
    fn close(&mut self) -> Chunk {
        self.seen.clear();
        let mut chunk = std::mem::take(&mut self.chunk);
        chunk.bytes = self.bytes.split().freeze();
        chunk
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(packer: &mut Packer, key: &str, line: u64) -> Option<(usize, Chunk)> {
        let id = RowId { key, content_hash: Uuid::nil(), line };
        packer.push(id, 1, |row| {
            row.text(Some(key));
        })
    }

    #[test]
    fn a_key_that_comes_again_closes_its_chunk() {
        let mut packer = Packer::new(1);
        assert!(push(&mut packer, "a", 1).is_none());
        assert!(push(&mut packer, "b", 2).is_none());
        let (_, closed) = push(&mut packer, "a", 3).unwrap();
        assert_eq!(closed.keys, ["a", "b"]);
        assert_eq!((closed.raw(0), closed.raw(1)), ("a".to_owned(), "b".to_owned()));
        assert_eq!(closed.rows(0, 1).len(), 2 * (2 + 4 + 1));
        let left: Vec<_> = packer.finish().map(|(_, chunk)| chunk.lines).collect();
        assert_eq!(left, [[3]]);
    }

    #[test]
    fn chunks_end_at_their_size_and_lose_nothing() {
        let mut packer = Packer::new(2);
        let mut lines = Vec::new();
        let mut homes = std::collections::HashMap::new();
        let mut take = |(connection, chunk): (usize, Chunk)| {
            assert!(chunk.n_rows() <= ROWS_SHARED);
            for (key, line) in chunk.keys.iter().zip(&chunk.lines) {
                lines.push(*line);
                assert_eq!(*homes.entry(key.clone()).or_insert(connection), connection);
            }
        };
        for line in 0..30_000 {
            if let Some(closed) = push(&mut packer, &(line % 20_000).to_string(), line) {
                take(closed);
            }
        }
        packer.finish().for_each(take);
        lines.sort_unstable();
        assert_eq!(lines, (0..30_000).collect::<Vec<_>>());
    }
}
