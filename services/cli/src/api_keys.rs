//! `courtier api-keys`.

use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{Client, Role, api_keys};
use uuid::Uuid;

use crate::{
    options::{ApiKeyAction, FormatArgument},
    output, start,
};

pub(crate) async fn run(action: ApiKeyAction) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    match action {
        ApiKeyAction::Create { tenant, name, expires_in_days, format } => {
            create(&client, tenant, &name, expires_in_days, format).await
        }
        ApiKeyAction::List { tenant, format } => list(&client, tenant, format).await,
        ApiKeyAction::Revoke { id } => revoke(&client, id).await,
    }
}

async fn create(
    client: &Client,
    tenant: Uuid,
    name: &str,
    expires_in_days: Option<u32>,
    format: FormatArgument,
) -> anyhow::Result<ExitCode> {
    let expires_at = expires_in_days
        .map(|days| Timestamp::now() + SignedDuration::from_hours(24 * i64::from(days)));
    let created = api_keys::create(client, tenant, name, expires_at).await?;
    if format.json {
        output::json(&json!({"id": created.id, "key": created.key}));
    } else {
        output::line(&created.key);
        eprintln!("Keep it now: it is not shown again. Its id is {}.", created.id);
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(
    client: &Client,
    tenant: Option<Uuid>,
    format: FormatArgument,
) -> anyhow::Result<ExitCode> {
    let keys = api_keys::list(client, tenant).await?;
    if format.json {
        let keys: Vec<_> = keys
            .iter()
            .map(|key| {
                json!({
                    "id": key.id, "tenant_id": key.tenant_id, "name": key.name,
                    "lookup": key.lookup, "created_at": key.created_at,
                    "expires_at": key.expires_at, "last_used_at": key.last_used_at,
                    "revoked_at": key.revoked_at,
                })
            })
            .collect();
        output::json(&json!(keys));
        return Ok(ExitCode::SUCCESS);
    }
    let rows = keys.into_iter().map(|key| {
        vec![
            key.id.to_string(),
            key.tenant_id.to_string(),
            key.name,
            format!("msp_ak_{}_…", key.lookup),
            output::or_dash(key.expires_at),
            output::or_dash(key.last_used_at),
            output::or_dash(key.revoked_at),
        ]
    });
    let header = ["id", "tenant", "name", "key", "expires", "last used", "revoked"];
    output::table(&header, rows.collect());
    Ok(ExitCode::SUCCESS)
}

async fn revoke(client: &Client, id: Uuid) -> anyhow::Result<ExitCode> {
    if api_keys::revoke(client, id).await? {
        output::line(format_args!("revoked {id}"));
        return Ok(ExitCode::SUCCESS);
    }
    anyhow::bail!("there is no key {id} that could be revoked");
}
