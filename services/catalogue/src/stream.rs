//! Parses an answer while it comes in, with memory that does not grow with its length.

use std::io::{self, Read};

use bytes::{Buf as _, Bytes};
use reqwest::Response;
use tokio::sync::mpsc;
use tokio::task;

use crate::Error;
use crate::fetch::next_chunk;

/// Pieces between network and parser, of some kilobytes each.
const MAX_WAITING_CHUNKS: usize = 16;

/// Runs `parse` on a thread that may block, fed from the network.
pub(crate) async fn read_streamed<T: Send + 'static>(
    mut response: Response,
    url: &str,
    limit_bytes: u64,
    parse: impl FnOnce(&mut dyn Read) -> serde_json::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let (sender, chunks) = mpsc::channel(MAX_WAITING_CHUNKS);
    let parser = task::spawn_blocking(move || {
        parse(&mut io::BufReader::new(Chunks { chunks, current: Bytes::new() }))
    });
    let fed = feed(&mut response, url, limit_bytes, &sender).await;
    // This is the end of the parser's input. It must have stopped before the caller goes on.
    drop(sender);
    let parsed = parser.await;
    fed?;
    let unreadable = |reason| Error::Unreadable { url: url.into(), reason };
    match parsed {
        Ok(parsed) => parsed.map_err(|error| unreadable(error.to_string())),
        Err(panic) => Err(unreadable(panic.to_string())),
    }
}

async fn feed(
    response: &mut Response,
    url: &str,
    limit_bytes: u64,
    sender: &mpsc::Sender<Bytes>,
) -> Result<(), Error> {
    let mut n_bytes = 0;
    while let Some(chunk) = next_chunk(response, url).await? {
        n_bytes += chunk.len() as u64;
        if n_bytes > limit_bytes {
            return Err(Error::TooLarge { url: url.into(), limit_bytes });
        }
        // The parser is gone when it has given up: its error tells why.
        if sender.send(chunk).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

/// The receiving end, as blocking input.
struct Chunks {
    chunks: mpsc::Receiver<Bytes>,
    current: Bytes,
}

impl Read for Chunks {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            match self.chunks.blocking_recv() {
                Some(chunk) => self.current = chunk,
                None => return Ok(0),
            }
        }
        let n_bytes = buffer.len().min(self.current.len());
        self.current.copy_to_slice(&mut buffer[..n_bytes]);
        Ok(n_bytes)
    }
}
