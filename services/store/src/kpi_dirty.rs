//! Table `kpi_dirty`: days of a tenant whose figures may be stale.

use jiff::ToSpan;
use jiff::civil::Date;
use msp::kpi::{FIRST_DATE, MAX_DAYS, Period};

use crate::{Error, Result, Tenant};

/// Marks every day from the tenant's first record to today, in its time zone.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn mark_everything(tenant: &Tenant<'_>) -> Result<()> {
    let statement = "
        insert into kpi_dirty (tenant_id, days)
        select t.id, datemultirange(daterange(least(f.day, n.day), n.day, '[]'))
        from tenants t
        cross join lateral (
            select least(
                (select (min(created_at_remote) at time zone t.timezone)::date
                 from raw_tickets where tenant_id = t.id),
                (select min(date_worked) from raw_time_entries where tenant_id = t.id)) as day
        ) f
        cross join lateral (select (now() at time zone t.timezone)::date as day) n
        where t.id = $1 and f.day is not null";
    tenant.execute(statement, &[&tenant.id()]).await?;
    Ok(())
}

/// The days that may be stale and have begun, oldest first, as periods of whole runs of days.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn periods(tenant: &Tenant<'_>, today: Date) -> Result<Vec<Period>> {
    let statement = "
        select lower(run), upper(run) - 1
        from (select range_agg(days) * datemultirange(daterange($1, $2, '[]')) as days
              from kpi_dirty) as dirty, unnest(days) as run
        order by run";
    let rows = tenant.query(statement, &[&FIRST_DATE, &today]).await?;
    let mut periods = Vec::new();
    for row in rows {
        let (mut from, to): (Date, Date) = (row.get(0), row.get(1));
        while from <= to {
            let last = from.saturating_add((MAX_DAYS - 1).days()).min(to);
            let period = Period::new(from, last);
            periods.push(period.map_err(|error| Error::Value(error.to_string()))?);
            from = last.saturating_add(1.day());
        }
    }
    Ok(periods)
}
