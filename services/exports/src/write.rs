//! From an asynchronous stream of COPY messages to the thread that writes.

use bytes::Bytes;
use futures::{Stream, StreamExt};
use tokio::sync::mpsc::{Receiver, channel, error::SendError};
use tokio::task::spawn_blocking;

use crate::{Error, Result, TableFiles, TableWriter};

/// Rows that are handed over at once: fewer wake the thread too often.
const BATCH_ROWS: usize = 1_024;
/// Batches between the two sides; memory stays flat.
const BATCHES_AHEAD: usize = 4;

/// Why a table was not written. Drop the run then: nothing of it is published.
#[derive(Debug, thiserror::Error)]
pub enum Stopped<E> {
    /// The stream ended with an error.
    #[error(transparent)]
    Source(E),
    /// The files could not be written.
    #[error(transparent)]
    Files(#[from] Error),
}

/// Writes one table from the messages of its binary `COPY … TO STDOUT`, whose columns are those of
/// the table in that order, and whose rows come in the order of days. `seen` hears the number of
/// rows of each batch.
///
/// A text that a spreadsheet would run as a formula (first character `=`, `+`, `-`, `@`, a tab, a
/// line break, or a full-width form of these) gets an apostrophe in front, as does one that begins
/// with an apostrophe; taking one apostrophe off gives the original back.
///
/// # Errors
/// [`Stopped`]; also when the returned future is dropped, nothing is published.
pub async fn write_table<S, E>(
    writer: TableWriter,
    rows: S,
    mut seen: impl FnMut(u64),
) -> Result<TableFiles, Stopped<E>>
where
    S: Stream<Item = Result<Bytes, E>>,
{
    let (batches, queue) = channel(BATCHES_AHEAD);
    let table = writer.table();
    let thread = spawn_blocking(move || write(writer, queue));
    let mut rows = std::pin::pin!(rows.chunks(BATCH_ROWS));
    while let Some(chunk) = rows.next().await {
        let batch: Vec<Bytes> =
            chunk.into_iter().collect::<Result<_, E>>().map_err(Stopped::Source)?;
        let n_rows = batch.len() as u64;
        if let Err(SendError(_)) = batches.send(batch).await {
            break;
        }
        seen(n_rows);
    }
    drop(batches);
    match thread.await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(result) => Ok(result?),
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The program is ending.
        Err(Err(error)) => Err(Error::at(table.name.as_ref())(std::io::Error::other(error)).into()),
    }
}

fn write(mut writer: TableWriter, mut queue: Receiver<Vec<Bytes>>) -> Result<TableFiles> {
    while let Some(batch) = queue.blocking_recv() {
        batch.iter().try_for_each(|message| writer.message(message))?;
    }
    writer.finish()
}
