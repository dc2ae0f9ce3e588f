//! `courtier test-query`: what eBay would be asked for a card.

use std::process::ExitCode;

use serde_json::json;
use store::Role;

use crate::{card, options::CardArguments, output, start};

pub(crate) async fn run(arguments: CardArguments) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    let stored = card::find(&client, &arguments.card).await?;
    let card = &stored.card;
    let (asked, built) = (cards::query::of(card), cards::query::build(card));
    if arguments.format.json {
        output::json(&json!({
            "id": stored.id, "tcgdex_id": card.tcgdex_id, "query": asked, "built": built,
            "override": card.ebay_query_override, "stored": stored.ebay_query,
        }));
        return Ok(ExitCode::SUCCESS);
    }
    match &asked {
        Some(query) => output::line(query),
        None => output::line("nothing: the card has no name to search for, override its query"),
    }
    let built = built.unwrap_or_else(|| "nothing".to_owned());
    let from = if card.ebay_query_override.is_some() { "the shop's own" } else { "built" };
    eprintln!(
        "{} {} {}: {from}; built from the card: {built}",
        card.effective_name(),
        card.effective_number_full().unwrap_or_else(|| card.effective_local_id().to_owned()),
        card.card_number_format,
    );
    Ok(ExitCode::SUCCESS)
}
