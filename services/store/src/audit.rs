//! Who changed what.

use deadpool_postgres::GenericClient;
use jiff::Timestamp;
use serde_json::Value;

use crate::{Client, Result};

/// Adds a line to the audit log, which nobody can change afterwards; in a transaction, with it.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn log(
    client: &impl GenericClient,
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

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: i64,
    pub at: Timestamp,
    pub actor: String,
    pub action: String,
    pub resource: String,
    pub detail: Option<Value>,
}

/// Which lines to list; `None` is no restriction.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub actor: Option<String>,
    /// An action, or its first segment.
    pub action: Option<String>,
    pub resource: Option<String>,
    /// Only lines older than this one: the last id of the page before.
    pub before: Option<i64>,
    pub limit: i64,
}

/// Newest first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn list(client: &Client, filter: &Filter) -> Result<Vec<Line>> {
    let statement = "
        select id, at, actor, action, resource, detail from audit_log
        where ($1::text is null or actor = $1)
          and ($2::text is null or action = $2 or action like $2 || '.%')
          and ($3::text is null or resource = $3)
          and ($4::bigint is null or id < $4)
        order by id desc limit $5";
    let Filter { actor, action, resource, before, limit } = filter;
    let rows = client.query(statement, &[actor, action, resource, before, limit]).await?;
    Ok(rows
        .iter()
        .map(|row| Line {
            id: row.get(0),
            at: row.get(1),
            actor: row.get(2),
            action: row.get(3),
            resource: row.get(4),
            detail: row.get(5),
        })
        .collect())
}
