//! Whether a connection is encrypted, as the server sees it.

use crate::{Client, Result};

/// The protocol, such as `TLSv1.3`; `None` when everybody on the way can read along.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn protocol(client: &mut Client) -> Result<Option<String>> {
    let transaction = client.transaction().await?;
    // The group roles may not look at sessions of the login, their own included.
    transaction.batch_execute("set local role none").await?;
    let statement = "select version from pg_stat_ssl where pid = pg_backend_pid()";
    let protocol = transaction.query_one(statement, &[]).await?.get(0);
    transaction.commit().await?;
    Ok(protocol)
}
