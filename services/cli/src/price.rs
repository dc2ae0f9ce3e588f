//! `courtier price`: orders `cards.reprice`, and shows the price.

use std::{process::ExitCode, time::Duration};

use serde_json::json;
use settings::database::Database;
use store::Role;
use store::commands::CommandRow;

use crate::{
    card,
    enqueue::{exit_code, is_over_for_now, order},
    options::PriceArguments,
    output, start,
};

/// Longest wait for one card.
const PATIENCE: Duration = Duration::from_mins(5);

/// What is shown of the result, in this order.
const LINES: [(&str, &str); 10] = [
    ("query", "query"),
    ("listings", "listings read"),
    ("total", "listings there are"),
    ("rule", "rule"),
    ("verdict", "verdict"),
    ("reason", "reason"),
    ("anchor_eur", "sells for, EUR"),
    ("confidence", "confidence"),
    ("changed", "price list changed"),
    ("calls", "calls"),
];

pub(crate) async fn run(
    PriceArguments { card: arguments, pages }: PriceArguments,
) -> anyhow::Result<ExitCode> {
    let store = start::store(&start::load(Database::load)?, Role::Worker)?;
    let stored = card::find(&store.client().await?, &arguments.card).await?;
    let mut parameters = json!({ "card_id": stored.id });
    if pages > 1 {
        parameters["pages"] = json!(pages);
    }
    let Some(order) = order("cards.reprice", parameters, true).await? else {
        return Ok(ExitCode::from(output::REFUSED));
    };
    let Some(command) = order.follow(PATIENCE, is_over_for_now).await? else {
        return Ok(ExitCode::from(output::STILL_RUNNING));
    };
    if arguments.format.json {
        output::json(&json!(command));
    } else {
        show(stored.card.effective_name(), &command);
    }
    Ok(exit_code(&command))
}

fn show(name: &str, command: &CommandRow) {
    let Some(result) = &command.result else {
        let why = command.error.as_deref().unwrap_or("no call may be made now");
        eprintln!("courtier: {name} is not priced, the command is {}: {why}", command.status);
        return;
    };
    let mut rows: Vec<Vec<String>> = LINES
        .iter()
        .map(|(key, label)| vec![(*label).to_owned(), output::text(&result[*key])])
        .collect();
    for state in ["neuf", "bon", "correct"] {
        rows.push(vec![format!("buy, {state}, EUR"), output::text(&result["buy_eur"][state])]);
    }
    output::table(&[name, ""], rows);
}
