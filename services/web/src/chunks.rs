//! A file as a body.

use std::io::{self, Read};

use bytes::Bytes;
use futures::{Stream, stream};

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// A file, or a part of one, in chunks, each read on a thread that may block.
pub fn chunks<F>(file: F) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync
where
    F: Read + Send + Sync + 'static,
{
    stream::try_unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK_BYTES];
            let n_bytes = file.read(&mut chunk)?;
            chunk.truncate(n_bytes);
            Ok((!chunk.is_empty()).then(|| (Bytes::from(chunk), file)))
        });
        read.await.map_err(io::Error::other)?
    })
}
