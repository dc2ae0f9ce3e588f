//! Leases: who runs a command, until when.

use serde_json::Value;
use tokio_postgres::Statement;
use uuid::Uuid;

use crate::{Connection, Result, pool::BY_KEY};

/// A command that this worker may run.
#[derive(Clone, Debug)]
pub struct Leased {
    pub id: Uuid,
    pub name: String,
    pub tenant_id: Option<Uuid>,
    pub payload: Value,
    pub attempt: i32,
    pub traceparent: Option<String>,
    pub cancel_requested: bool,
}

/// What a heartbeat says of a command that this worker runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    pub id: Uuid,
    pub cancel_requested: bool,
}

/// Takes and keeps leases on one dedicated connection.
///
/// A lease belongs to `(token, attempt)`: the token names the worker process, the attempt one run
/// of it, so that a run which was thought dead cannot write over its successor.
pub struct Lessor {
    client: Connection,
    token: Uuid,
    lease_seconds: f64,
    lease: Statement,
    watch: Statement,
    beat: Statement,
    progress: Statement,
}

// The ids are sorted by the caller: two workers that hold the same duplicates lock in one order.
const LEASE: &str = "
update commands
set status = 'running', lease_token = $2, attempt = attempt + 1,
    lease_until = clock_timestamp() + make_interval(secs => $3), started_at = clock_timestamp()
where id = any($1)
  and (status = 'queued' or (status = 'running' and lease_until < clock_timestamp()))
returning id, name, tenant_id, payload, attempt, traceparent, cancel_requested";

// A message that came again while its command is leased elsewhere: look again when that lease ends.
const WATCH: &str = "
insert into due (command_id, due_at)
select id, lease_until from commands where id = any($1) and status = 'running'
on conflict (command_id) do update set due_at = least(due.due_at, excluded.due_at)";

const BEAT: &str = "
update commands set lease_until = clock_timestamp() + make_interval(secs => $4)
from unnest($1::uuid[], $2::int[]) as held (id, attempt)
where commands.id = held.id and commands.attempt = held.attempt and lease_token = $3
  and status = 'running'
returning commands.id, cancel_requested";

const PROGRESS: &str = "
update commands set progress = said.progress
from unnest($1::uuid[], $2::int[], $3::jsonb[]) as said (id, attempt, progress)
where commands.id = said.id and commands.attempt = said.attempt and lease_token = $4";

impl Lessor {
    /// # Errors
    /// When the statements cannot be prepared.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn new(client: Connection, token: Uuid, lease_seconds: f64) -> Result<Lessor> {
        client.batch_execute(BY_KEY).await?;
        let lease = client.prepare(LEASE).await?;
        let watch = client.prepare(WATCH).await?;
        let beat = client.prepare(BEAT).await?;
        let progress = client.prepare(PROGRESS).await?;
        Ok(Lessor { client, token, lease_seconds, lease, watch, beat, progress })
    }

    /// Leases what of `ids` may run now. What it does not return has ended, waits for its time, or
    /// runs elsewhere; the last is put on the watch list.
    ///
    /// # Errors
    /// When the connection is broken; nothing is known about the leases then.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn lease(&self, ids: &mut Vec<Uuid>) -> Result<Vec<Leased>> {
        ids.sort_unstable();
        ids.dedup();
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
            [ids, &self.token, &self.lease_seconds];
        let rows = self.client.query(&self.lease, &params).await?;
        let leased: Vec<Leased> = rows.iter().map(leased).collect();
        if leased.len() < ids.len() {
            let refused: Vec<Uuid> =
                ids.iter().copied().filter(|id| !leased.iter().any(|l| l.id == *id)).collect();
            self.client.execute(&self.watch, &[&refused]).await?;
        }
        Ok(leased)
    }

    /// Extends the leases of `held` (ids and attempts) and says which are to be cancelled. An id
    /// that does not come back is lost: another worker may run it.
    ///
    /// # Errors
    /// When the connection is broken.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn beat(&self, held: &[(Uuid, i32)]) -> Result<Vec<Beat>> {
        let (ids, attempts): (Vec<Uuid>, Vec<i32>) = held.iter().copied().unzip();
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&ids, &attempts, &self.token, &self.lease_seconds];
        let rows = self.client.query(&self.beat, &params).await?;
        Ok(rows.iter().map(|row| Beat { id: row.get(0), cancel_requested: row.get(1) }).collect())
    }
}

impl Lessor {
    /// Writes how far runs have come: ids, attempts and progress.
    ///
    /// # Errors
    /// When the connection is broken.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn progress(&self, said: &[(Uuid, i32, Value)]) -> Result<()> {
        let ids: Vec<Uuid> = said.iter().map(|(id, ..)| *id).collect();
        let attempts: Vec<i32> = said.iter().map(|(_, attempt, _)| *attempt).collect();
        let progress: Vec<&Value> = said.iter().map(|(.., progress)| progress).collect();
        self.client.execute(&self.progress, &[&ids, &attempts, &progress, &self.token]).await?;
        Ok(())
    }
}

fn leased(row: &tokio_postgres::Row) -> Leased {
    Leased {
        id: row.get(0),
        name: row.get(1),
        tenant_id: row.get(2),
        payload: row.get(3),
        attempt: row.get(4),
        traceparent: row.get(5),
        cancel_requested: row.get(6),
    }
}
