//! All roles at work: from the accepted request to the recorded end.

use std::path::Path;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::ground::Ground;
use super::report::{Row, thousands};
use super::roles::Role;
use super::{Bench, Result, http};

/// A steady load.
struct Offer {
    per_second: u32,
    n_connections: usize,
    duration: Duration,
    aim: &'static str,
}

const OFFERS: [Offer; 2] = [
    Offer {
        per_second: 50,
        n_connections: 8,
        duration: Duration::from_secs(30),
        aim: "p50 ≤ 5 ms, p99 ≤ 15 ms",
    },
    Offer {
        per_second: 6_000,
        n_connections: 128,
        duration: Duration::from_mins(1),
        aim: "backlog 0",
    },
];
/// A command that is open longer waits in line.
const IN_LINE: &str = "500 ms";

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let ground = Ground::new().await?;
    let (api, address) = Role::api(&ground).await?;
    let scheduler = Role::scheduler(&ground).await?;
    let worker = Role::worker(&ground, &["diagnostics"], Path::new("/nonexistent")).await?;
    http::closed_loop(address, 8, Duration::from_secs(1), false).await?;
    for offer in &OFFERS {
        run(bench, &ground, address, offer).await?;
    }
    drop((api, scheduler, worker));
    ground.end().await
}

async fn run(
    bench: &mut Bench,
    ground: &Ground,
    address: std::net::SocketAddr,
    offer: &Offer,
) -> Result<()> {
    until_nothing_is_open(ground).await?;
    ground.checkpoint().await?;
    let first = Uuid::now_v7();
    let meter = bench.servers.meter();
    let mut seen =
        http::open_loop(address, offer.n_connections, offer.per_second, offer.duration).await?;
    let load = meter.load();
    let backlog = backlog(ground, first).await?;
    let drained = Instant::now();
    until_nothing_is_open(ground).await?;
    let drained = drained.elapsed();
    let (p50, p99) = recorded(ground, first).await?;
    bench.report.row(Row {
        what: format!(
            "all roles, {}/s offered for {} s",
            thousands(f64::from(offer.per_second)),
            offer.duration.as_secs()
        ),
        measured: format!(
            "{}/s of {} accepted; accepted to recorded p50 {p50:.1} ms, p99 {p99:.1} ms; \
             answered p50 {:.1} ms, p99 {:.1} ms; backlog {backlog}, all done {:.2} s later",
            thousands(seen.per_second()),
            seen.n_requests(),
            seen.percentile_ms(0.5),
            seen.percentile_ms(0.99),
            drained.as_secs_f64(),
        ),
        limit: String::new(),
        ratio: None,
        aim: offer.aim,
        load: Some(load),
    });
    Ok(())
}

/// Commands since `first` that are open and waiting in line.
async fn backlog(ground: &Ground, first: Uuid) -> Result<i64> {
    let statement = format!(
        "select count(*) from commands where id > $1 and finished_at is null
           and created_at < clock_timestamp() - interval '{IN_LINE}'"
    );
    Ok(ground.owner.query_one(&statement, &[&first]).await?.get(0))
}

async fn until_nothing_is_open(ground: &Ground) -> Result<()> {
    let statement =
        "select not exists (select from commands where finished_at is null) or $1::uuid[] is null";
    ground.until(statement, &[]).await
}

/// Milliseconds from the row's creation to its end, by the database's clock.
async fn recorded(ground: &Ground, first: Uuid) -> Result<(f64, f64)> {
    let statement = "
        select percentile_cont(array[0.5, 0.99]) within group (
            order by extract(epoch from finished_at - created_at) * 1000)::float8[]
        from commands where id > $1";
    let percentiles: Vec<f64> = ground.owner.query_one(statement, &[&first]).await?.get(0);
    Ok((percentiles[0], percentiles[1]))
}
