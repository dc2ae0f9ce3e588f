//! Pages of the OData feed, against PostgreSQL's time for the same rows.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::ingest::median;
use super::market::{self, Market};
use super::report::{Row, thousands};
use super::roles::Role;
use super::{Bench, Result};
use crate::keys;

const ROWS: usize = 5_000;
/// Pages that are read one after the other.
const PAGES: usize = 60;

/// The same rows and columns, read and thrown away by the server: what no feed can undercut.
const LIMIT: &str = "
    explain (analyze, timing off, format json)
    select * from (:select) as t order by created_at, source, ticket_id limit 5000";

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let market = market::market(bench).await?;
    let limit_ms = by_postgres(&market).await?;
    let client = market.ground.store.client().await?;
    let pepper = keys::pepper();
    let key = store::api_keys::create(&client, &pepper, market.large, "bench", None).await?.key;
    let (api, address) = Role::api(&market.ground).await?;
    let meter = bench.servers.meter();
    let (mut pages_ms, n_bytes) =
        pages(&format!("http://{address}/v1/odata/fact_ticket"), &key).await?;
    let load = meter.load();
    let peak = api.memory()?.peak_mib();
    drop(api);
    let median_ms = median(&mut pages_ms);
    let slowest_ms = pages_ms.last().copied().unwrap_or_default();
    bench.report.row(Row {
        what: format!("OData pages of {} rows of `fact_ticket`, all columns", thousands_of(ROWS)),
        measured: format!(
            "{median_ms:.1} ms, slowest of {PAGES} {slowest_ms:.1} ms, {n_bytes:.1} MB each, \
             peak memory {peak:.0} MiB"
        ),
        limit: format!("PostgreSQL alone, first page: {limit_ms:.1} ms"),
        ratio: Some(limit_ms / median_ms),
        aim: "≤ 50 ms",
        load: Some(load),
    });
    bench.market = Some(market);
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "numbers of rows are small")]
fn thousands_of(n: usize) -> String {
    thousands(n as f64)
}

/// Milliseconds of each page until its last byte, and megabytes of the first.
async fn pages(url: &str, key: &str) -> Result<(Vec<f64>, f64)> {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build()?;
    let (mut next, mut pages_ms, mut first_bytes) = (url.to_owned(), Vec::new(), None);
    while pages_ms.len() < PAGES {
        let started = Instant::now();
        // Asked for uncompressed, so that the figure is of the feed and not of gzip.
        let request = client.get(&next).header("x-api-key", key);
        let request = request.header("accept-encoding", "identity");
        let body = request.send().await?.error_for_status()?.bytes().await?;
        pages_ms.push(started.elapsed().as_secs_f64() * 1e3);
        first_bytes.get_or_insert(body.len());
        let page: Value = serde_json::from_slice(&body)?;
        let n_rows = page["value"].as_array().map_or(0, Vec::len);
        if n_rows != ROWS {
            return Err(format!("a page has {n_rows} rows").into());
        }
        page["@odata.nextLink"].as_str().ok_or("a page leads nowhere")?.clone_into(&mut next);
    }
    let n_bytes = u32::try_from(first_bytes.unwrap_or_default())?;
    Ok((pages_ms, f64::from(n_bytes) / 1e6))
}

/// Milliseconds, median of five.
async fn by_postgres(market: &Market) -> Result<f64> {
    let select =
        store::exports::select("fact_ticket", market.large, None).ok_or("no such table")?;
    let (select, _) = select.rsplit_once("order by").ok_or("the export has an order")?;
    let statement = LIMIT.replace(":select", select);
    let mut rounds_ms = Vec::new();
    for _ in 0..5 {
        let row = market.ground.owner.query_one(&statement, &[]).await?;
        let plan: Value = row.get(0);
        rounds_ms.push(plan[0]["Execution Time"].as_f64().ok_or("a plan has no time")?);
    }
    Ok(median(&mut rounds_ms))
}
