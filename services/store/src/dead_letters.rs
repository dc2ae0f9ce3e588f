//! Messages that the broker gave up on, and commands that ran out of attempts.

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Client, Result, again::again};

/// A dead letter.
#[derive(Clone, Debug, Serialize)]
pub struct DeadLetter {
    pub id: i64,
    pub command_id: Option<Uuid>,
    pub name: Option<String>,
    pub reason: String,
    /// The raw message, when it could not be read as a pointer to a command.
    pub body: Option<String>,
    pub died_at: Timestamp,
    pub replayed_at: Option<Timestamp>,
}

/// Keeps a message that names no command.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn keep(client: &Client, reason: &str, routing_key: &str, body: &str) -> Result<()> {
    let statement = "insert into dead_letters (name, reason, body) values ($1, $2, $3)";
    client.execute(statement, &[&routing_key, &reason, &body]).await?;
    Ok(())
}

/// Ends a command whose message the broker gave up on, unless it has ended by itself. Returns
/// whether it did.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn bury(client: &Client, id: Uuid, reason: &str) -> Result<bool> {
    let statement = "
        with dead as (
            update commands
            set status = 'dead', error = $2, finished_at = clock_timestamp(), lease_token = null,
                lease_until = null
            where id = $1 and status in ('queued', 'running', 'retrying', 'postponed')
            returning id, name
        )
        insert into dead_letters (command_id, name, reason) select id, name, $2 from dead";
    Ok(client.execute(statement, &[&id, &reason]).await? > 0)
}

/// Which dead letters to list; `None` is no restriction.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// A full name of a command, or its first segment.
    pub name: Option<String>,
    /// A part of the reason, in small letters or not.
    pub reason: Option<String>,
    pub state: State,
    /// Only letters older than this one: the last id of the page before.
    pub before: Option<i64>,
    pub limit: i64,
}

/// What has become of a dead letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Any,
    /// Its command is dead still and nobody has dismissed it, so that it can be replayed.
    Replayable,
}

const COLUMNS: &str = "id, command_id, name, reason, body, died_at, replayed_at";

/// Newest first, at most `limit`, older than `before`.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn list(client: &Client, before: Option<i64>, limit: i64) -> Result<Vec<DeadLetter>> {
    find(client, &Filter { before, limit, ..Filter::default() }).await
}

/// Newest first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn find(client: &Client, filter: &Filter) -> Result<Vec<DeadLetter>> {
    let statement = format!(
        "select {COLUMNS} from dead_letters as letter
         where ($1::text is null or name = $1 or name like $1 || '.%')
           and ($2::text is null or position(lower($2) in lower(reason)) > 0)
           and (not $3 or replayed_at is null and dismissed_at is null and exists (
                    select from commands where id = letter.command_id and status = 'dead'))
           and ($4::bigint is null or id < $4)
         order by id desc limit $5"
    );
    let is_replayable = filter.state == State::Replayable;
    let Filter { name, reason, before, limit, .. } = filter;
    let rows = client.query(&statement, &[name, reason, &is_replayable, before, limit]).await?;
    Ok(rows.iter().map(letter).collect())
}

/// One dead letter.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn get(client: &Client, id: i64) -> Result<Option<DeadLetter>> {
    let statement = format!("select {COLUMNS} from dead_letters where id = $1");
    Ok(client.query_opt(&statement, &[&id]).await?.as_ref().map(letter))
}

/// Queues the commands of these letters again, with all their attempts before them; audited.
/// Returns the commands: those that are not dead any more are left alone.
///
/// # Errors
/// When the database cannot be written: nothing is changed then.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn replay(client: &Client, actor: &str, ids: &[i64]) -> Result<Vec<Uuid>> {
    // A command that died twice has two letters, and is queued once.
    let letters = "select command_id from dead_letters where id = any($1)";
    let again = again(&format!("status = 'dead' and id in ({letters})"));
    let statement = format!(
        "with {again}, logged as (
            insert into audit_log (actor, action, resource, detail)
            select $2, 'dead-letter.replay', id::text, jsonb_build_object('name', name) from again
        )
        select id, pg_notify('outbox', '') from again"
    );
    let rows = client.query(&statement, &[&ids, &actor]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

fn letter(row: &Row) -> DeadLetter {
    DeadLetter {
        id: row.get(0),
        command_id: row.get(1),
        name: row.get(2),
        reason: row.get(3),
        body: row.get(4),
        died_at: row.get(5),
        replayed_at: row.get(6),
    }
}

/// How many wait for a decision, counted up to `limit`.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn count_open(client: &Client, limit: i64) -> Result<i64> {
    let statement = "
        select count(*) from (
            select from dead_letters where replayed_at is null and dismissed_at is null limit $1
        ) waiting";
    Ok(client.query_one(statement, &[&limit]).await?.get(0))
}
