//! Table `commands`, counted: what runs, what waits, and how fast it goes.
//!
//! No index names a status, so these look at the newest rows only, by the primary key: what is
//! older than some ten thousand commands and still open is on the watch list or in a lane's queue.

use jiff::Timestamp;

use crate::commands::CommandRow;
use crate::{Client, Result};

/// Commands of one name in one status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameState {
    pub name: String,
    pub status: String,
    pub n: i64,
    /// When the oldest of them was accepted.
    pub oldest: Timestamp,
}

/// Commands of one name that ended so many minutes ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub name: String,
    pub minutes_ago: i32,
    pub n: i64,
}

/// The newest `limit` commands by name and status.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn by_name(client: &Client, limit: i64) -> Result<Vec<NameState>> {
    let statement = "
        select name, status, count(*), min(created_at) from (
            select name, status, created_at from commands order by id desc limit $1
        ) newest group by 1, 2 order by 1, 2";
    let statement = client.prepare_cached(statement).await?;
    let rows = client.query(&statement, &[&limit]).await?;
    Ok(rows
        .iter()
        .map(|row| NameState {
            name: row.get(0),
            status: row.get(1),
            n: row.get(2),
            oldest: row.get(3),
        })
        .collect())
}

/// Ends within the last `minutes` among the newest `limit` commands.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn ended(client: &Client, limit: i64, minutes: i32) -> Result<Vec<Ended>> {
    let statement = "
        select name, floor(extract(epoch from clock_timestamp() - finished_at) / 60)::int, count(*)
        from (select name, finished_at from commands order by id desc limit $1) newest
        where finished_at > clock_timestamp() - make_interval(mins => $2)
        group by 1, 2";
    let statement = client.prepare_cached(statement).await?;
    let rows = client.query(&statement, &[&limit, &minutes]).await?;
    Ok(rows
        .iter()
        .map(|row| Ended { name: row.get(0), minutes_ago: row.get(1), n: row.get(2) })
        .collect())
}

/// The last `n` commands that ended, of none of these names, among the newest `limit`.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn last_ended(
    client: &Client,
    limit: i64,
    without: &[&str],
    n: i64,
) -> Result<Vec<CommandRow>> {
    let statement = "
        select id from (
            select id, name, finished_at from commands order by id desc limit $1
        ) newest
        where finished_at is not null and name <> all ($2) order by finished_at desc limit $3";
    let rows = client.query(statement, &[&limit, &without, &n]).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.get(0)).collect();
    let mut commands = crate::commands::get_many(client, &ids).await?;
    commands.sort_by_key(|command| std::cmp::Reverse(command.finished_at));
    Ok(commands)
}
