//! Begins, watches and ends batches.

use std::pin::pin;

use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{Progress, Run, RunState};
use crate::catalogue::Reader;
use crate::{Client, Error, Result};

/// A batch to begin.
#[derive(Clone, Copy, Debug)]
pub struct NewRun<'a> {
    /// The id of its command.
    pub id: Uuid,
    /// `full` or `hybrid`.
    pub mode: &'a str,
    pub set_id: Option<&'a str>,
    /// What was asked for.
    pub requested: &'a Value,
}

/// What [`create`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    New,
    /// The command ran before: go on where it was.
    Existing(RunState),
}

const COLUMNS: &str = "
    id, mode, set_id, requested, state, started_at, finished_at, cards_targeted, cards_succeeded,
    cards_failed, cards_skipped, cards_deferred, calls_spent, stop_reason, report";

/// Begins a batch with its items, card and set of each in the order of their turn; all or nothing.
/// A batch that exists keeps its own items.
///
/// # Errors
/// [`Error::is_data`] when a card comes twice.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn create(
    client: &mut Client,
    run: &NewRun<'_>,
    items: &[(i64, &str)],
) -> Result<Created> {
    let transaction = client.transaction().await?;
    let n_items = i32::try_from(items.len())
        .map_err(|_| Error::Invalid(format!("{} cards are too many for a batch", items.len())))?;
    let insert = "
        insert into batch_runs (id, mode, set_id, requested, cards_targeted)
        values ($1, $2, $3, $4, $5) on conflict (id) do nothing";
    let inserted = transaction
        .execute(insert, &[&run.id, &run.mode, &run.set_id, &run.requested, &n_items])
        .await?;
    if inserted == 0 {
        let statement = "select state from batch_runs where id = $1";
        let row = transaction.query_one(statement, &[&run.id]).await?;
        return Ok(Created::Existing(Reader::new(&row).word()?));
    }
    let copy = "copy batch_items (batch_id, card_id, set_id, position) from stdin (format binary)";
    let sink = transaction.copy_in(copy).await?;
    let types = [Type::UUID, Type::INT8, Type::TEXT, Type::INT4];
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &types));
    for (position, (card_id, set_id)) in (0_i32..).zip(items) {
        writer.as_mut().write(&[&run.id, card_id, set_id, &position]).await?;
    }
    writer.finish().await?;
    transaction.batch_execute("select analyze_cards('batch_items')").await?;
    transaction.commit().await?;
    Ok(Created::New)
}

/// One batch.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn get(client: &Client, id: Uuid) -> Result<Option<Run>> {
    let statement = format!("select {COLUMNS} from batch_runs where id = $1");
    client.query_opt(&statement, &[&id]).await?.as_ref().map(run).transpose()
}

/// Newest first, older than `before`.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn list(client: &Client, before: Option<Uuid>, limit: i64) -> Result<Vec<Run>> {
    let statement = format!(
        "select {COLUMNS} from batch_runs where $1::uuid is null or id < $1
         order by id desc limit $2"
    );
    client.query(&statement, &[&before, &limit]).await?.iter().map(run).collect()
}

/// Batches that have not ended, oldest first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn running(client: &Client) -> Result<Vec<Run>> {
    let statement = format!(
        "select {COLUMNS} from batch_runs where state in ('planning', 'running', 'stopping')
         order by id"
    );
    client.query(&statement, &[]).await?.iter().map(run).collect()
}

const COUNTS: &str = "
    select count(*) as targeted,
           count(*) filter (where state = 'pending') as pending,
           count(*) filter (where state = 'queued') as queued,
           count(*) filter (where state = 'succeeded') as succeeded,
           count(*) filter (where state = 'failed') as failed,
           count(*) filter (where state = 'skipped') as skipped,
           count(*) filter (where state = 'deferred') as deferred,
           count(*) filter (where state = 'stopped') as stopped,
           coalesce(sum(calls), 0)::bigint as calls,
           count(*) filter (where state in ('succeeded', 'failed')
                            and finished_at > clock_timestamp() - interval '1 minute') as n_recent,
           least(extract(epoch from clock_timestamp() - min(finished_at)
                 filter (where finished_at > clock_timestamp() - interval '1 minute')), 60)::float8
               as recent_seconds
    from batch_items where batch_id = $1";

/// How far a batch has come; `None` when there is none. Changes nothing.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn progress(client: &Client, id: Uuid) -> Result<Option<Progress>> {
    let statement = format!("select r.state, n.* from batch_runs r, ({COUNTS}) n where r.id = $1");
    let statement = client.prepare_cached(&statement).await?;
    client.query_opt(&statement, &[&id]).await?.as_ref().map(read_progress).transpose()
}

/// As [`progress`], and copies the counters to the batch, for those who only look there.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn refresh(client: &Client, id: Uuid) -> Result<Option<Progress>> {
    let statement = format!(
        "with n as ({COUNTS}), copied as (
            update batch_runs r set cards_succeeded = n.succeeded, cards_failed = n.failed,
                cards_skipped = n.skipped, cards_deferred = n.deferred, calls_spent = n.calls
            from n
            where r.id = $1
              and (r.cards_succeeded, r.cards_failed, r.cards_skipped, r.cards_deferred,
                   r.calls_spent) <> (n.succeeded, n.failed, n.skipped, n.deferred, n.calls)
        )
        select r.state, n.* from batch_runs r, n where r.id = $1"
    );
    let statement = client.prepare_cached(&statement).await?;
    client.query_opt(&statement, &[&id]).await?.as_ref().map(read_progress).transpose()
}

/// Tells a batch to stop: what is pending is closed at once, what is queued still ends. Returns how
/// many items were closed, `None` when the batch does not run.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn stop(client: &Client, id: Uuid, reason: &str) -> Result<Option<i64>> {
    let statement = "
        with run as (
            update batch_runs set state = 'stopping', stop_reason = $2
            where id = $1 and state in ('planning', 'running') returning id
        ), item as (
            update batch_items i set state = 'stopped', detail = $2, finished_at = clock_timestamp()
            from run where i.batch_id = run.id and i.state = 'pending' returning 1
        )
        select (select count(*) from item) from run";
    Ok(client.query_opt(statement, &[&id, &reason]).await?.map(|row| row.get(0)))
}

/// Lets a batch that has ended, or was told to, go on with what was stopped or deferred. Returns how
/// many items that are, `None` when it runs.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn resume(client: &Client, id: Uuid) -> Result<Option<i64>> {
    let statement = "
        with run as (
            update batch_runs set state = 'running', stop_reason = null, finished_at = null
            where id = $1 and state in ('stopping', 'stopped', 'finished') returning id
        ), item as (
            update batch_items i
            set state = 'pending', detail = null, finished_at = null, command_id = null
            from run where i.batch_id = run.id and i.state in ('stopped', 'deferred') returning 1
        )
        select (select count(*) from item) from run";
    Ok(client.query_opt(statement, &[&id]).await?.map(|row| row.get(0)))
}

/// Ends a batch whose items have all ended, with its report. `false` when some are still open, or
/// it has ended before.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn finish(client: &Client, id: Uuid, report: &Value) -> Result<bool> {
    let statement = format!(
        "with n as ({COUNTS})
         update batch_runs r set
            state = case r.state when 'stopping' then 'stopped' else 'finished' end,
            finished_at = clock_timestamp(), report = $2, cards_succeeded = n.succeeded,
            cards_failed = n.failed, cards_skipped = n.skipped, cards_deferred = n.deferred,
            calls_spent = n.calls
         from n
         where r.id = $1 and r.state in ('planning', 'running', 'stopping')
           and n.pending + n.queued = 0"
    );
    Ok(client.execute(&statement, &[&id, &report]).await? == 1)
}

fn read_progress(row: &Row) -> Result<Progress> {
    let mut reader = Reader::new(row);
    let mut progress = Progress {
        state: reader.word()?,
        targeted: reader.get(),
        pending: reader.get(),
        queued: reader.get(),
        succeeded: reader.get(),
        failed: reader.get(),
        skipped: reader.get(),
        deferred: reader.get(),
        stopped: reader.get(),
        calls: reader.get(),
        per_second: 0.0,
    };
    let n_recent = u32::try_from(reader.get::<i64>()).unwrap_or(u32::MAX);
    let seconds: Option<f64> = reader.get();
    // A batch of a few seconds would otherwise seem sixty times slower than it is.
    progress.per_second = f64::from(n_recent) / seconds.unwrap_or(60.0).max(1.0);
    Ok(progress)
}

fn run(row: &Row) -> Result<Run> {
    let mut reader = Reader::new(row);
    Ok(Run {
        id: reader.get(),
        mode: reader.get(),
        set_id: reader.get(),
        requested: reader.get(),
        state: reader.word()?,
        started_at: reader.get(),
        finished_at: reader.get(),
        cards_targeted: reader.get(),
        cards_succeeded: reader.get(),
        cards_failed: reader.get(),
        cards_skipped: reader.get(),
        cards_deferred: reader.get(),
        calls_spent: reader.get(),
        stop_reason: reader.get(),
        report: reader.get(),
    })
}
