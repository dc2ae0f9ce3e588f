//! Commands that wait for the broker's confirmation.

use tokio_postgres::Statement;
use uuid::Uuid;

use crate::{Client, Connection, Result, pool::BY_KEY};

/// A command whose message is still to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub command_id: Uuid,
    pub name: String,
    pub traceparent: Option<String>,
}

/// How much waits in the outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lag {
    pub entries: i64,
    /// Age of the oldest entry, in seconds.
    pub oldest_seconds: f64,
}

/// Takes entries out of the outbox on one dedicated connection.
pub struct Outbox {
    client: Connection,
    claim: Statement,
    put_back: Statement,
    later: Statement,
}

/// Entries that one relay holds in an open transaction. Other relays skip them; when this relay
/// dies, the server puts them back.
pub struct Claim<'a> {
    transaction: tokio_postgres::Transaction<'a>,
    put_back: &'a Statement,
    later: &'a Statement,
    pub entries: Vec<Entry>,
}

// By ctid: joined by id, a plan for a full outbox would read the whole table for each claim.
const CLAIM: &str = "
with taken as (
    delete from outbox where ctid = any (array(
        select ctid from outbox order by command_id limit $1 for update skip locked
    )) returning command_id, name, traceparent
)
select command_id, name, traceparent from taken order by command_id";

const PUT_BACK: &str = "
insert into outbox (command_id, name, traceparent)
select * from unnest($1::uuid[], $2::text[], $3::text[]) on conflict do nothing";

// Through the watch list, so that entries which no queue takes do not stay the oldest ones and
// keep the relay from all others.
const LATER: &str = "
insert into due (command_id, due_at)
select id, clock_timestamp() + make_interval(secs => $2) from unnest($1::uuid[]) as refused (id)
on conflict (command_id) do update set due_at = excluded.due_at";

/// Pause before an entry that the broker refused is sent again.
const REFUSED_PAUSE_SECONDS: f64 = 5.0;

impl Outbox {
    /// # Errors
    /// When the statements cannot be prepared.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn new(client: Connection) -> Result<Outbox> {
        client.batch_execute(BY_KEY).await?;
        let claim = client.prepare(CLAIM).await?;
        let put_back = client.prepare(PUT_BACK).await?;
        let later = client.prepare(LATER).await?;
        Ok(Outbox { client, claim, put_back, later })
    }

    /// Claims up to `limit` entries, oldest first.
    ///
    /// # Errors
    /// When the connection is broken.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn claim(&mut self, limit: usize) -> Result<Claim<'_>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let transaction = self.client.transaction().await?;
        let rows = transaction.query(&self.claim, &[&limit]).await?;
        let entries = rows
            .iter()
            .map(|row| Entry { command_id: row.get(0), name: row.get(1), traceparent: row.get(2) })
            .collect();
        Ok(Claim { transaction, put_back: &self.put_back, later: &self.later, entries })
    }
}

impl Claim<'_> {
    /// Ends the claim: `unsent` entries go back into the outbox, `refused` ones come back after a
    /// pause, the others are gone.
    ///
    /// # Errors
    /// When the connection is broken: then all entries are back, and go out once more.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn settle(self, unsent: &[&Entry], refused: &[&Entry]) -> Result<()> {
        if !unsent.is_empty() {
            let names: Vec<&str> = unsent.iter().map(|entry| entry.name.as_str()).collect();
            let traces: Vec<Option<&str>> =
                unsent.iter().map(|entry| entry.traceparent.as_deref()).collect();
            self.transaction.execute(self.put_back, &[&ids(unsent), &names, &traces]).await?;
        }
        if !refused.is_empty() {
            self.transaction.execute(self.later, &[&ids(refused), &REFUSED_PAUSE_SECONDS]).await?;
        }
        Ok(self.transaction.commit().await?)
    }
}

fn ids(entries: &[&Entry]) -> Vec<Uuid> {
    entries.iter().map(|entry| entry.command_id).collect()
}

/// How much waits, and for how long.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn lag(client: &Client) -> Result<Lag> {
    let statement = "
        select count(*),
               coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8
        from outbox";
    let row = client.query_one(statement, &[]).await?;
    Ok(Lag { entries: row.get(0), oldest_seconds: row.get(1) })
}
