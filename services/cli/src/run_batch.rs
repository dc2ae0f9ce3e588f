//! `courtier run-batch`: orders `batch.run`, and shows its report.

use std::{process::ExitCode, time::Duration};

use cards::hybrid::Factor;
use serde::Deserialize as _;
use serde_json::{Value, json};
use settings::database::Database;
use store::{Role, batches};

use crate::{
    card,
    enqueue::{exit_code, is_over_for_now, order},
    options::RunBatchArguments,
    output, start,
    stats::{MAX_RATIOS, RATIO, ratio},
};

/// A batch ends with the calls of a day, at the latest.
const PATIENCE: Duration = Duration::from_hours(25);

pub(crate) async fn run(arguments: RunBatchArguments) -> anyhow::Result<ExitCode> {
    let (watch, format) = (arguments.watch, arguments.format);
    let parameters = parameters(arguments).await?;
    let Some(order) = order("batch.run", parameters, watch).await? else {
        return Ok(ExitCode::from(output::REFUSED));
    };
    if !watch {
        order.say(format);
        return Ok(ExitCode::SUCCESS);
    }
    let Some(command) = order.follow(PATIENCE, is_over_for_now).await? else {
        return Ok(ExitCode::from(output::STILL_RUNNING));
    };
    // A batch that goes on another day has a report of this one.
    let run = batches::get(&order.store.client().await?, order.id).await?;
    let report = run.and_then(|run| run.report);
    if format.json {
        output::json(&json!({"id": order.id, "status": command.status, "report": report}));
    } else {
        output::line(format_args!("batch {} {}", order.id, command.status));
        if let Some(report) = &report {
            show(report);
        }
    }
    if let Some(error) = &command.error {
        eprintln!("courtier: {error}");
    }
    Ok(exit_code(&command))
}

async fn parameters(arguments: RunBatchArguments) -> anyhow::Result<Value> {
    let mut parameters = json!({ "mode": arguments.mode });
    if let Some(set) = arguments.set {
        parameters["set"] = json!(set);
    }
    if let Some(limit) = arguments.limit {
        parameters["limit"] = json!(limit);
    }
    if !arguments.card.is_empty() {
        let store = start::store(&start::load(Database::load)?, Role::Worker)?;
        let client = store.client().await?;
        let mut ids = Vec::new();
        for text in &arguments.card {
            ids.push(card::find(&client, text).await?.id);
        }
        parameters["cards"] = json!(ids);
    }
    Ok(parameters)
}

fn show(report: &Value) {
    let (progress, quota) = (&report["progress"], &report["quota"]);
    let counts = [
        ("cards", &progress["targeted"]),
        ("succeeded", &progress["succeeded"]),
        ("failed", &progress["failed"]),
        ("skipped", &progress["skipped"]),
        ("deferred", &progress["deferred"]),
        ("stopped", &progress["stopped"]),
        ("due beyond this batch", &report["plan"]["counts"]["deferred"]),
        ("days until all is fresh", &report["plan"]["days_until_fresh"]),
        ("calls", &progress["calls"]),
        ("calls used today", &quota["used"]),
        ("calls left", &quota["free"]),
        ("next calls from", &quota["window_end"]),
    ];
    let rows = counts.into_iter().map(|(label, value)| vec![label.to_owned(), output::text(value)]);
    output::table(&["batch", ""], rows.collect());
    list(&report["top_moves"], "moved most, EUR", &["tcgdex_id", "name", "before", "after"]);
    odd(&report["anomalies"]);
    if let Some(ratios) = report["ratios"].as_array() {
        output::line(format_args!("estimated with {} ratios", ratios.len()));
        let ratios = ratios.iter().filter_map(|ratio| Factor::deserialize(ratio).ok());
        output::table(&RATIO, ratios.take(MAX_RATIOS).map(|factor| ratio(&factor)).collect());
    }
    list(&report["failures"], "failed", &["card_id", "set_id", "detail"]);
}

/// What somebody should look at.
fn odd(anomalies: &Value) {
    let counts = ["moves", "dispersed", "cardmarket_fallback", "to_review", "suspended"];
    let counts = counts.map(|count| format!("{count} {}", output::text(&anomalies[count])));
    let n_cards = output::text(&anomalies["cards"]);
    output::line(format_args!("odd: {n_cards} cards ({})", counts.join(", ")));
    let top = anomalies["top"].as_array().map_or(&[][..], Vec::as_slice);
    if top.is_empty() {
        return;
    }
    let row = |card: &Value| {
        let reasons = card["reasons"].as_array().map_or(&[][..], Vec::as_slice);
        let reasons: Vec<String> = reasons.iter().map(output::text).collect();
        let mut row =
            ["tcgdex_id", "name", "before", "after"].map(|key| output::text(&card[key])).to_vec();
        row.push(reasons.join(", "));
        row
    };
    output::table(&["tcgdex_id", "name", "before", "after", "why"], top.iter().map(row).collect());
}

/// A table of some fields, when there is anything to show.
fn list(items: &Value, title: &str, fields: &[&str]) {
    let items = items.as_array().map_or(&[][..], Vec::as_slice);
    if items.is_empty() {
        return;
    }
    output::line(title);
    let row = |item: &Value| fields.iter().map(|field| output::text(&item[*field])).collect();
    output::table(fields, items.iter().map(row).collect());
}
