//! Table `kpi_dirty`: days of a tenant whose figures may be stale.

use crate::{Result, Tenant};

/// Marks every day from the tenant's first record to today, in its time zone.
///
/// # Errors
/// When the database cannot be written.
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
