//! How fresh a tenant's figures are: what was ingested when, and which days wait for a computation.

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use crate::{Client, Result, Tenant};

/// When a command of this name last succeeded for a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastDone {
    pub tenant_id: Uuid,
    pub name: String,
    pub at: Timestamp,
}

/// Rows of `commands` that are looked at.
const NEWEST: i64 = 10_000;

/// When each of these commands last succeeded for each tenant, among the newest commands.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn last_done(client: &Client, names: &[&str]) -> Result<Vec<LastDone>> {
    let statement = "
        select tenant_id, name, max(finished_at) from (
            select tenant_id, name, status, finished_at from commands order by id desc limit $1
        ) newest
        where status = 'succeeded' and tenant_id is not null and name = any ($2)
        group by 1, 2";
    let rows = client.query(statement, &[&NEWEST, &names]).await?;
    Ok(rows
        .iter()
        .map(|row| LastDone { tenant_id: row.get(0), name: row.get(1), at: row.get(2) })
        .collect())
}

/// The first `limit` days up to `today` whose figures may be stale.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn dirty_days(tenant: &Tenant<'_>, today: Date, limit: i64) -> Result<Vec<Date>> {
    let statement = "
        select distinct day::date from (
            select range_agg(piece) as days from kpi_dirty, unnest(days) piece
            where tenant_id = $1
        ) d, unnest(days * datemultirange(daterange(null, $2, '[]'))) piece,
        lateral generate_series(lower(piece), upper(piece) - 1, interval '1 day') day
        order by 1 limit $3";
    let rows = tenant.query(statement, &[&tenant.id(), &today, &limit]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}
