//! Who changed what.

use serde_json::Value;

use crate::{Client, Result};

/// Adds a line to the audit log, which nobody can change afterwards.
///
/// # Errors
/// When the database cannot be written.
pub async fn log(
    client: &Client,
    actor: &str,
    action: &str,
    resource: &str,
    detail: &Value,
) -> Result<()> {
    let statement =
        "insert into audit_log (actor, action, resource, detail) values ($1, $2, $3, $4)";
    client.execute(statement, &[&actor, &action, &resource, &detail]).await?;
    Ok(())
}
