//! Daily KPIs against real PostgreSQL: the range statement, its definitions, what is kept of a
//! computation, and the commands.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "kpi/data.rs"]
mod data;
#[path = "kpi/definitions.rs"]
mod definitions;
#[path = "kpi/explaining.rs"]
mod explaining;
#[path = "kpi/history.rs"]
mod history;
#[path = "kpi/keeping.rs"]
mod keeping;
#[path = "kpi/ranges.rs"]
mod ranges;
#[path = "kpi/revisions.rs"]
mod revisions;
#[path = "kpi/running.rs"]
mod running;

use data::Market;
use jiff::civil::Date;
use msp::kpi::{DailyKpis, Period};
use store::{Tenant, kpi_daily};

/// Computes `from ..= to` and returns how many days changed.
async fn compute(market: &Market, from: Date, to: Date) -> i64 {
    let period = Period::new(from, to).unwrap();
    let mut client = market.client().await;
    let computed = kpi_daily::compute(&mut client, market.tenant_id, period).await.unwrap();
    assert_eq!(computed.n_days, i64::from(period.n_days()));
    computed.n_changed
}

/// What is kept of `from ..= to`, as the HTTP layer reads it.
async fn kept(market: &Market, from: Date, to: Date) -> Vec<DailyKpis> {
    let mut client = market.client().await;
    let tenant = Tenant::begin(&mut client, market.tenant_id).await.unwrap();
    kpi_daily::range(&tenant, from, to).await.unwrap()
}

/// Computes one day and returns it.
async fn day(market: &Market, date: Date) -> DailyKpis {
    compute(market, date, date).await;
    kept(market, date, date).await.pop().unwrap()
}
