//! Pages of commands, newest first, each made from a bounded number of rows.
//!
//! What is common in the table is found among its newest rows; what is rare has a table of its own:
//! retries and postponements are on the watch list, dead ones in `dead_letters`. So a page takes the
//! same time in a table of a million rows.

use jiff::Timestamp;
use uuid::Uuid;

use crate::commands::{CommandRow, get_many};
use crate::{Client, Result};

/// Which commands to list; `None` is no restriction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub status: Option<String>,
    /// A full name, or a first segment.
    pub name: Option<String>,
    pub tenant_id: Option<Uuid>,
    /// Only commands older than this one.
    pub before: Option<Uuid>,
    pub limit: i64,
}

/// A page of commands.
#[derive(Clone, Debug)]
pub struct Page {
    pub commands: Vec<CommandRow>,
    /// Where the next page begins; `None` at the end of the table.
    pub next: Option<Uuid>,
}

/// How many commands there are by status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows of the table, as its statistics have it.
    pub estimated: i64,
    /// By status: exact for what is rare, among the newest rows for the others.
    pub by_status: Vec<(String, i64)>,
}

impl Totals {
    /// How many commands have this status.
    pub fn of(&self, status: &str) -> i64 {
        self.by_status.iter().find(|(known, _)| known == status).map_or(0, |(_, n)| *n)
    }
}

/// Rows that one page looks at.
const WINDOW: i64 = 20_000;
/// Longest list that is counted.
pub const COUNTED: i64 = 10_000;

/// One page.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn page(client: &Client, wanted: &Wanted) -> Result<Page> {
    let from = match wanted.status.as_deref() {
        Some("retrying" | "postponed") => {
            "select c.id, c.name, c.status, c.tenant_id from due d
             join commands c on c.id = d.command_id
             where $4::uuid is null or c.id < $4 order by c.id desc limit $5"
        }
        Some("dead") => {
            "select c.id, c.name, c.status, c.tenant_id from (
                 select distinct command_id as id from dead_letters
                 where replayed_at is null and dismissed_at is null
                   and ($4::uuid is null or command_id < $4)
                 order by command_id desc limit $5
             ) letter join commands c on c.id = letter.id"
        }
        _ => {
            "select id, name, status, tenant_id from commands
             where $4::uuid is null or id < $4 order by id desc limit $5"
        }
    };
    let statement = format!(
        "with looked as materialized ({from})
         select id, (select count(*) from looked) as n, (select id from looked order by id limit 1) as last
         from looked
         where ($1::text is null or status = $1)
           and ($2::text is null or name = $2 or name like $2 || '.%')
           and ($3::uuid is null or tenant_id = $3)
         order by id desc limit $6"
    );
    let statement = client.prepare_cached(&statement).await?;
    let Wanted { status, name, tenant_id, before, limit } = wanted;
    let one_more = limit + 1;
    let rows =
        client.query(&statement, &[status, name, tenant_id, before, &WINDOW, &one_more]).await?;
    let mut ids: Vec<Uuid> = rows.iter().map(|row| row.get(0)).collect();
    let limit = usize::try_from(*limit).unwrap_or(usize::MAX);
    let next = if ids.len() > limit {
        ids.truncate(limit);
        ids.last().copied()
    } else {
        // The window may have ended before the table did: the search goes on behind it.
        rows.first().filter(|row| row.get::<_, i64>(1) == WINDOW).map(|row| row.get(2))
    };
    let is_rare = matches!(status.as_deref(), Some("retrying" | "postponed" | "dead"));
    let next = match (rows.is_empty(), next) {
        (true, _) if !is_rare => behind_window(client, *before).await?,
        (_, next) => next,
    };
    let mut commands = get_many(client, &ids).await?;
    commands.sort_by_key(|command| std::cmp::Reverse(command.id));
    Ok(Page { commands, next })
}

/// The last row of a window in which nothing fitted, when there are more behind it.
async fn behind_window(client: &Client, before: Option<Uuid>) -> Result<Option<Uuid>> {
    let statement = "
        select id from commands where $1::uuid is null or id < $1
        order by id desc offset $2 limit 1";
    Ok(client.query_opt(statement, &[&before, &WINDOW]).await?.map(|row| row.get(0)))
}

/// The commands by status.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn totals(client: &Client) -> Result<Totals> {
    let estimated =
        "select greatest(reltuples, 0)::bigint from pg_class where oid = 'commands'::regclass";
    let estimated: i64 = client.query_one(estimated, &[]).await?.get(0);
    let statement = "
        select status, count(*) from (
            select status from commands order by id desc limit $1
        ) newest where status in ('queued', 'running', 'succeeded', 'cancelled') group by 1
        union all
        select c.status, count(*) from (select command_id from due limit $1) d
        join commands c on c.id = d.command_id
        where c.status in ('retrying', 'postponed') group by 1
        union all
        select 'dead', count(distinct command_id) from (
            select command_id from dead_letters
            where replayed_at is null and dismissed_at is null and command_id is not null limit $1
        ) letters";
    let statement = client.prepare_cached(statement).await?;
    let rows = client.query(&statement, &[&COUNTED]).await?;
    let by_status = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    Ok(Totals { estimated, by_status })
}

/// When a waiting command is looked at again; `None` when it is not on the watch list.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn due_at(client: &Client, id: Uuid) -> Result<Option<Timestamp>> {
    let statement = "select due_at from due where command_id = $1";
    Ok(client.query_opt(statement, &[&id]).await?.map(|row| row.get(0)))
}
