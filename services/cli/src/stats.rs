//! `courtier stats`: what is queued, running and done, and how much of the catalogue is priced.

use std::process::ExitCode;

use cards::hybrid::Factor;
use serde_json::{Value, json};
use store::Role;
use store::card_stats::{CardStats, card_stats};

use crate::{lanes::paused, options::FormatArgument, output, start};

/// Commands that the counts look at; older ones are history.
const NEWEST: i64 = 100_000;
/// A worker that was silent for so long is not shown.
const LIVING_SECONDS: f64 = 120.0;
/// Of an estimate's ratios, those with the most samples are shown.
pub(crate) const MAX_RATIOS: usize = 12;
pub(crate) const RATIO: [&str; 6] = ["series", "band", "variant", "k", "spread", "cards"];

pub(crate) async fn run(format: FormatArgument) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    let counts = store::commands::counts(&client, NEWEST).await?;
    let lag = store::outbox::lag(&client).await?;
    let workers = store::workers::living(&client, LIVING_SECONDS).await?;
    let (pauses, _) = store::lanes::pauses(&client).await?;
    let cards = card_stats(&client).await?;
    let ratios = store::segment_ratios::all(&client).await?;
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
            "ratios": ratios,
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
    if !ratios.is_empty() {
        output::table(&RATIO, ratios.iter().take(MAX_RATIOS).map(ratio).collect());
    }
    Ok(ExitCode::SUCCESS)
}

/// What cards of a segment are asked for beside their reference.
pub(crate) fn ratio(factor: &Factor) -> Vec<String> {
    let segment = json!(factor.segment);
    let part = |key: &str| match &segment[key] {
        Value::Null => "all".to_owned(),
        word => output::text(word),
    };
    vec![
        part("serie_id"),
        part("band"),
        part("variant"),
        format!("{:.3}", factor.k),
        format!("{:.2}", factor.spread),
        factor.n_samples.to_string(),
    ]
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
