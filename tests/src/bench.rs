//! Measures speed, each figure beside a limit that is measured in the same run.
//!
//! Reading order: [`MEASUREMENTS`] lists what can be measured, one file each; [`ground`] prepares
//! a database and queues; [`roles`] starts the real `courtier` processes; [`load`] tells which part
//! of the processors was taken by others; [`report`] prints.

mod accept;
mod cards;
mod catalogue;
mod execute;
mod exports;
mod ground;
mod growth;
mod http;
mod idle;
mod ingest;
mod kpis;
mod limits;
mod load;
mod market;
mod odata;
mod pages;
mod pricing;
mod read;
mod relay;
mod report;
mod roles;
mod together;
mod tools;

use std::future::ready;

use futures::future::LocalBoxFuture;

use load::Servers;
use market::Market;
use report::Report;

/// Anything that stops a measurement. Nobody handles it: it is shown.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// What a measurement needs.
pub struct Bench {
    /// Also the slow ones: 5,000,000 finished commands, 100 tenants with 20,000 tickets each.
    pub full: bool,
    report: Report,
    servers: Servers,
    /// Made by the first measurement that needs it.
    market: Option<Market>,
}

/// One measurement.
pub struct Measurement {
    pub name: &'static str,
    run: for<'a> fn(&'a mut Bench) -> LocalBoxFuture<'a, Result<()>>,
}

/// Everything that can be measured, in the order of the report.
pub static MEASUREMENTS: &[Measurement] = &[
    Measurement { name: "idle", run: |bench| Box::pin(idle::measure(bench)) },
    Measurement { name: "accept", run: |bench| Box::pin(accept::measure(bench)) },
    Measurement { name: "read", run: |bench| Box::pin(read::measure(bench)) },
    Measurement { name: "relay", run: |bench| Box::pin(relay::measure(bench)) },
    Measurement { name: "execute", run: |bench| Box::pin(execute::measure(bench)) },
    Measurement { name: "together", run: |bench| Box::pin(together::measure(bench)) },
    Measurement { name: "growth", run: |bench| Box::pin(growth::measure(bench)) },
    Measurement { name: "ingest", run: |bench| Box::pin(ingest::measure(bench)) },
    Measurement { name: "kpis", run: |bench| Box::pin(kpis::measure(bench)) },
    Measurement { name: "exports", run: |bench| Box::pin(exports::measure(bench)) },
    Measurement { name: "odata", run: |bench| Box::pin(odata::measure(bench)) },
    Measurement { name: "cards", run: |bench| Box::pin(cards::measure(bench)) },
    Measurement { name: "catalogue", run: |bench| Box::pin(catalogue::measure(bench)) },
    Measurement { name: "pages", run: |bench| Box::pin(pages::measure(bench)) },
    Measurement { name: "pricing", run: |bench| Box::pin(ready(pricing::measure(bench))) },
];

/// Runs the measurements of these names, all when there are none, and returns the report in
/// Markdown.
///
/// # Errors
/// When a server is missing, or a measurement broke off.
pub async fn run(names: &[String], full: bool) -> Result<String> {
    let servers = Servers::find()?;
    let mut bench = Bench { full, report: Report::default(), servers, market: None };
    for measurement in MEASUREMENTS {
        if names.is_empty() || names.iter().any(|name| name == measurement.name) {
            eprintln!("# {}", measurement.name);
            (measurement.run)(&mut bench).await?;
        }
    }
    if let Some(market) = bench.market.take() {
        market.ground.end().await?;
    }
    Ok(bench.report.markdown())
}
