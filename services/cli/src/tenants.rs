//! `courtier tenants`.

use std::process::ExitCode;

use serde_json::json;
use store::Role;

use crate::{options::FormatArgument, output, start};

pub(crate) async fn run(format: FormatArgument) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    let tenants = store::tenants::list(&client, false).await?;
    if format.json {
        let tenants: Vec<_> = tenants
            .iter()
            .map(|tenant| {
                json!({
                    "id": tenant.id, "name": tenant.name, "is_active": tenant.is_active,
                    "timezone": tenant.timezone, "folder": tenant.folder,
                })
            })
            .collect();
        output::json(&json!(tenants));
        return Ok(ExitCode::SUCCESS);
    }
    let rows = tenants.into_iter().map(|tenant| {
        let active = if tenant.is_active { "yes" } else { "no" };
        let folder = output::or_dash(tenant.folder);
        vec![tenant.id.to_string(), tenant.name, active.to_owned(), tenant.timezone, folder]
    });
    output::table(&["id", "name", "active", "time zone", "folder"], rows.collect());
    Ok(ExitCode::SUCCESS)
}
