//! What exports read: one binary COPY per table, all from one snapshot.
//!
//! Use: [`Tenant::snapshot`], [`try_lock`], [`prepare`], then [`copy`] for each table; dimensions
//! after [`collect_names`].

pub(crate) mod select;

use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use crate::{Client, Error, Result, Tenant};

pub use select::{names, select};

/// When a snapshot was taken, in the terms of its tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub at: Timestamp,
    /// Everything stored before this is in the snapshot: transactions that were still running are
    /// assumed to have begun less than a quarter of an hour ago.
    pub watermark: Timestamp,
    /// IANA name of the tenant's time zone.
    pub timezone: String,
    /// The day it is there.
    pub today: Date,
    snapshot: String,
}

/// A fact that is exported by days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    Tickets,
    TimeEntries,
    DailyKpis,
}

/// Takes the tenant's export lock until the transaction ends; `false` when another has it.
///
/// # Errors
/// When the connection is broken.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn try_lock(tenant: &Tenant<'_>) -> Result<bool> {
    let statement = "select pg_try_advisory_xact_lock(hashtextextended('exports ' || $1, 0))";
    Ok(tenant.query_one(statement, &[&tenant.id().to_string()]).await?.get(0))
}

// A large COPY takes longer than other statements, and a slow disk holds up its end. Without full
// sorts it follows the index of its days: rows flow at once, and nothing spills to disk.
const SETTINGS: &str = "
    set local statement_timeout = 0;
    set local idle_in_transaction_session_timeout = '10min';
    set local enable_sort = off";

/// Makes the transaction ready for [`copy`]: days are those of the tenant's time zone from here on.
/// `None` when there is no such tenant.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn prepare(tenant: &Tenant<'_>) -> Result<Option<Moment>> {
    tenant.batch_execute(SETTINGS).await?;
    // The conversion of an instant to the session's time zone costs a fraction of `at time zone`.
    let statement = "
        select now() as at, now() - interval '15 minutes' as watermark,
               set_config('timezone', timezone, true) as timezone,
               (now() at time zone timezone)::date as today, pg_export_snapshot() as snapshot
        from tenants where id = $1";
    let Some(row) = tenant.query_opt(statement, &[&tenant.id()]).await? else { return Ok(None) };
    Ok(Some(Moment {
        at: row.get("at"),
        watermark: row.get("watermark"),
        timezone: row.get("timezone"),
        today: row.get("today"),
        snapshot: row.get("snapshot"),
    }))
}

/// A second transaction at the same moment, so that two tables can be copied at the same time. The
/// prepared one must stay open meanwhile.
///
/// # Errors
/// When the connection is broken.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn join<'a>(client: &'a mut Client, id: Uuid, moment: &Moment) -> Result<Tenant<'a>> {
    let tenant = Tenant::in_snapshot(client, id, &moment.snapshot).await?;
    tenant.batch_execute(SETTINGS).await?;
    let statement = "select set_config('timezone', $1, true)";
    tenant.query_one(statement, &[&moment.timezone]).await?;
    Ok(tenant)
}

/// Collects the names for the dimensions; copies of dimensions need it, in the same transaction.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn collect_names(tenant: &Tenant<'_>) -> Result<()> {
    Ok(tenant.batch_execute(&select::names(tenant.id())).await?)
}

/// Days of `fact` that hold a row which was stored at `since` or later.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn touched_days(tenant: &Tenant<'_>, fact: Fact, since: Timestamp) -> Result<Vec<Date>> {
    let statement = match fact {
        Fact::Tickets => {
            "select distinct created_at_remote::date from raw_tickets
             where tenant_id = $1 and ingested_at >= $2"
        }
        Fact::TimeEntries => {
            "select distinct date_worked from raw_time_entries
             where tenant_id = $1 and ingested_at >= $2"
        }
        Fact::DailyKpis => {
            "select kpi_date from kpi_daily where tenant_id = $1 and computed_at >= $2"
        }
    };
    let rows = tenant.query(statement, &[&tenant.id(), &since]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Streams `table` as binary COPY messages, one row each, in the order of its days. `days` limits a
/// fact to these days; `None` and dimensions: everything.
///
/// # Errors
/// [`Error::Invalid`] for an unknown table; otherwise when the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn copy(
    tenant: &Tenant<'_>,
    table: &str,
    days: Option<&[Date]>,
) -> Result<impl Stream<Item = Result<Bytes>> + use<>> {
    let select = select(table, tenant.id(), days)
        .ok_or_else(|| Error::Invalid(format!("`{table}` is not a table of the export")))?;
    // COPY takes no parameters; ids and dates are all that was put into the text.
    let statement = format!("copy ({select}) to stdout (format binary)");
    Ok(tenant.copy_out(&statement).await?.map_err(Error::from))
}
