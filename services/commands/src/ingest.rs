//! What `ingest.tickets` and `ingest.time_entries` have in common: from a located file, over a
//! reading thread and a channel per connection, into the store.

mod feed;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::try_join_all;
use psa::Kind;
use psa::mock::{self, Located};
use serde_json::{Value, json};
use store::ingest::{Chunk, Loader, Packer, RowId, Scope, Target};
use store::rejects::{self, Reject, RejectOrigin};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{Context, Failure};
use feed::{Feed, ReadReport};

/// A kind of record: where it comes from, and where it goes.
pub(crate) trait Ingest: Send + 'static {
    type Record: psa::Record;
    type Target: Target;

    fn pack(
        packer: &mut Packer,
        id: RowId<'_>,
        record: &<Self::Record as psa::Record>::Checked<'_>,
        json: &str,
    ) -> Option<(usize, Chunk)>;

    fn key<'a>(record: &'a <Self::Record as psa::Record>::Checked<'_>) -> &'a str;
}

/// The source's name, part of every record's key.
const SOURCE: &str = "mock";
/// Connections that share a large load: two use both cores of a small machine, more gain little.
const N_CONNECTIONS: usize = 2;
/// Files below this size are loaded over one connection: opening another takes longer.
const SMALL_FILE_BYTES: u64 = 1 << 20;
/// Chunks that wait for each connection. Memory is what is on its way, whatever the file's size.
const CHUNKS_WAITING: usize = 1;
/// Inserted rows after which the planner's statistics are renewed.
const ANALYZE_AFTER: u64 = 10_000;
/// Rejects that are kept; all are counted.
const MAX_REJECTS: usize = 1_000;
/// Pause before looking again whether another load of the same records has ended.
const BUSY_PAUSE: Duration = Duration::from_secs(5);

/// What a load did.
#[derive(Debug, Default)]
struct Outcome {
    inserted: u64,
    updated: u64,
    unchanged: u64,
    faults: Vec<Reject>,
    n_faults: u64,
}

/// Loads a tenant's records of one kind; the result counts them.
pub(crate) async fn ingest<I: Ingest>(tenant_id: Uuid, context: Context) -> Result<Value, Failure> {
    let kind = <I::Record as psa::Record>::KIND;
    let located = locate(&context, kind, tenant_id).await?;
    let scope = Scope { tenant_id, source: SOURCE };
    let n_connections = if located.size_bytes < SMALL_FILE_BYTES { 1 } else { N_CONNECTIONS };
    let opened = store::ingest::open::<I::Target>(&context.store, scope, n_connections).await?;
    let Some(mut loaders) = opened else {
        let reason = format!("another load of this tenant's {} is running", kind.name());
        return Err(Failure::Postpone { after: BUSY_PAUSE, reason });
    };
    let loaded = load::<I>(&context, &located, &mut loaders).await;
    // Before anything else: whoever sees this load end may start the next.
    let closed = store::ingest::close(loaders).await;
    let (report, outcome) = loaded?;
    closed?;
    let n_rejected = report.n_refused + outcome.n_faults;
    let mut kept = report.refused;
    kept.extend(outcome.faults);
    kept.truncate(MAX_REJECTS);
    let origin =
        RejectOrigin { kind: kind.name(), file: &located.name, command_id: context.command_id };
    rejects::record(&mut context.store.client().await?, scope, origin, &kept).await?;
    Ok(json!({
        "source": SOURCE,
        "file": located.name,
        "read": report.n_records + report.n_refused,
        "inserted": outcome.inserted,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "rejected": n_rejected,
        "rejects": kept.iter().take(10).map(describe).collect::<Vec<_>>(),
    }))
}

fn describe(reject: &Reject) -> Value {
    json!({"line": reject.line, "field": reject.field, "reason": reject.reason})
}

async fn locate(context: &Context, kind: Kind, tenant_id: Uuid) -> Result<Located, Failure> {
    let root = context.folders.mock_data.clone();
    blocking(move || mock::locate(&root, kind, tenant_id)).await?.map_err(unreadable)
}

/// Reads and applies side by side: a thread parses, each connection applies its own chunks.
async fn load<I: Ingest>(
    context: &Context,
    located: &Located,
    loaders: &mut [Loader<I::Target>],
) -> Result<(ReadReport, Outcome), Failure> {
    let n_bytes = Arc::new(AtomicU64::new(0));
    let (senders, receivers): (Vec<_>, Vec<_>) =
        loaders.iter().map(|_| mpsc::channel(CHUNKS_WAITING)).unzip();
    let mut feed = Feed::<I>::new(senders, n_bytes.clone());
    let file = located.clone();
    let reading = blocking(move || mock::read_file(&file, &mut feed).map(|()| feed.finish()));
    let n_done = AtomicU64::new(0);
    let progress =
        Progress { context, n_done: &n_done, n_bytes: &n_bytes, total: located.size_bytes };
    let applying = try_join_all(
        loaders.iter_mut().zip(receivers).map(|(loader, chunks)| apply(loader, chunks, &progress)),
    );
    // A failed connection drops the receivers, and the reader stops at its next chunk.
    let (report, outcomes) = tokio::join!(reading, applying);
    let outcome = outcomes?.into_iter().fold(Outcome::default(), Outcome::with);
    let report = report?.map_err(unreadable)?;
    if outcome.inserted > ANALYZE_AFTER
        && let Some(loader) = loaders.first()
    {
        loader.analyze().await?;
    }
    Ok((report, outcome))
}

struct Progress<'a> {
    context: &'a Context,
    n_done: &'a AtomicU64,
    n_bytes: &'a AtomicU64,
    total: u64,
}

async fn apply<T: Target>(
    loader: &mut Loader<T>,
    mut chunks: mpsc::Receiver<Chunk>,
    progress: &Progress<'_>,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::default();
    while let Some(chunk) = chunks.recv().await {
        progress.context.check()?;
        let applied = loader.apply(&chunk).await?;
        outcome.inserted += applied.inserted;
        outcome.updated += applied.updated;
        outcome.unchanged += applied.unchanged;
        outcome.n_faults += applied.faults.len() as u64;
        let faults = applied.faults.into_iter().map(|fault| Reject {
            line: fault.line,
            field: None,
            reason: fault.reason,
            excerpt: fault.raw,
        });
        let n_free = MAX_REJECTS - outcome.faults.len();
        outcome.faults.extend(faults.take(n_free));
        let n_rows = chunk.n_rows() as u64;
        let n_done = progress.n_done.fetch_add(n_rows, Ordering::Relaxed) + n_rows;
        let n_bytes = progress.n_bytes.load(Ordering::Relaxed);
        let message = format!("{n_done} records, {n_bytes} of {} bytes read", progress.total);
        progress.context.progress(n_bytes, Some(progress.total), message);
    }
    Ok(outcome)
}

impl Outcome {
    fn with(mut self, other: Outcome) -> Outcome {
        self.inserted += other.inserted;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.n_faults += other.n_faults;
        self.faults.extend(other.faults);
        self
    }
}

/// A missing file or a broken `tenants.json` stays so; a file that cannot be read may come back.
fn unreadable(error: psa::Error) -> Failure {
    match error {
        psa::Error::Io { .. } => Failure::retry(error),
        psa::Error::NotFound { .. } | psa::Error::Invalid { .. } => Failure::reject(error),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(Failure::retry)
}
