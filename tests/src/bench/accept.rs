//! Accepting: from the request to the answer that says the command is on disk.

use std::net::SocketAddr;
use std::time::Duration;

use super::ground::Ground;
use super::report::{Row, thousands};
use super::roles::Role;
use super::{Bench, Result, http, limits};

const N_CONNECTIONS: usize = 32;
const WARM_UP: Duration = Duration::from_secs(1);
const DURATION: Duration = Duration::from_secs(8);
const LIMIT_SECONDS: u32 = 8;

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let ground = Ground::new().await?;
    let limit = limits::inserts(&ground, LIMIT_SECONDS).await?;
    let (api, address) = Role::api(&ground).await?;
    run(bench, &ground, address, "accept", limit, false).await?;
    run(bench, &ground, address, "accept with Idempotency-Key", limit, true).await?;
    drop(api);
    ground.end().await
}

/// Measures one kind of request, and returns requests a second.
pub(super) async fn run(
    bench: &mut Bench,
    ground: &Ground,
    address: SocketAddr,
    what: &str,
    (limit, limit_ms): (f64, f64),
    keyed: bool,
) -> Result<f64> {
    // Without keys: they would be known in the measurement.
    http::closed_loop(address, N_CONNECTIONS, WARM_UP, false).await?;
    ground.checkpoint().await?;
    let meter = bench.servers.meter();
    let mut seen = http::closed_loop(address, N_CONNECTIONS, DURATION, keyed).await?;
    let load = meter.load();
    let (p50, p99) = (seen.percentile_ms(0.5), seen.percentile_ms(0.99));
    let rate = seen.per_second();
    bench.report.row(Row {
        what: format!("{what}, {N_CONNECTIONS} connections"),
        measured: format!("{}/s, p50 {p50:.1} ms, p99 {p99:.1} ms", thousands(rate)),
        limit: format!("pgbench -c32: {}/s, {limit_ms:.1} ms", thousands(limit)),
        ratio: Some(rate / limit),
        aim: "≥ 1.0, p99 ≤ 10 ms",
        load: Some(load),
    });
    Ok(rate)
}
