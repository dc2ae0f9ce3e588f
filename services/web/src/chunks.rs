//! A file as a body.

use std::fs::File;
use std::io::{self, Read as _};

use bytes::Bytes;
use futures::{Stream, stream};

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// The file in chunks, each read on a thread that may block.
pub fn chunks(file: File) -> impl Stream<Item = io::Result<Bytes>> + Send + Sync {
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
