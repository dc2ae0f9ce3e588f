//! Messages that the broker gave up on, and commands that ran out of attempts.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::{Client, Result};

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

/// Newest first, at most `limit`, older than `before`.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(client: &Client, before: Option<i64>, limit: i64) -> Result<Vec<DeadLetter>> {
    let statement = "
        select id, command_id, name, reason, body, died_at, replayed_at from dead_letters
        where $1::bigint is null or id < $1 order by id desc limit $2";
    let rows = client.query(statement, &[&before, &limit]).await?;
    Ok(rows
        .iter()
        .map(|row| DeadLetter {
            id: row.get(0),
            command_id: row.get(1),
            name: row.get(2),
            reason: row.get(3),
            body: row.get(4),
            died_at: row.get(5),
            replayed_at: row.get(6),
        })
        .collect())
}

/// How many wait for a decision, counted up to `limit`.
///
/// # Errors
/// When the database cannot be read.
pub async fn count_open(client: &Client, limit: i64) -> Result<i64> {
    let statement = "
        select count(*) from (
            select from dead_letters where replayed_at is null and dismissed_at is null limit $1
        ) waiting";
    Ok(client.query_one(statement, &[&limit]).await?.get(0))
}
