//! `courtier api-keys`.

use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use settings::api_keys::ApiKeys;
use store::api_keys::SCOPES;
use store::{Client, Role, api_keys, audit};
use uuid::Uuid;

use crate::{
    options::{ApiKeyAction, FormatArgument, NewApiKey},
    output, start,
};

/// Who it was, for the audit log.
const ACTOR: &str = "cli";

pub(crate) async fn run(action: ApiKeyAction) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    match action {
        ApiKeyAction::Create(wanted) => create(&client, &wanted).await,
        ApiKeyAction::List { tenant, format } => list(&client, tenant, format).await,
        ApiKeyAction::Revoke { id } => revoke(&client, id).await,
    }
}

async fn create(client: &Client, wanted: &NewApiKey) -> anyhow::Result<ExitCode> {
    let pepper = start::pepper(&start::load(ApiKeys::load)?);
    let expires_at = wanted
        .expires_in_days
        .map(|days| Timestamp::now() + SignedDuration::from_hours(24 * i64::from(days)));
    let scopes: Vec<&str> = match wanted.scopes.as_slice() {
        [] => SCOPES.into(),
        scopes => scopes.iter().map(String::as_str).collect(),
    };
    let (tenant, name) = (wanted.tenant, wanted.name.as_str());
    let created =
        api_keys::create_scoped(client, &pepper, tenant, name, &scopes, expires_at).await?;
    let detail =
        json!({"tenant_id": tenant, "name": name, "scopes": scopes, "expires_at": expires_at});
    audit::log(client, ACTOR, "api-keys.create", &created.id.to_string(), &detail).await?;
    if wanted.format.json {
        output::json(&json!({"id": created.id, "key": created.key, "scopes": scopes}));
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
                    "lookup": key.lookup, "scopes": key.scopes, "created_at": key.created_at,
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
            key.scopes.join(" "),
            output::or_dash(key.expires_at),
            output::or_dash(key.last_used_at),
            output::or_dash(key.revoked_at),
        ]
    });
    let header = ["id", "tenant", "name", "key", "rights", "expires", "last used", "revoked"];
    output::table(&header, rows.collect());
    Ok(ExitCode::SUCCESS)
}

async fn revoke(client: &Client, id: Uuid) -> anyhow::Result<ExitCode> {
    if api_keys::revoke(client, id).await? {
        audit::log(client, ACTOR, "api-keys.revoke", &id.to_string(), &json!({})).await?;
        output::line(format_args!("revoked {id}"));
        return Ok(ExitCode::SUCCESS);
    }
    anyhow::bail!("there is no key {id} that could be revoked");
}
