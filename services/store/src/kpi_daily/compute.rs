//! Computes ranges of days.

use jiff::{Timestamp, civil::Date};
use msp::kpi::{DEFINITION_VERSION, Period};
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::{Client, Error, Result, Tenant};

/// Days of one statement. Its memory grows with the tickets of its range, its time with their
/// number: a year of a million tickets takes seconds.
pub const MAX_DAYS_AT_ONCE: i32 = 366;

/// What a computation did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Computed {
    /// Days computed.
    pub n_days: i64,
    /// Days of which a figure changed, or that became final.
    pub n_changed: i64,
    /// Dirty markers taken off.
    pub n_markers: i64,
}

// Custom plans: a generic one does not see the bounds of the calendar, and repeats whole steps for
// each day. No hash joins: tickets and time entries meet in the order of their keys, which needs no
// memory. No memoize: every ticket comes once, so that it never finds anything again, and yet it
// makes half a million probes look cheaper than one walk along the keys. Joins as written:
// searching a better order would take half of a small tenant's time. A long range sorts its
// durations: give it room, and more time than other statements.
const SETTINGS: &str = "
set local plan_cache_mode = force_custom_plan;
set local enable_hashjoin = off;
set local enable_memoize = off;
set local join_collapse_limit = 1;
set local work_mem = '64MB';
set local statement_timeout = '5min'";

// One computation per tenant at a time. A statement of its own, so that the snapshot of the
// computation begins after the lock is held.
const LOCK: &str = "select pg_advisory_xact_lock(hashtextextended('kpi_daily ' || $1, 0))";

const CALENDAR: &str = include_str!("calendar.sql");

const COMPUTE: &str = include_str!("compute.sql");

// Today may be computed every few minutes, with other figures each time. After a week only those
// are kept that stood at the end of a day, so that a month of a year ago is told by some rows a day.
const THIN: &str = "
    delete from kpi_revisions as old using tenants as tenant
    where tenant.id = $1 and old.tenant_id = $1 and old.kpi_date between $2::date - 30 and $3
      and old.known_until < now() - interval '7 days'
      and (old.known_since at time zone tenant.timezone)::date
          = (old.known_until at time zone tenant.timezone)::date";

/// The day it is now in the tenant's time zone; `None` when there is no such tenant.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn today(client: &Client, tenant_id: Uuid) -> Result<Option<Date>> {
    let statement = "select (now() at time zone timezone)::date from tenants where id = $1";
    Ok(client.query_opt(statement, &[&tenant_id]).await?.map(|row| row.get(0)))
}

/// Computes every day of `period` in one snapshot and one transaction: writes the days that
/// changed, and takes off the dirty markers that the snapshot holds. Markers of records that are
/// loaded meanwhile stay.
///
/// # Errors
/// [`Error::Invalid`] for an unknown tenant or more than [`MAX_DAYS_AT_ONCE`] days;
/// [`Error::Unavailable`] when the tenant's time zone changed meanwhile: try again.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn compute(client: &mut Client, tenant_id: Uuid, period: Period) -> Result<Computed> {
    if period.n_days() > MAX_DAYS_AT_ONCE {
        let message = format!("compute at most {MAX_DAYS_AT_ONCE} days at once");
        return Err(Error::Invalid(message));
    }
    let tenant = Tenant::begin(client, tenant_id).await?;
    tenant.batch_execute(SETTINGS).await?;
    tenant.query_one(LOCK, &[&tenant_id.to_string()]).await?;
    let calendar = Calendar::of(&tenant, period).await?;
    let row = tenant
        .query_typed_one(
            COMPUTE,
            &[
                (&tenant_id, Type::UUID),
                (&period.from(), Type::DATE),
                (&period.to(), Type::DATE),
                (&calendar.midnights, Type::TIMESTAMPTZ_ARRAY),
                (&calendar.timezone, Type::TEXT),
                (&DEFINITION_VERSION, Type::INT4),
            ],
        )
        .await?;
    if row.get::<_, Option<bool>>("same_calendar") != Some(true) {
        return Err(Error::Unavailable("the tenant's time zone changed meanwhile".into()));
    }
    tenant.execute(THIN, &[&tenant_id, &period.from(), &period.to()]).await?;
    tenant.commit().await?;
    Ok(Computed {
        n_days: period.n_days().into(),
        n_changed: row.get("changed"),
        n_markers: row.get("markers"),
    })
}

/// Where the days of a period begin.
pub(super) struct Calendar {
    timezone: String,
    pub(super) midnights: Vec<Timestamp>,
}

impl Calendar {
    /// When the last day of the period begins.
    pub(super) fn begin_of_last(&self) -> Option<Timestamp> {
        self.midnights.iter().rev().nth(1).copied()
    }

    /// When the day after the period begins.
    pub(super) fn end_of_last(&self) -> Option<Timestamp> {
        self.midnights.last().copied()
    }

    pub(super) async fn of(tenant: &Tenant<'_>, period: Period) -> Result<Calendar> {
        let row = tenant
            .query_opt(CALENDAR, &[&tenant.id(), &period.from(), &period.to()])
            .await?
            .ok_or_else(|| Error::Invalid(format!("tenant {} is not known", tenant.id())))?;
        Ok(Calendar { timezone: row.get("timezone"), midnights: row.get("midnights") })
    }
}
