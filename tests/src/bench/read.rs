//! Reading: a day's figures with an API key, beside a route that asks nobody.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jiff::ToSpan as _;
use jiff::civil::date;
use msp::kpi::Period;
use uuid::Uuid;

use super::ground::Ground;
use super::http::Seen;
use super::load::Load;
use super::report::{Row, thousands};
use super::roles::Role;
use super::{Bench, Result, http};
use crate::keys;

const N_CONNECTIONS: usize = 64;
const WARM_UP: Duration = Duration::from_secs(1);
/// The machine is not equally fast all the time: what is measured and its limit take turns.
const N_ROUNDS: usize = 5;
const DURATION: Duration = Duration::from_secs(2);
/// Days that are asked for in turn: as many as a report of a month shows.
const N_DAYS: usize = 30;
const DAY: jiff::civil::Date = date(2026, 1, 1);

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let ground = Ground::new().await?;
    let key = fill(&ground).await?;
    let (api, address) = Role::api(&ground).await?;
    let one_day = requests(&key, 1);
    let n_bytes = http::answer_bytes(address, &one_day[0]).await?;
    let (constant, its_address) = constant(n_bytes)?;
    for (what, requests) in [("one day", one_day), ("30 days in turn", requests(&key, N_DAYS))] {
        let (mut limit, mut seen) = (Seen::default(), Seen::default());
        let mut load = Load::default();
        for _ in 0..N_ROUNDS {
            limit.add(round(its_address, &requests).await?);
            let meter = bench.servers.meter();
            seen.add(round(address, &requests).await?);
            load = meter.load();
        }
        let (measured, limit) = (seen.per_second(), limit.per_second());
        let (p50, p99) = (seen.percentile_ms(0.5), seen.percentile_ms(0.99));
        bench.report.row(Row {
            what: format!("`/v1/kpis/daily` with an API key, {what}, {N_CONNECTIONS} connections"),
            measured: format!("{}/s, p50 {p50:.1} ms, p99 {p99:.1} ms", thousands(measured)),
            limit: format!("a constant answer of {n_bytes} bytes by Warp: {}/s", thousands(limit)),
            ratio: Some(measured / limit),
            aim: "≥ 0.5, p99 ≤ 10 ms",
            load: Some(load),
        });
    }
    drop(constant);
    drop(api);
    ground.end().await
}

/// A tenant with a month of figures, and a key for it.
async fn fill(ground: &Ground) -> Result<String> {
    let tenant = Uuid::now_v7();
    let insert = "insert into tenants (id, name) values ($1, 'bench')";
    ground.owner.execute(insert, &[&tenant]).await?;
    let tickets = "
        insert into raw_tickets (tenant_id, source, cw_ticket_id, content_hash, created_at_remote,
                                 closed_at, first_response_at, high_priority, raw)
        select $1, 'bench', n::text, gen_random_uuid(), at, at + interval '5 hours',
               at + interval '20 minutes', n % 7 = 0, '{}'
        from generate_series(1, 3000) as n,
             lateral (select timestamptz '2025-12-01Z' + n * interval '30 minutes' as at) as made";
    ground.owner.execute(tickets, &[&tenant]).await?;
    let mut client = ground.store.client().await?;
    let period = Period::new(DAY, DAY + i64::try_from(N_DAYS - 1)?.days())?;
    store::kpi_daily::compute(&mut client, tenant, period).await?;
    let pepper = keys::pepper();
    Ok(store::api_keys::create(&client, &pepper, tenant, "bench", None).await?.key)
}

/// Requests for the first `n_days` days.
fn requests(key: &str, n_days: usize) -> Arc<[Vec<u8>]> {
    let request = |day: jiff::civil::Date| {
        format!("GET /v1/kpis/daily?date={day} HTTP/1.1\r\nHost: bench\r\nX-API-Key: {key}\r\n\r\n")
            .into_bytes()
    };
    DAY.series(1.day()).take(n_days).map(request).collect()
}

/// What a few seconds of requests see, after a warm-up.
async fn round(address: SocketAddr, requests: &Arc<[Vec<u8>]>) -> Result<Seen> {
    http::closed_gets(address, N_CONNECTIONS, WARM_UP, requests).await?;
    http::closed_gets(address, N_CONNECTIONS, DURATION, requests).await
}

/// A process that is killed when it is no longer needed.
struct Constant(Child);

impl Drop for Constant {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the route that asks nobody.
fn constant(n_bytes: usize) -> Result<(Constant, SocketAddr)> {
    let program = std::env::current_exe()?.with_file_name("constant");
    let mut command = Command::new(&program);
    command.arg(n_bytes.to_string()).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
    let stdout = child.stdout.take().ok_or("the output of a process is not there")?;
    let constant = Constant(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    Ok((constant, line.trim().parse()?))
}
