//! Accepts commands: their rows, outbox entries and idempotency keys, one commit for a batch.

use std::collections::HashMap;

use serde_json::Value;
use tokio_postgres::{Statement, types::ToSql};
use uuid::Uuid;

use crate::{Connection, Error, Result};

/// A command to accept. The id is a UUIDv7 made by the caller.
#[derive(Clone, Debug)]
pub struct NewCommand {
    pub id: Uuid,
    pub name: &'static str,
    pub tenant_id: Option<Uuid>,
    pub payload: Value,
    pub traceparent: Option<String>,
    /// A client waits for the end.
    pub waited: bool,
    pub idempotency: Option<Idempotency>,
    /// Told when the command ends.
    pub callback_url: Option<String>,
}

/// The client's key for this request, and a hash of what it asked for.
#[derive(Clone, Debug)]
pub struct Idempotency {
    pub key: String,
    pub request_hash: [u8; 32],
}

/// What became of one command of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// Its row and outbox entry are on disk.
    Created,
    /// The same request came before; this is its command.
    Repeated(Uuid),
    /// The key came before with another request.
    KeyReused,
}

/// Accepts batches on one dedicated connection.
pub struct Accepter {
    client: Connection,
    insert: Statement,
    insert_keyed: Statement,
    lookup: Statement,
}

// Most batches hold no key: they are spared the look at `idempotency_keys`.
const INSERT: &str = "
with command as (
    insert into commands (id, name, tenant_id, payload, traceparent, waited, callback_url)
    select id, name, tenant_id, payload::jsonb, traceparent, waited, callback_url
    from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::bool[], $7::text[])
        as request (id, name, tenant_id, payload, traceparent, waited, callback_url)
), entry as (
    insert into outbox (command_id, name, traceparent)
    select * from unnest($1::uuid[], $2::text[], $5::text[])
)
select pg_notify('outbox', '')";

const INSERT_KEYED: &str = "
with request as (
    select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::bool[],
                         $7::text[], $8::text[], $9::bytea[])
        as r (id, name, tenant_id, payload, traceparent, waited, callback_url, key, request_hash)
), claimed as (
    insert into idempotency_keys (key, request_hash, command_id)
    select key, request_hash, id from request where key is not null
    on conflict do nothing
    returning command_id
), fresh as (
    select * from request
    where key is null or id in (select command_id from claimed)
), command as (
    insert into commands (id, name, tenant_id, payload, traceparent, waited, callback_url)
    select id, name, tenant_id, payload::jsonb, traceparent, waited, callback_url from fresh
), entry as (
    insert into outbox (command_id, name, traceparent) select id, name, traceparent from fresh
)
select array(select command_id from claimed), pg_notify('outbox', '')";

const LOOKUP: &str =
    "select key, request_hash, command_id from idempotency_keys where key = any($1)";

impl Accepter {
    /// # Errors
    /// When the statements cannot be prepared.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn new(client: Connection) -> Result<Accepter> {
        let insert = client.prepare(INSERT).await?;
        let insert_keyed = client.prepare(INSERT_KEYED).await?;
        let lookup = client.prepare(LOOKUP).await?;
        Ok(Accepter { client, insert, insert_keyed, lookup })
    }

    /// Whether the connection is gone, so that the accepter must be made anew.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Accepts all of `batch` or none of it; answers in its order.
    ///
    /// # Errors
    /// [`Error::is_data`] when a row of the batch cannot be stored: repeat the rows one by one.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn accept(&self, batch: &[NewCommand]) -> Result<Vec<Accepted>> {
        let columns = Columns::of(batch);
        if batch.iter().all(|new| new.idempotency.is_none()) {
            self.client.query_one(&self.insert, &columns.params()[..7]).await?;
            return Ok(vec![Accepted::Created; batch.len()]);
        }
        let row = self.client.query_one(&self.insert_keyed, &columns.params()).await?;
        let claimed: Vec<Uuid> = row.get(0);
        let repeated: Vec<&str> = batch
            .iter()
            .filter(|new| !claimed.contains(&new.id))
            .filter_map(|new| new.idempotency.as_ref())
            .map(|idempotency| idempotency.key.as_str())
            .collect();
        let known = self.known(&repeated).await?;
        batch.iter().map(|new| judge(new, &claimed, &known)).collect()
    }

    async fn known(&self, keys: &[&str]) -> Result<HashMap<String, (Vec<u8>, Uuid)>> {
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = self.client.query(&self.lookup, &[&keys]).await?;
        Ok(rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect())
    }
}

fn judge(
    new: &NewCommand,
    claimed: &[Uuid],
    known: &HashMap<String, (Vec<u8>, Uuid)>,
) -> Result<Accepted> {
    let Some(idempotency) = &new.idempotency else { return Ok(Accepted::Created) };
    if claimed.contains(&new.id) {
        return Ok(Accepted::Created);
    }
    match known.get(&idempotency.key) {
        Some((hash, id)) if hash == &idempotency.request_hash => Ok(Accepted::Repeated(*id)),
        Some(_) => Ok(Accepted::KeyReused),
        None => Err(Error::Unavailable("an idempotency key expired while it was used".into())),
    }
}

/// The batch by columns, as `unnest` takes it.
struct Columns<'a> {
    ids: Vec<Uuid>,
    names: Vec<&'a str>,
    tenants: Vec<Option<Uuid>>,
    payloads: Vec<String>,
    traceparents: Vec<Option<&'a str>>,
    waited: Vec<bool>,
    callback_urls: Vec<Option<&'a str>>,
    keys: Vec<Option<&'a str>>,
    hashes: Vec<Option<&'a [u8]>>,
}

impl<'a> Columns<'a> {
    fn of(batch: &'a [NewCommand]) -> Columns<'a> {
        Columns {
            ids: batch.iter().map(|new| new.id).collect(),
            names: batch.iter().map(|new| new.name).collect(),
            tenants: batch.iter().map(|new| new.tenant_id).collect(),
            payloads: batch.iter().map(|new| new.payload.to_string()).collect(),
            traceparents: batch.iter().map(|new| new.traceparent.as_deref()).collect(),
            waited: batch.iter().map(|new| new.waited).collect(),
            callback_urls: batch.iter().map(|new| new.callback_url.as_deref()).collect(),
            keys: batch.iter().map(|new| Some(new.idempotency.as_ref()?.key.as_str())).collect(),
            hashes: batch
                .iter()
                .map(|new| Some(new.idempotency.as_ref()?.request_hash.as_slice()))
                .collect(),
        }
    }

    fn params(&self) -> [&(dyn ToSql + Sync); 9] {
        [
            &self.ids,
            &self.names,
            &self.tenants,
            &self.payloads,
            &self.traceparents,
            &self.waited,
            &self.callback_urls,
            &self.keys,
            &self.hashes,
        ]
    }
}
