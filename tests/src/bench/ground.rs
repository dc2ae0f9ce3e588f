//! What a measurement of the fabric stands on: a database and queues of its own.

use std::slice;
use std::time::{Duration, Instant};

use broker::Broker;
use serde_json::{Value, json};
use store::accept::{Accepter, NewCommand};
use store::{Role, Session, Store};
use tokio_postgres::Client;
use uuid::Uuid;

use super::Result;
use crate::{TestDatabase, amqp_url, database, queues};

/// The command that does nothing.
const PING: &str = "diagnostics.ping";
/// Commands in one statement when queues are filled.
const FILL: usize = 1_000;
/// Longest wait for the end of work.
const PATIENCE: Duration = Duration::from_mins(3);
const LOOK: Duration = Duration::from_millis(20);

/// A database and a topology; both go with it.
pub(super) struct Ground {
    pub(super) database: TestDatabase,
    pub(super) store: Store,
    pub(super) broker: Broker,
    /// As the owner, for looking behind the scenes.
    pub(super) owner: Client,
    prefix: String,
}

impl Ground {
    pub(super) async fn new() -> Result<Ground> {
        let database = database().await;
        let prefix = format!("b{}", Uuid::now_v7().simple());
        let broker = queues(&amqp_url(), &prefix);
        broker.declare().await?;
        let (store, owner) = (database.store(Role::Worker), database.owner().await);
        Ok(Ground { database, store, broker, owner, prefix })
    }

    /// Takes the queues away; the database goes by itself.
    pub(super) async fn end(self) -> Result<()> {
        Ok(self.broker.delete_all().await?)
    }

    /// What the roles need to work here.
    pub(super) fn environment(&self) -> [(&'static str, String); 3] {
        [
            ("DATABASE_URL", self.database.url()),
            ("AMQP_URL", amqp_url()),
            ("AMQP_PREFIX", self.prefix.clone()),
        ]
    }

    /// Whether each of `lanes` has a consumer.
    pub(super) async fn all_consumed(&self, lanes: &[&str]) -> Result<bool> {
        let depths = self.broker.depths().await?;
        let is_consumed =
            |lane: &&str| depths.iter().any(|depth| depth.lane == *lane && depth.consumers > 0);
        Ok(lanes.iter().all(is_consumed))
    }

    /// Has a command run by the roles that are up; returns its result and how many seconds it ran.
    pub(super) async fn run(&self, name: &'static str, parameters: Value) -> Result<(Value, f64)> {
        let definition = commands::find(name).ok_or("there is no such command")?;
        let accepted = definition.accept(parameters)?;
        let new = NewCommand {
            name,
            tenant_id: accepted.tenant_id,
            payload: accepted.payload,
            ..new_ping()
        };
        let connection = self.store.connect(Session::Durable).await?;
        Accepter::new(connection).await?.accept(slice::from_ref(&new)).await?;
        self.until_finished(&[new.id]).await?;
        let statement = "
            select status, coalesce(result, to_jsonb(error)),
                   extract(epoch from finished_at - started_at)::float8
            from commands where id = $1";
        let row = self.owner.query_one(statement, &[&new.id]).await?;
        let (status, result): (String, Value) = (row.get(0), row.get(1));
        if status != "succeeded" {
            return Err(format!("{name} ended {status}: {result}").into());
        }
        Ok((result, row.get(2)))
    }

    /// Accepts pings, as the API would; returns their ids in order.
    pub(super) async fn accept(&self, n_commands: usize) -> Result<Vec<Uuid>> {
        let accepter = Accepter::new(self.store.connect(Session::Relaxed).await?).await?;
        let mut ids = Vec::with_capacity(n_commands);
        while ids.len() < n_commands {
            let batch: Vec<NewCommand> =
                (0..FILL.min(n_commands - ids.len())).map(|_| new_ping()).collect();
            accepter.accept(&batch).await?;
            ids.extend(batch.iter().map(|command| command.id));
        }
        Ok(ids)
    }

    /// Adds commands that ended long ago, with their ids in that time.
    pub(super) async fn add_finished(&self, n_commands: i64) -> Result<()> {
        let insert = "
            insert into commands (id, name, status, payload, result, attempt, created_at,
                                  started_at, finished_at)
            select (lpad(to_hex(1700000000000 + n), 12, '0') || '7000a000' || lpad(to_hex(n), 12, '0'))::uuid,
                   'diagnostics.ping', 'succeeded', '{}', '{\"pong\": true}', 1, at, at, at
            from generate_series(1, $1::bigint) as n,
                 lateral (select to_timestamp(1700000000 + n / 1000.0) as at) as instant";
        self.owner.execute(insert, &[&n_commands]).await?;
        Ok(self.owner.batch_execute("vacuum analyze commands").await?)
    }

    /// Starts every measurement from the same state of the write-ahead log.
    pub(super) async fn checkpoint(&self) -> Result<()> {
        Ok(self.owner.batch_execute("checkpoint").await?)
    }

    /// Waits until a query's single boolean is true, looking often.
    pub(super) async fn until(&self, query: &str, ids: &[Uuid]) -> Result<()> {
        let statement = self.owner.prepare(query).await?;
        let started = Instant::now();
        while !self.owner.query_one(&statement, &[&ids]).await?.get::<_, bool>(0) {
            if started.elapsed() > PATIENCE {
                return Err(format!("waited too long for: {query}").into());
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Waits until these commands have ended.
    pub(super) async fn until_finished(&self, ids: &[Uuid]) -> Result<()> {
        // Often and cheaply first: one in a thousand. Then all.
        let sample: Vec<Uuid> = ids.iter().rev().step_by(1_000).copied().collect();
        let ended = "
            select not exists (select from commands where id = any($1) and finished_at is null)";
        self.until(ended, &sample).await?;
        self.until(ended, ids).await
    }
}

fn new_ping() -> NewCommand {
    NewCommand {
        id: Uuid::now_v7(),
        name: PING,
        tenant_id: None,
        payload: json!({}),
        traceparent: None,
        waited: false,
        idempotency: None,
        callback_url: None,
    }
}
