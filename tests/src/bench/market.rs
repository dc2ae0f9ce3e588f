//! Tenants with tickets: generated files, loads of them, and a large database.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use jiff::civil::{Date, date};
use psa::Kind;
use psa::mock::{self, Located};
use psa::read::{Origin, Refused, Visit};
use serde_json::json;
use store::Store;
use store::ingest::{self, Chunk, Packer, RowId, Scope};
use store::raw_tickets::{self, Tickets};
use tempfile::TempDir;
use tokio::sync::mpsc::{self, Sender};
use uuid::Uuid;

use super::ground::Ground;
use super::roles::Role;
use super::{Bench, Result};
use crate::generate::{self, Plan};

/// The last day of the data.
pub(super) const UNTIL: Date = date(2026, 11, 20);
const SOURCE: &str = "mock";
const N_LARGE: u64 = 1_000_000;
const N_DAYS: usize = 660;

/// One tenant with 1,000,000 tickets, and 100 small ones in the same tables.
pub(super) struct Market {
    pub(super) ground: Ground,
    pub(super) files: TempDir,
    pub(super) large: Uuid,
    pub(super) small: Vec<Uuid>,
    /// How the large tenant's tickets were loaded.
    pub(super) loaded: Loaded,
}

/// A load by a real worker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loaded {
    pub(super) seconds: f64,
    pub(super) peak_mib: f64,
}

/// Files of one tenant, in the layout of the mock source.
pub(super) async fn files(n_tickets: u64) -> Result<(TempDir, Uuid)> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().to_owned();
    let plan = Plan { n_tenants: 1, n_tickets, n_days: N_DAYS, until: UNTIL, seed: 1 };
    tokio::task::spawn_blocking(move || generate::write(&plan, &out)).await??;
    let tenant = generate::tenants(1).first().ok_or("no tenant")?.id;
    Ok((folder, tenant))
}

/// Registers tenants in five time zones.
pub(super) async fn register(ground: &Ground, tenants: &[Uuid]) -> Result<()> {
    let insert = "
        insert into tenants (id, name, timezone)
        select id, 'Tenant ' || n,
               (array['Europe/Paris', 'America/New_York', 'Pacific/Auckland', 'Europe/London', 'UTC'])[1 + (n - 1) % 5]
        from unnest($1::uuid[]) with ordinality as tenant (id, n)";
    ground.owner.execute(insert, &[&tenants]).await?;
    Ok(())
}

/// Loads a tenant's tickets as the command does, over so many connections.
pub(super) async fn load(
    store: &Store,
    files: &Path,
    tenant_id: Uuid,
    n_connections: usize,
) -> Result<Duration> {
    let located = mock::locate(files, Kind::Tickets, tenant_id)?;
    let started = Instant::now();
    let scope = Scope { tenant_id, source: SOURCE };
    let loaders = ingest::open::<Tickets>(store, scope, n_connections).await?;
    let mut loaders = loaders.ok_or("another load is running")?;
    let (senders, receivers): (Vec<_>, Vec<_>) =
        loaders.iter().map(|_| mpsc::channel::<Chunk>(1)).unzip();
    let reading = tokio::task::spawn_blocking(move || read(&located, senders));
    let applying = loaders.iter_mut().zip(receivers).map(|(loader, mut chunks)| async move {
        let mut n_inserted = 0;
        while let Some(chunk) = chunks.recv().await {
            n_inserted += loader.apply(&chunk).await?.inserted;
        }
        Result::Ok(n_inserted)
    });
    let (read, n_inserted) = tokio::join!(reading, try_join_all(applying));
    read??;
    if n_inserted?.iter().sum::<u64>() > 0 {
        loaders[0].analyze().await?;
    }
    ingest::close(loaders).await?;
    Ok(started.elapsed())
}

fn read(located: &Located, senders: Vec<Sender<Chunk>>) -> Result<()> {
    let mut feed = Feed { packer: Packer::new(senders.len()), senders };
    mock::read_file::<psa::Tickets>(located, &mut feed)?;
    for (connection, chunk) in feed.packer.finish() {
        feed.senders[connection].blocking_send(chunk)?;
    }
    Ok(())
}

struct Feed {
    packer: Packer,
    senders: Vec<Sender<Chunk>>,
}

impl Visit<psa::Tickets> for Feed {
    fn record(&mut self, origin: Origin<'_>, ticket: msp::ticket::Ticket<'_>) -> ControlFlow<()> {
        let id = RowId {
            key: &ticket.cw_ticket_id,
            content_hash: origin.content_hash,
            line: origin.line,
        };
        let closed = raw_tickets::pack(&mut self.packer, id, &ticket, origin.json);
        let Some((connection, chunk)) = closed else { return ControlFlow::Continue(()) };
        if self.senders[connection].blocking_send(chunk).is_ok() {
            return ControlFlow::Continue(());
        }
        ControlFlow::Break(())
    }

    fn refused(&mut self, _: Refused) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// The large database; made once for all measurements that need it.
pub(super) async fn market(bench: &mut Bench) -> Result<Market> {
    match bench.market.take() {
        Some(market) => Ok(market),
        None => make(bench.full).await,
    }
}

async fn make(full: bool) -> Result<Market> {
    eprintln!("# making a database with {N_LARGE} tickets of one tenant");
    let ground = Ground::new().await?;
    let (files, large) = files(N_LARGE).await?;
    let small: Vec<Uuid> = (1..=100).map(|n| Uuid::from_u128(large.as_u128() + n)).collect();
    register(&ground, &[&[large], small.as_slice()].concat()).await?;
    let scheduler = Role::scheduler(&ground).await?;
    let worker = Role::worker(&ground, &["ingest"], files.path()).await?;
    let (_, seconds) = ground.run("ingest.tickets", json!({"tenant_id": large})).await?;
    let loaded = Loaded { seconds, peak_mib: worker.memory()?.peak_mib() };
    ground.run("ingest.time_entries", json!({"tenant_id": large})).await?;
    drop((scheduler, worker));
    // One in 200 tickets of the large tenant, spread over all its days.
    let one_in = if full { 50 } else { 200 };
    for table in ["raw_tickets", "raw_time_entries"] {
        copy_to_small(&ground, table, large, &small, one_in).await?;
    }
    for statement in ["truncate kpi_dirty", "vacuum analyze", "checkpoint"] {
        ground.owner.batch_execute(statement).await?;
    }
    Ok(Market { ground, files, large, small, loaded })
}

async fn copy_to_small(
    ground: &Ground,
    table: &str,
    large: Uuid,
    small: &[Uuid],
    one_in: u32,
) -> Result<()> {
    let columns = columns(ground, table).await?;
    let others = columns.replacen("tenant_id, ", "", 1);
    let copy = format!(
        "with sample as materialized (
            select * from {table}
            where tenant_id = $1 and abs(hashtext(cw_ticket_id)) % {one_in} = 0
        )
        insert into {table} ({columns}) select small.id, {others}
        from sample cross join unnest($2::uuid[]) as small (id)"
    );
    ground.owner.execute(&copy, &[&large, &small]).await?;
    Ok(())
}

/// The columns of a table that can be written.
pub(super) async fn columns(ground: &Ground, table: &str) -> Result<String> {
    let statement = "
        select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
        where attrelid = $1::text::regclass and attnum > 0 and not attisdropped
          and attgenerated = ''";
    Ok(ground.owner.query_one(statement, &[&table]).await?.get(0))
}
