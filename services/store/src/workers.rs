//! The living workers, each with a heartbeat.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::{Client, Connection, Result};

/// A worker process.
#[derive(Clone, Debug, Serialize)]
pub struct Worker {
    pub id: Uuid,
    pub host: String,
    pub version: String,
    pub lanes: Vec<String>,
    /// Commands it runs at the same time.
    pub slots: i32,
    pub started_at: Timestamp,
    pub seen_at: Timestamp,
}

/// What a worker says of itself.
#[derive(Clone, Debug)]
pub struct Identity {
    pub id: Uuid,
    pub host: String,
    pub version: &'static str,
    pub lanes: Vec<String>,
    pub slots: i32,
}

/// Says that the worker lives.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn beat(client: &Connection, worker: &Identity) -> Result<()> {
    let statement = "
        insert into workers (id, host, version, lanes, slots) values ($1, $2, $3, $4, $5)
        on conflict (id) do update set seen_at = clock_timestamp()";
    client
        .execute(
            statement,
            &[&worker.id, &worker.host, &worker.version, &worker.lanes, &worker.slots],
        )
        .await?;
    Ok(())
}

/// Says that the worker has stopped.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn leave(client: &Connection, id: Uuid) -> Result<()> {
    client.execute("delete from workers where id = $1", &[&id]).await?;
    Ok(())
}

/// The workers seen within the last `seconds`.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn living(client: &Client, seconds: f64) -> Result<Vec<Worker>> {
    let statement = "
        select id, host, version, lanes, slots, started_at, seen_at from workers
        where seen_at > clock_timestamp() - make_interval(secs => $1) order by started_at";
    let rows = client.query(statement, &[&seconds]).await?;
    Ok(rows
        .iter()
        .map(|row| Worker {
            id: row.get(0),
            host: row.get(1),
            version: row.get(2),
            lanes: row.get(3),
            slots: row.get(4),
            started_at: row.get(5),
            seen_at: row.get(6),
        })
        .collect())
}
