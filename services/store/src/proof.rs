//! What a deployment's proof shows of the database: which tables there are, and how full they are.

use jiff::civil::Date;

use crate::{Client, Result, Tenant};

/// How much there is of one tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    pub tickets: i64,
    pub time_entries: i64,
    pub kpi_days: i64,
    pub newest_kpi_day: Option<Date>,
}

/// Names of all tables of the schema, in order.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn tables(client: &Client) -> Result<Vec<String>> {
    let statement = "
        select relname::text from pg_class
        where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
        order by relname";
    Ok(client.query(statement, &[]).await?.iter().map(|row| row.get(0)).collect())
}

/// Counts a tenant's rows.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn rows(tenant: &Tenant<'_>) -> Result<Rows> {
    let statement = "
        select (select count(*) from raw_tickets), (select count(*) from raw_time_entries),
               count(*), max(kpi_date)
        from kpi_daily";
    let row = tenant.query_one(statement, &[]).await?;
    Ok(Rows {
        tickets: row.get(0),
        time_entries: row.get(1),
        kpi_days: row.get(2),
        newest_kpi_day: row.get(3),
    })
}

/// Whether the installation serves a shop alone: it has cards, and no tenant to keep figures for.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn is_shop(client: &Client) -> Result<bool> {
    let statement = "
        select exists (select from cards) and not exists (select from tenants where is_active)";
    Ok(client.query_one(statement, &[]).await?.get(0))
}
