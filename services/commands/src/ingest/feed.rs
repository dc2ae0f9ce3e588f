//! The reading side: packs what the source hands over, and sends full chunks on.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use psa::read::{Origin, Refused, Visit};
use store::ingest::{Chunk, Packer, RowId};
use store::rejects::Reject;
use tokio::sync::mpsc::Sender;

use super::{Ingest, MAX_REJECTS};

/// What the reader saw.
#[derive(Debug, Default)]
pub(super) struct ReadReport {
    /// Records that could be packed.
    pub(super) n_records: u64,
    pub(super) n_refused: u64,
    /// The first of the refused.
    pub(super) refused: Vec<Reject>,
}

pub(super) struct Feed<I> {
    packer: Packer,
    senders: Vec<Sender<Chunk>>,
    n_bytes: Arc<AtomicU64>,
    report: ReadReport,
    kind: std::marker::PhantomData<fn() -> I>,
}

impl<I: Ingest> Feed<I> {
    pub(super) fn new(senders: Vec<Sender<Chunk>>, n_bytes: Arc<AtomicU64>) -> Feed<I> {
        Feed {
            packer: Packer::new(senders.len()),
            senders,
            n_bytes,
            report: ReadReport::default(),
            kind: std::marker::PhantomData,
        }
    }

    /// Sends what is left and closes the channels.
    pub(super) fn finish(self) -> ReadReport {
        for (connection, chunk) in self.packer.finish() {
            if send(&self.senders, connection, chunk).is_break() {
                break;
            }
        }
        self.report
    }
}

/// Waits until the connection has room; breaks off when it is gone.
fn send(senders: &[Sender<Chunk>], connection: usize, chunk: Chunk) -> ControlFlow<()> {
    match senders[connection].blocking_send(chunk) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    }
}

impl<I: Ingest> Visit<I::Record> for Feed<I> {
    fn record(
        &mut self,
        origin: Origin<'_>,
        record: <I::Record as psa::Record>::Checked<'_>,
    ) -> ControlFlow<()> {
        self.report.n_records += 1;
        let id =
            RowId { key: I::key(&record), content_hash: origin.content_hash, line: origin.line };
        match I::pack(&mut self.packer, id, &record, origin.json) {
            Some((connection, chunk)) => send(&self.senders, connection, chunk),
            None => ControlFlow::Continue(()),
        }
    }

    fn refused(&mut self, refused: Refused) -> ControlFlow<()> {
        self.report.n_refused += 1;
        if self.report.refused.len() < MAX_REJECTS {
            self.report.refused.push(Reject {
                line: refused.line,
                field: refused.field.map(str::to_owned),
                reason: refused.reason,
                excerpt: refused.excerpt,
            });
        }
        ControlFlow::Continue(())
    }

    fn advanced(&mut self, bytes_read: u64) {
        self.n_bytes.store(bytes_read, Ordering::Relaxed);
    }
}
