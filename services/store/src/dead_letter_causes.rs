//! Table `dead_letters` by cause: letters whose reasons differ in numbers and ids only are one.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Client, Result, again::again};

/// Why commands died.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Stands for the cause in addresses.
    pub key: String,
    /// The reason of the newest letter, in full.
    pub reason: String,
    pub n: i64,
    /// Those that name a command; the others cannot be replayed.
    pub n_commands: i64,
    pub names: Vec<String>,
    pub tenant_ids: Vec<Uuid>,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
}

/// A letter of a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub id: i64,
    pub command_id: Option<Uuid>,
    pub name: Option<String>,
    pub tenant_id: Option<Uuid>,
    /// What the command is now: somebody may have run it again in another way.
    pub status: Option<String>,
    pub attempt: Option<i32>,
    pub reason: String,
    pub died_at: Timestamp,
}

/// What a replay would do, or has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replay {
    /// Commands that run again.
    pub n: i64,
    /// Letters that stay: they name no command, or one that is dead no more.
    pub n_left: i64,
}

// What is particular to one command is taken out of its reason. The newest 5,000 letters are looked
// at; what is older waits until these are settled.
const OPEN: &str = r"
    select d.id, d.command_id, d.name, d.reason, d.died_at, md5(left(regexp_replace(
               regexp_replace(d.reason, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', '', 'gi'),
               '[0-9]+', '#', 'g'), 300)) as cause
    from (
        select id, command_id, name, reason, died_at from dead_letters
        where replayed_at is null and dismissed_at is null order by id desc limit 5000
    ) d";

/// The causes, most letters first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn causes(client: &Client) -> Result<Vec<Cause>> {
    let statement = format!(
        "select cause, (array_agg(o.reason order by o.id desc))[1], count(*), count(o.command_id),
                array_remove(array_agg(distinct o.name), null),
                array_remove(array_agg(distinct c.tenant_id), null), min(died_at), max(died_at)
         from ({OPEN}) o left join commands c on c.id = o.command_id
         group by cause order by count(*) desc, max(died_at) desc limit 100"
    );
    Ok(client.query(&statement, &[]).await?.iter().map(cause).collect())
}

/// Letters of a cause, newest first, older than `before`.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn letters(
    client: &Client,
    cause: &str,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Letter>> {
    let statement = format!(
        "select o.id, o.command_id, o.name, c.tenant_id, c.status, c.attempt, o.reason, o.died_at
         from ({OPEN}) o left join commands c on c.id = o.command_id
         where cause = $1 and ($2::bigint is null or o.id < $2) order by o.id desc limit $3"
    );
    Ok(client.query(&statement, &[&cause, &before, &limit]).await?.iter().map(letter).collect())
}

/// What replaying these causes would do. Changes nothing.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn dry_run(client: &Client, causes: &[&str]) -> Result<Replay> {
    let statement = format!(
        "select count(distinct c.id), count(*) filter (where c.id is null)
         from ({OPEN}) o left join commands c on c.id = o.command_id and c.status = 'dead'
         where cause = any ($1)"
    );
    let row = client.query_one(&statement, &[&causes]).await?;
    Ok(Replay { n: row.get(0), n_left: row.get(1) })
}

/// Queues the dead commands of these causes again, with all their attempts before them.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn replay(client: &Client, actor: &str, causes: &[&str]) -> Result<Replay> {
    let again = again("status = 'dead' and id in (select command_id from letter)");
    let statement = format!(
        "with letter as (
            select o.id, o.command_id from ({OPEN}) o where cause = any ($1)
        ), {again}, logged as (
            insert into audit_log (actor, action, resource, detail)
            select $2, 'dead-letters.replay', array_to_string($1::text[], ','),
                   jsonb_build_object('commands', count(*)) from again
        )
        select (select count(*) from again),
               (select count(*) from letter where command_id is null
                    or command_id not in (select id from again)),
               pg_notify('outbox', '')"
    );
    let row = client.query_one(&statement, &[&causes, &actor]).await?;
    Ok(Replay { n: row.get(0), n_left: row.get(1) })
}

/// Takes the letters of these causes off the list; their commands stay dead. Returns how many those
/// were.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn dismiss(client: &Client, actor: &str, causes: &[&str]) -> Result<i64> {
    let statement = format!(
        "with letter as (
            select o.id from ({OPEN}) o where cause = any ($1)
        ), gone as (
            update dead_letters set dismissed_at = clock_timestamp()
            where id in (select id from letter) and replayed_at is null and dismissed_at is null
            returning id
        ), logged as (
            insert into audit_log (actor, action, resource, detail)
            select $2, 'dead-letters.dismiss', array_to_string($1::text[], ','),
                   jsonb_build_object('letters', count(*)) from gone
        )
        select count(*) from gone"
    );
    Ok(client.query_one(&statement, &[&causes, &actor]).await?.get(0))
}

fn cause(row: &Row) -> Cause {
    Cause {
        key: row.get(0),
        reason: row.get(1),
        n: row.get(2),
        n_commands: row.get(3),
        names: row.get(4),
        tenant_ids: row.get(5),
        first_at: row.get(6),
        last_at: row.get(7),
    }
}

fn letter(row: &Row) -> Letter {
    Letter {
        id: row.get(0),
        command_id: row.get(1),
        name: row.get(2),
        tenant_id: row.get(3),
        status: row.get(4),
        attempt: row.get(5),
        reason: row.get(6),
        died_at: row.get(7),
    }
}
