//! Reads and changes schedules on somebody's order.

use serde_json::json;
use tokio_postgres::Row;

use super::{NIGHTLY_BATCH, Schedule};
use crate::{Client, Error, Result, audit};

/// What became of an order to change a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Created,
    Updated,
    Removed,
    /// It is so already.
    Unchanged,
    /// There is no such schedule.
    Missing,
}

const COLUMNS: &str = "name, command, parameters, tenant_id, each_tenant, cron, timezone, only_when, \
                       is_enabled, changed_at";

/// Every schedule, by name.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn list(client: &Client) -> Result<Vec<Schedule>> {
    let statement = format!("select {COLUMNS} from schedules order by name");
    client.query(&statement, &[]).await?.iter().map(schedule).collect()
}

/// One schedule.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn get(client: &Client, name: &str) -> Result<Option<Schedule>> {
    let statement = format!("select {COLUMNS} from schedules where name = $1");
    client.query_opt(&statement, &[&name]).await?.as_ref().map(schedule).transpose()
}

const PUT: &str = "
insert into schedules as s
    (name, command, parameters, tenant_id, each_tenant, cron, timezone, only_when, is_enabled)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (name) do update set
    command = excluded.command, parameters = excluded.parameters, tenant_id = excluded.tenant_id,
    each_tenant = excluded.each_tenant, cron = excluded.cron, timezone = excluded.timezone,
    only_when = excluded.only_when, is_enabled = excluded.is_enabled,
    changed_at = clock_timestamp()
where (s.command, s.parameters, s.tenant_id, s.each_tenant, s.cron, s.timezone, s.only_when,
       s.is_enabled)
    is distinct from (excluded.command, excluded.parameters, excluded.tenant_id,
       excluded.each_tenant, excluded.cron, excluded.timezone, excluded.only_when,
       excluded.is_enabled)";

/// Creates or replaces the schedule of that name, with a line of the audit log, and notifies the
/// channel `schedules`. `changed_at` is the database's. The caller has checked what it means.
///
/// # Errors
/// [`Error::is_data`] when a value cannot be stored, such as an unknown tenant.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn put(client: &mut Client, actor: &str, wanted: &Schedule) -> Result<Change> {
    let before = get(client, &wanted.name).await?;
    let transaction = client.transaction().await?;
    let condition = wanted.only_when.map(super::Condition::as_str);
    let n_rows = transaction
        .execute(
            PUT,
            &[
                &wanted.name,
                &wanted.command,
                &wanted.parameters,
                &wanted.tenant_id,
                &wanted.each_tenant,
                &wanted.cron,
                &wanted.timezone,
                &condition,
                &wanted.is_enabled,
            ],
        )
        .await?;
    if n_rows == 0 {
        return Ok(Change::Unchanged);
    }
    let detail = json!({ "before": before, "after": wanted });
    audit::log(&transaction, actor, "schedule.set", &wanted.name, &detail).await?;
    transaction.batch_execute("notify schedules").await?;
    transaction.commit().await?;
    Ok(if before.is_some() { Change::Updated } else { Change::Created })
}

/// Switches a schedule on or off, audited. Slots of the time it was off do not fire.
///
/// # Errors
/// [`Error::Invalid`] for [`NIGHTLY_BATCH`], which is switched by a setting.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn set_enabled(
    client: &mut Client,
    actor: &str,
    name: &str,
    is_enabled: bool,
) -> Result<Change> {
    if name == NIGHTLY_BATCH {
        return Err(Error::Invalid(format!(
            "{name} is switched by a setting: set batch_enabled to {is_enabled}"
        )));
    }
    let Some(schedule) = get(client, name).await? else { return Ok(Change::Missing) };
    put(client, actor, &Schedule { is_enabled, ..schedule }).await
}

/// Removes a schedule, audited. What it ordered stays.
///
/// # Errors
/// [`Error::Invalid`] for [`NIGHTLY_BATCH`], which belongs to the settings.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn remove(client: &mut Client, actor: &str, name: &str) -> Result<Change> {
    if name == NIGHTLY_BATCH {
        return Err(Error::Invalid(format!(
            "{name} cannot be removed: set batch_enabled to false"
        )));
    }
    let Some(before) = get(client, name).await? else { return Ok(Change::Missing) };
    let transaction = client.transaction().await?;
    transaction.execute("delete from schedules where name = $1", &[&name]).await?;
    let detail = json!({ "before": before });
    audit::log(&transaction, actor, "schedule.remove", name, &detail).await?;
    transaction.batch_execute("notify schedules").await?;
    transaction.commit().await?;
    Ok(Change::Removed)
}

pub(super) fn schedule(row: &Row) -> Result<Schedule> {
    let only_when: Option<String> = row.get("only_when");
    Ok(Schedule {
        name: row.get("name"),
        command: row.get("command"),
        parameters: row.get("parameters"),
        tenant_id: row.get("tenant_id"),
        each_tenant: row.get("each_tenant"),
        cron: row.get("cron"),
        timezone: row.get("timezone"),
        only_when: only_when.map(|text| text.parse()).transpose().map_err(Error::Value)?,
        is_enabled: row.get("is_enabled"),
        changed_at: row.get("changed_at"),
    })
}
