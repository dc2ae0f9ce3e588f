//! What the figures of a day were before: table `kpi_revisions`.

use jiff::{Timestamp, civil::Date};
use msp::kpi::DailyKpis;

use super::read::{COLUMNS, daily_kpis};
use crate::{Result, Tenant};

/// Figures of a day while they stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    pub kpis: DailyKpis,
    pub known_since: Timestamp,
    /// When others took their place; `None` for those that stand.
    pub known_until: Option<Timestamp>,
}

/// A moment at which somebody looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AsOf {
    Instant(Timestamp),
    /// The end of a day of the tenant's time zone.
    EndOf(Date),
}

const REVISIONS: &str = "
    (select (jsonb_populate_record(null::kpi_daily, kept)).*, known_since as since, known_until
     from kpi_revisions where tenant_id = $1 and kpi_date = $2
     union all
     select kpi_daily.*, known_since, null from kpi_daily where tenant_id = $1 and kpi_date = $2)
    as revision";

/// All figures that a day has had, oldest first; empty when it was never computed.
///
/// # Errors
/// When the database cannot be read.
pub async fn revisions(tenant: &Tenant<'_>, date: Date) -> Result<Vec<Revision>> {
    let statement =
        format!("select {COLUMNS}, since, known_until from {REVISIONS} order by revision.revision");
    let rows = tenant.query(&statement, &[&tenant.id(), &date]).await?;
    let revision = |row: &tokio_postgres::Row| Revision {
        kpis: daily_kpis(row),
        known_since: row.get("since"),
        known_until: row.get("known_until"),
    };
    Ok(rows.iter().map(revision).collect())
}

/// The figures of a day as they were at `moment`; `None` when there were none yet, or none that
/// were kept. Of figures that were replaced within a day more than a week ago, those that stood
/// before are given.
///
/// # Errors
/// When the database cannot be read.
pub async fn day_as_of(tenant: &Tenant<'_>, date: Date, moment: AsOf) -> Result<Option<DailyKpis>> {
    let (instant, day) = match moment {
        AsOf::Instant(instant) => (Some(instant), None),
        AsOf::EndOf(day) => (None, Some(day)),
    };
    let statement = format!(
        "with moment as (
            select coalesce($3::timestamptz,
                ($4::date + 1)::timestamp at time zone timezone - interval '1 microsecond') as at
            from tenants where id = $1
        )
        select {COLUMNS} from moment, {REVISIONS}
        where since <= at order by since desc limit 1"
    );
    let row = tenant.query_opt(&statement, &[&tenant.id(), &date, &instant, &day]).await?;
    Ok(row.as_ref().map(daily_kpis))
}
