//! `courtier stats`: what is queued, running and done.

use std::process::ExitCode;

use serde_json::json;
use store::Role;

use crate::{options::FormatArgument, output, start};

/// Commands that the counts look at; older ones are history.
const NEWEST: i64 = 100_000;
/// A worker that was silent for so long is not shown.
const LIVING_SECONDS: f64 = 120.0;

pub(crate) async fn run(format: FormatArgument) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    let counts = store::commands::counts(&client, NEWEST).await?;
    let lag = store::outbox::lag(&client).await?;
    let workers = store::workers::living(&client, LIVING_SECONDS).await?;
    if format.json {
        let counts: Vec<_> = counts
            .iter()
            .map(|(name, status, n)| json!({"name": name, "status": status, "count": n}))
            .collect();
        output::json(&json!({
            "commands": counts,
            "outbox": {"entries": lag.entries, "oldest_seconds": lag.oldest_seconds},
            "workers": workers,
        }));
        return Ok(ExitCode::SUCCESS);
    }
    let rows = counts.into_iter().map(|(name, status, n)| vec![name, status, n.to_string()]);
    output::table(&["command", "status", "count"], rows.collect());
    output::line(format_args!(
        "outbox: {} waiting, the oldest for {:.1} s",
        lag.entries, lag.oldest_seconds
    ));
    let rows = workers.into_iter().map(|worker| {
        let seen = worker.seen_at.to_string();
        vec![worker.host, worker.version, worker.lanes.join(" "), worker.slots.to_string(), seen]
    });
    output::table(&["worker", "version", "lanes", "slots", "seen"], rows.collect());
    Ok(ExitCode::SUCCESS)
}
