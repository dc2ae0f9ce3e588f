//! Daily KPIs of a large tenant, and of many small ones.

use std::time::Instant;

use jiff::ToSpan;
use jiff::civil::Date;
use msp::kpi::Period;
use store::kpi_daily;
use uuid::Uuid;

use super::ingest::median;
use super::market::{self, Market, UNTIL};
use super::report::Row;
use super::{Bench, Result};

const ROUNDS: usize = 5;

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let market = market::market(bench).await?;
    let first_of_year = UNTIL.checked_sub(364.days())?;
    let limit = one_pass(&market).await?;
    let large = [market.large];
    let yesterday = (UNTIL, UNTIL);
    figure(bench, &market, "one day of 1,000,000 tickets", &large, yesterday, limit, "≤ 75 ms")
        .await?;
    let year = (first_of_year, UNTIL);
    figure(bench, &market, "365 days of 1,000,000 tickets", &large, year, limit, "≤ 3,000 ms")
        .await?;
    figure(
        bench,
        &market,
        "one day of each of 100 tenants",
        &market.small,
        yesterday,
        limit,
        "≤ 800 ms",
    )
    .await?;
    bench.report.row(Row {
        what: "`ingest.tickets` of 1,000,000 tickets by a worker".to_owned(),
        measured: format!(
            "{:.1} s, peak memory {:.0} MiB",
            market.loaded.seconds, market.loaded.peak_mib
        ),
        limit: String::new(),
        ratio: None,
        aim: "memory flat",
        load: None,
    });
    bench.market = Some(market);
    Ok(())
}

async fn figure(
    bench: &mut Bench,
    market: &Market,
    what: &str,
    tenants: &[Uuid],
    (from, to): (Date, Date),
    limit_ms: f64,
    aim: &'static str,
) -> Result<()> {
    let period = Period::new(from, to)?;
    let mut client = market.ground.store.client().await?;
    let mut rounds_ms = Vec::new();
    let meter = bench.servers.meter();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        for tenant in tenants {
            kpi_daily::compute(&mut client, *tenant, period).await?;
        }
        rounds_ms.push(started.elapsed().as_secs_f64() * 1e3);
    }
    let load = meter.load();
    let first_ms = rounds_ms[0];
    let median_ms = median(&mut rounds_ms);
    bench.report.row(Row {
        what: format!("KPIs of {what}"),
        measured: format!("{median_ms:.0} ms, at first {first_ms:.0} ms"),
        limit: format!("one pass over 1,000,000 tickets: {limit_ms:.0} ms"),
        ratio: Some(limit_ms / median_ms),
        aim,
        load: Some(load),
    });
    Ok(())
}

/// Milliseconds for the cheapest look at each ticket of the large tenant.
async fn one_pass(market: &Market) -> Result<f64> {
    let statement = "select count(*), min(created_at_remote), max(closed_at) from raw_tickets where tenant_id = $1";
    let mut rounds_ms = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        market.ground.owner.query_one(statement, &[&market.large]).await?;
        rounds_ms.push(started.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(&mut rounds_ms))
}
