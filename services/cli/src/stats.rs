//! `courtier stats`: what is queued, running and done, and how much of the catalogue is priced.

use std::process::ExitCode;

use serde_json::json;
use store::Role;
use store::card_stats::{CardStats, card_stats};

use crate::{lanes::paused, options::FormatArgument, output, start};

/// Commands that the counts look at; older ones are history.
const NEWEST: i64 = 100_000;
/// A worker that was silent for so long is not shown.
const LIVING_SECONDS: f64 = 120.0;

pub(crate) async fn run(format: FormatArgument) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    let counts = store::commands::counts(&client, NEWEST).await?;
    let lag = store::outbox::lag(&client).await?;
    let workers = store::workers::living(&client, LIVING_SECONDS).await?;
    let (pauses, _) = store::lanes::pauses(&client).await?;
    let cards = card_stats(&client).await?;
    if format.json {
        let counts: Vec<_> = counts
            .iter()
            .map(|(name, status, n)| json!({"name": name, "status": status, "count": n}))
            .collect();
        output::json(&json!({
            "commands": counts,
            "outbox": {"entries": lag.entries, "oldest_seconds": lag.oldest_seconds},
            "workers": workers,
            "paused_lanes": pauses,
            "cards": cards,
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
    for pause in &pauses {
        output::line(format_args!("lane {} is paused {}", pause.lane, paused(pause)));
    }
    show(&cards);
    Ok(ExitCode::SUCCESS)
}

fn show(cards: &CardStats) {
    let counts = [
        ("cards", cards.cards),
        ("active and not hidden", cards.visible),
        ("with a query", cards.with_query),
        ("with a price", cards.with_price),
        ("that failed last time", cards.failing),
        ("snapshots", cards.snapshots),
        ("sold listings", cards.sold),
        ("batches", cards.batches),
    ];
    let rows = counts.into_iter().map(|(label, n)| vec![label.to_owned(), n.to_string()]);
    output::table(&["catalogue", "count"], rows.collect());
}
