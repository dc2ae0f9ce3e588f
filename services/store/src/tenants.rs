//! Table `tenants`: the registry of whom we keep figures for.

use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{Client, Error, Result, Tenant, kpi_dirty};

/// A tenant as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantProfile {
    pub id: Uuid,
    pub name: String,
    pub is_active: bool,
    /// IANA name; a KPI day is a day of this zone.
    pub timezone: String,
    /// Folder in the mock source, when it is not found by the id.
    pub folder: Option<String>,
    pub created_at: Timestamp,
}

/// What is known about a tenant from outside. What is `None` keeps its value, or takes the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantWanted {
    pub id: Uuid,
    pub name: String,
    pub is_active: Option<bool>,
    pub timezone: Option<String>,
    pub folder: Option<String>,
}

/// What [`upsert`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Created,
    Updated,
    Unchanged,
}

const COLUMNS: &str = "id, name, is_active, timezone, folder, created_at";

/// All tenants, or only the active ones, by name.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn list(client: &Client, only_active: bool) -> Result<Vec<TenantProfile>> {
    let statement =
        format!("select {COLUMNS} from tenants where is_active or not $1 order by name, id");
    let rows = client.query(&statement, &[&only_active]).await?;
    Ok(rows.iter().map(profile).collect())
}

/// One tenant, active or not.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn get(client: &Client, id: Uuid) -> Result<Option<TenantProfile>> {
    let statement = format!("select {COLUMNS} from tenants where id = $1");
    Ok(client.query_opt(&statement, &[&id]).await?.as_ref().map(profile))
}

/// Creates or updates a tenant. A new time zone moves the borders of its days: every day with data
/// becomes dirty in the same transaction.
///
/// # Errors
/// [`Error::Invalid`] for an unknown time zone or an empty name.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn upsert(client: &mut Client, wanted: &TenantWanted) -> Result<Change> {
    let tenant = Tenant::begin(client, wanted.id).await?;
    let before = "select name, is_active, timezone, folder from tenants where id = $1 for update";
    let before = tenant.query_opt(before, &[&wanted.id]).await?;
    let statement = "
        insert into tenants as t (id, name, is_active, timezone, folder)
        values ($1, $2, coalesce($3, true), coalesce($4, 'Europe/Paris'), $5)
        on conflict (id) do update set
            name = excluded.name,
            is_active = coalesce($3, t.is_active),
            timezone = coalesce($4, t.timezone),
            folder = coalesce($5, t.folder),
            updated_at = clock_timestamp()
        where (t.name, t.is_active, t.timezone, t.folder) is distinct from
            (excluded.name, coalesce($3, t.is_active), coalesce($4, t.timezone), coalesce($5, t.folder))
        returning timezone";
    let written = tenant
        .query_opt(
            statement,
            &[&wanted.id, &wanted.name, &wanted.is_active, &wanted.timezone, &wanted.folder],
        )
        .await
        .map_err(|error| refused(error, wanted))?;
    let change = match (&before, &written) {
        (None, _) => Change::Created,
        (Some(_), Some(_)) => Change::Updated,
        (Some(_), None) => Change::Unchanged,
    };
    if let (Some(before), Some(after)) = (&before, &written)
        && before.get::<_, String>("timezone") != after.get::<_, String>("timezone")
    {
        kpi_dirty::mark_everything(&tenant).await?;
    }
    tenant.commit().await?;
    Ok(change)
}

fn refused(error: tokio_postgres::Error, wanted: &TenantWanted) -> Error {
    let code = error.code().map_or("", |state| state.code());
    match (code, &wanted.timezone) {
        ("22023", Some(zone)) => Error::Invalid(format!(
            "tenant {}: `{zone}` is not a time zone; write an IANA name such as Europe/Paris",
            wanted.id
        )),
        ("23514", _) => Error::Invalid(format!("tenant {}: the name is empty", wanted.id)),
        _ => error.into(),
    }
}

fn profile(row: &Row) -> TenantProfile {
    TenantProfile {
        id: row.get("id"),
        name: row.get("name"),
        is_active: row.get("is_active"),
        timezone: row.get("timezone"),
        folder: row.get("folder"),
        created_at: row.get("created_at"),
    }
}
