//! Reads commands, and changes them on somebody's order: cancel, retry.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use crate::{Client, Result, again::again};

/// A command as people see it.
#[derive(Clone, Debug, Serialize)]
pub struct CommandRow {
    pub id: Uuid,
    /// Dotted name; its first segment is the lane.
    pub name: String,
    /// `queued`, `running`, `succeeded`, `retrying`, `postponed`, `cancelled` or `dead`.
    pub status: String,
    pub tenant_id: Option<Uuid>,
    pub payload: Value,
    pub result: Option<Value>,
    pub error: Option<String>,
    /// `{"done", "total", "message"}` while it runs.
    pub progress: Option<Value>,
    /// Runs that count against the limit.
    pub attempt: i32,
    pub cancel_requested: bool,
    pub created_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// Told when the command ends. Its query may hold a key: it is not for people.
    #[serde(skip)]
    pub callback_url: Option<String>,
    /// The command that tells of the newest end.
    pub callback_id: Option<Uuid>,
}

impl CommandRow {
    /// Who is told when it ends, for people: the address without its query.
    pub fn callback_shown(&self) -> Option<&str> {
        self.callback_url.as_deref()?.split(['?', '#']).next()
    }
}

/// One attempt that did not simply succeed.
#[derive(Clone, Debug, Serialize)]
pub struct Attempt {
    pub attempt: i32,
    /// `retrying`, `postponed`, `dead` or `cancelled`.
    pub outcome: String,
    pub detail: Option<String>,
    pub worker: Option<String>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Timestamp,
}

/// Which commands to list; `None` is no restriction.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// A full name, or a lane.
    pub name: Option<String>,
    pub status: Option<String>,
    pub tenant_id: Option<Uuid>,
    /// Accepted at or after this instant.
    pub from: Option<Timestamp>,
    /// Accepted before this instant.
    pub to: Option<Timestamp>,
    /// Only commands older than this one: the last id of the page before.
    pub before: Option<Uuid>,
    pub limit: i64,
}

/// What became of an order to change a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is done.
    Done,
    /// A running command was asked to stop; it will at its next safe point.
    Requested,
    /// There is no such command.
    Missing,
    /// Its status does not allow it.
    Refused,
}

const COLUMNS: &str = "id, name, status, tenant_id, payload, result, error, progress, attempt, \
                       cancel_requested, created_at, started_at, finished_at, callback_url, \
                       callback_id";

/// One command.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn get(client: &Client, id: Uuid) -> Result<Option<CommandRow>> {
    let statement =
        client.prepare_cached(&format!("select {COLUMNS} from commands where id = $1")).await?;
    Ok(client.query_opt(&statement, &[&id]).await?.as_ref().map(command))
}

/// Several commands at once, in no order.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn get_many(client: &Client, ids: &[Uuid]) -> Result<Vec<CommandRow>> {
    let statement = client
        .prepare_cached(&format!("select {COLUMNS} from commands where id = any($1)"))
        .await?;
    Ok(client.query(&statement, &[&ids]).await?.iter().map(command).collect())
}

/// Newest first. Ids are time-ordered, so the primary key serves every page.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn list(client: &Client, filter: &Filter) -> Result<Vec<CommandRow>> {
    let statement = format!(
        "select {COLUMNS} from commands
         where ($1::text is null or name = $1 or name like $1 || '.%')
           and ($2::text is null or status = $2)
           and ($3::uuid is null or tenant_id = $3)
           and ($4::uuid is null or id >= $4)
           and ($5::uuid is null or id < $5)
           and ($6::uuid is null or id < $6)
         order by id desc limit $7"
    );
    let from = filter.from.map(smallest_id);
    let to = filter.to.map(smallest_id);
    let params: [&(dyn ToSql + Sync); 7] = [
        &filter.name,
        &filter.status,
        &filter.tenant_id,
        &from,
        &to,
        &filter.before,
        &filter.limit,
    ];
    Ok(client.query(&statement, &params).await?.iter().map(command).collect())
}

/// The attempts of one command, oldest first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn attempts(client: &Client, id: Uuid) -> Result<Vec<Attempt>> {
    let statement = "select attempt, outcome, detail, worker, started_at, finished_at
                     from attempts where command_id = $1 order by attempt";
    let rows = client.query(statement, &[&id]).await?;
    Ok(rows
        .iter()
        .map(|row| Attempt {
            attempt: row.get(0),
            outcome: row.get(1),
            detail: row.get(2),
            worker: row.get(3),
            started_at: row.get(4),
            finished_at: row.get(5),
        })
        .collect())
}

/// Cancels a waiting command at once, and asks a running one to stop.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn cancel(client: &Client, id: Uuid) -> Result<Changed> {
    let statement = "
        update commands
        set status = case when status = 'running' then status else 'cancelled' end,
            finished_at = case when status = 'running' then finished_at
                               else clock_timestamp() end,
            cancel_requested = true
        where id = $1 and status in ('queued', 'running', 'retrying', 'postponed')
        returning status, pg_notify('cancel', id::text),
                  case when waited and status = 'cancelled' then pg_notify('done', id::text) end";
    match client.query_opt(statement, &[&id]).await? {
        Some(row) if row.get::<_, String>(0) == "running" => Ok(Changed::Requested),
        Some(_) => Ok(Changed::Done),
        None => missing_or_refused(client, id).await,
    }
}

/// Keeps how far a run has come, for a later one that goes on from there.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn checkpoint(client: &Client, id: Uuid, attempt: i32, progress: &Value) -> Result<()> {
    let statement = "update commands set progress = $3
                     where id = $1 and attempt = $2 and status = 'running'";
    client.execute(statement, &[&id, &attempt, progress]).await?;
    Ok(())
}

/// Queues a command that is dead, cancelled, retrying or postponed again, now and with all its
/// attempts before it.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn retry(client: &Client, id: Uuid) -> Result<Changed> {
    let again = again("id = $1 and status in ('dead', 'cancelled', 'retrying', 'postponed')");
    let statement = format!("with {again} select pg_notify('outbox', '') from again");
    match client.query_opt(&statement, &[&id]).await? {
        Some(_) => Ok(Changed::Done),
        None => missing_or_refused(client, id).await,
    }
}

async fn missing_or_refused(client: &Client, id: Uuid) -> Result<Changed> {
    let found = client.query_opt("select from commands where id = $1", &[&id]).await?;
    Ok(if found.is_some() { Changed::Refused } else { Changed::Missing })
}

/// Commands by name and status among the newest `limit`, for the operator's overview.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn counts(client: &Client, limit: i64) -> Result<Vec<(String, String, i64)>> {
    let statement = "
        select name, status, count(*) from (
            select name, status from commands order by id desc limit $1
        ) newest group by 1, 2 order by 1, 2";
    let rows = client.query(statement, &[&limit]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
}

/// Lanes with queued commands among the newest `limit`, and how many seconds the oldest waits.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn waiting(client: &Client, limit: i64) -> Result<Vec<(String, f64)>> {
    let statement = "
        select split_part(name, '.', 1),
               extract(epoch from clock_timestamp() - min(created_at))::float8
        from (
            select name, status, created_at from commands order by id desc limit $1
        ) newest where status = 'queued' group by 1";
    let rows = client.query(statement, &[&limit]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// The smallest UUIDv7 of an instant, so that a range of ids is a range of time.
pub fn smallest_id(instant: Timestamp) -> Uuid {
    let milliseconds = u64::try_from(instant.as_millisecond()).unwrap_or(0);
    Uuid::from_u64_pair(milliseconds << 16 | 0x7000, 0x8000_0000_0000_0000)
}

fn command(row: &Row) -> CommandRow {
    CommandRow {
        id: row.get(0),
        name: row.get(1),
        status: row.get(2),
        tenant_id: row.get(3),
        payload: row.get(4),
        result: row.get(5),
        error: row.get(6),
        progress: row.get(7),
        attempt: row.get(8),
        cancel_requested: row.get(9),
        created_at: row.get(10),
        started_at: row.get(11),
        finished_at: row.get(12),
        callback_url: row.get(13),
        callback_id: row.get(14),
    }
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Changed::Done => "done",
            Changed::Requested => "requested",
            Changed::Missing => "there is no such command",
            Changed::Refused => "its status does not allow it",
        })
    }
}
