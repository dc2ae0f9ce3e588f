//! Table `ingest_rejects`: records that were refused, and why.

use uuid::Uuid;

use crate::ingest::Scope;
use crate::{Client, Result, Tenant};

/// Longest excerpt that is kept.
const MAX_EXCERPT_CHARS: usize = 500;

/// A record that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    pub line: u64,
    pub field: Option<String>,
    pub reason: String,
    /// The record, or its beginning.
    pub excerpt: String,
}

/// The file that the records are from, and the load that read it.
#[derive(Clone, Copy, Debug)]
pub struct RejectOrigin<'a> {
    /// `tickets` or `time_entries`.
    pub kind: &'a str,
    pub file: &'a str,
    pub command_id: Uuid,
}

/// Keeps rejects. A line that was refused before counts up and takes the new reason.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn record(
    client: &mut Client,
    scope: Scope,
    origin: RejectOrigin<'_>,
    rejects: &[Reject],
) -> Result<()> {
    if rejects.is_empty() {
        return Ok(());
    }
    let lines: Vec<i64> = rejects.iter().map(|reject| reject.line.cast_signed()).collect();
    let fields: Vec<_> = rejects.iter().map(|reject| reject.field.as_deref()).collect();
    let reasons: Vec<_> = rejects.iter().map(|reject| printable(&reject.reason)).collect();
    let excerpts: Vec<_> = rejects.iter().map(|reject| printable(&reject.excerpt)).collect();
    // Two rows of one array may share a line; an upsert may not meet a row twice.
    let statement = "
        insert into ingest_rejects as r
            (tenant_id, source, kind, file, line, field, reason, excerpt, command_id)
        select distinct on (n.line) $1, $2, $3, $4, n.line, n.field, n.reason, n.excerpt, $5
        from unnest($6::bigint[], $7::text[], $8::text[], $9::text[]) as n (line, field, reason, excerpt)
        on conflict (tenant_id, source, kind, file, line) do update set
            field = excluded.field, reason = excluded.reason, excerpt = excluded.excerpt,
            command_id = excluded.command_id, last_seen_at = now(), times = r.times + 1";
    let tenant = Tenant::begin(client, scope.tenant_id).await?;
    tenant
        .execute(
            statement,
            &[
                &scope.tenant_id,
                &scope.source,
                &origin.kind,
                &origin.file,
                &origin.command_id,
                &lines,
                &fields,
                &reasons,
                &excerpts,
            ],
        )
        .await?;
    tenant.commit().await
}

fn printable(text: &str) -> String {
    text.chars().filter(|letter| *letter != '\0').take(MAX_EXCERPT_CHARS).collect()
}
