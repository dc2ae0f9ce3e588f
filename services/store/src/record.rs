//! Records how runs ended, many at a time, each fenced by its lease.

use serde_json::Value;
use tokio_postgres::{Statement, types::ToSql};
use uuid::Uuid;

use crate::{Connection, Result, due::RECHECK_SECONDS, pool::BY_KEY};

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    Succeeded(Value),
    /// Failed; run again after a pause.
    Retry {
        after_seconds: f64,
        error: String,
    },
    /// Not now: run again after a pause, without counting the attempt.
    Postponed {
        after_seconds: f64,
        reason: String,
    },
    /// Failed for good.
    Dead {
        error: String,
    },
    Cancelled,
    /// The worker stops before the run could end: queue it again, without counting the attempt.
    Released,
}

/// A run and its end.
#[derive(Clone, Debug)]
pub struct Run {
    pub id: Uuid,
    pub attempt: i32,
    pub end: End,
}

/// Writes ends on one dedicated connection.
pub struct Recorder {
    client: Connection,
    token: Uuid,
    worker: String,
    succeed: Statement,
    unhappy: Statement,
    lost: Statement,
}

// A notification holds at most 8,000 bytes: 200 ids.
const SUCCEED: &str = "
with done as (
    update commands
    set status = 'succeeded', result = run.result::jsonb, error = null, lease_token = null,
        lease_until = null, finished_at = clock_timestamp()
    from unnest($1::uuid[], $2::int[], $3::text[]) as run (id, attempt, result)
    where commands.id = run.id and commands.attempt = run.attempt and lease_token = $4
    returning commands.id, waited
), told as (
    select pg_notify('done', string_agg(id::text, ',')) from (
        select id, row_number() over () / 200 as page from done where waited
    ) waiting group by page
)
select count(*), (select count(*) from told) from done";

// One statement for everything that is not plain success; `outcome` decides what follows.
// A run that stopped because its lease seemed lost, and was not, is no cancelled command.
const UNHAPPY: &str = "
with run as (
    select run.id, run.attempt, detail, after_seconds,
           case when outcome = 'cancelled' and not cancel_requested then 'released'
                else outcome end as outcome
    from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::float8[])
        as run (id, attempt, outcome, detail, after_seconds)
    join commands on commands.id = run.id
), done as (
    update commands
    set status = case run.outcome when 'released' then 'queued' else run.outcome end,
        error = case when run.outcome in ('cancelled', 'released') then error else run.detail end,
        attempt = commands.attempt
            - case when run.outcome in ('released', 'postponed') then 1 else 0 end,
        finished_at = case when run.outcome in ('dead', 'cancelled') then clock_timestamp() end,
        lease_token = null, lease_until = null
    from run
    where commands.id = run.id and commands.attempt = run.attempt and lease_token = $6
    returning commands.id, commands.name, commands.traceparent, commands.waited, commands.started_at, run.attempt,
              run.outcome, run.detail, run.after_seconds
), history as (
    insert into attempts (command_id, attempt, outcome, detail, worker, started_at)
    select id, attempt, outcome, detail, $7, started_at from done
    where outcome not in ('released')
    on conflict (command_id, attempt) do update
    set outcome = excluded.outcome, detail = excluded.detail, worker = excluded.worker,
        started_at = excluded.started_at, finished_at = excluded.finished_at
), later as (
    insert into due (command_id, due_at)
    select id, clock_timestamp() + make_interval(
        secs => case outcome when 'released' then $8 else after_seconds end
    ) from done where outcome in ('retrying', 'postponed', 'released')
    on conflict (command_id) do update set due_at = excluded.due_at
), again as (
    insert into outbox (command_id, name, traceparent)
    select id, name, traceparent from done where outcome = 'released'
    on conflict do nothing
), letters as (
    insert into dead_letters (command_id, name, reason)
    select id, name, detail from done where outcome = 'dead'
), told as (
    select pg_notify('done', string_agg(id::text, ',')) from (
        select id, row_number() over () / 200 as page from done
        where waited and outcome in ('dead', 'cancelled')
    ) waiting group by page
)
select count(*), pg_notify('outbox', ''), (select count(*) from told) from done";

// Runs that no longer hold their lease. If another worker has it, look again when it ends. If
// nobody has it, the server lost the lease in a crash, and the message has been used up by this run.
const LOST: &str = "
insert into due (command_id, due_at)
select id, coalesce(lease_until, clock_timestamp()) from commands
where id = any($1) and status in ('queued', 'running')
on conflict (command_id) do update set due_at = least(due.due_at, excluded.due_at)";

impl Recorder {
    /// # Errors
    /// When the statements cannot be prepared.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn new(client: Connection, token: Uuid, worker: String) -> Result<Recorder> {
        client.batch_execute(BY_KEY).await?;
        let succeed = client.prepare(SUCCEED).await?;
        let unhappy = client.prepare(UNHAPPY).await?;
        let lost = client.prepare(LOST).await?;
        Ok(Recorder { client, token, worker, succeed, unhappy, lost })
    }

    /// Records `runs` and returns how many still held their lease; the others are put on the watch
    /// list, unless they have ended. Repeating a call is harmless.
    ///
    /// # Errors
    /// When the connection broke, or a value cannot be stored.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn record(&self, runs: &[Run]) -> Result<u64> {
        let (happy, unhappy): (Vec<&Run>, Vec<&Run>) =
            runs.iter().partition(|run| matches!(run.end, End::Succeeded(_)));
        let mut recorded = 0;
        if !happy.is_empty() {
            recorded += self.succeed(happy).await?;
        }
        if !unhappy.is_empty() {
            recorded += self.unhappy(unhappy).await?;
        }
        if recorded < runs.len() as u64 {
            let ids: Vec<Uuid> = runs.iter().map(|run| run.id).collect();
            self.client.execute(&self.lost, &[&ids]).await?;
        }
        Ok(recorded)
    }

    async fn succeed(&self, mut runs: Vec<&Run>) -> Result<u64> {
        runs.sort_unstable_by_key(|run| run.id);
        let ids: Vec<Uuid> = runs.iter().map(|run| run.id).collect();
        let attempts: Vec<i32> = runs.iter().map(|run| run.attempt).collect();
        let results: Vec<String> = runs.iter().map(|run| run.end.result()).collect();
        let row =
            self.client.query_one(&self.succeed, &[&ids, &attempts, &results, &self.token]).await?;
        Ok(row.get::<_, i64>(0).unsigned_abs())
    }

    async fn unhappy(&self, mut runs: Vec<&Run>) -> Result<u64> {
        runs.sort_unstable_by_key(|run| run.id);
        let ids: Vec<Uuid> = runs.iter().map(|run| run.id).collect();
        let attempts: Vec<i32> = runs.iter().map(|run| run.attempt).collect();
        let outcomes: Vec<&str> = runs.iter().map(|run| run.end.outcome()).collect();
        let details: Vec<Option<&str>> = runs.iter().map(|run| run.end.detail()).collect();
        let pauses: Vec<f64> = runs.iter().map(|run| run.end.after_seconds()).collect();
        let params: [&(dyn ToSql + Sync); 8] = [
            &ids,
            &attempts,
            &outcomes,
            &details,
            &pauses,
            &self.token,
            &self.worker,
            &RECHECK_SECONDS,
        ];
        let row = self.client.query_one(&self.unhappy, &params).await?;
        Ok(row.get::<_, i64>(0).unsigned_abs())
    }
}

impl End {
    /// The word that the row, the logs and the metrics use.
    pub fn outcome(&self) -> &'static str {
        match self {
            End::Succeeded(_) => "succeeded",
            End::Retry { .. } => "retrying",
            End::Postponed { .. } => "postponed",
            End::Dead { .. } => "dead",
            End::Cancelled => "cancelled",
            End::Released => "released",
        }
    }

    fn result(&self) -> String {
        match self {
            End::Succeeded(result) => result.to_string(),
            _ => "null".to_owned(),
        }
    }

    fn detail(&self) -> Option<&str> {
        match self {
            End::Retry { error, .. } | End::Dead { error } => Some(error),
            End::Postponed { reason, .. } => Some(reason),
            _ => None,
        }
    }

    fn after_seconds(&self) -> f64 {
        match self {
            End::Retry { after_seconds, .. } | End::Postponed { after_seconds, .. } => {
                *after_seconds
            }
            _ => 0.0,
        }
    }
}
