//! `courtier explain`: the newest look at a card, listing by listing and step by step.

use std::process::ExitCode;

use cards::buy::Step;
use cards::classic::{Bucket, Valuation};
use cards::classify::Rejection;
use cards::explain::ExplainedListing;
use cards::robust::Decision;
use commands::Explained;
use serde::Serialize;
use serde_json::{Value, json};
use store::Role;

use crate::{card::named, options::CardArguments, output, start};

/// Characters of a title in the table.
const TITLE_CHARS: usize = 60;

pub(crate) async fn run(arguments: CardArguments) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    let explained = commands::explain(&client, named(&arguments.card)).await;
    let explained =
        explained.map_err(|failure| anyhow::anyhow!("{}: {failure}", arguments.card))?;
    if arguments.format.json {
        output::json(&json!(explained));
    } else {
        show(&explained);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(explained: &Explained) {
    let Explained { tcgdex_id, name, taken_at, query, total, explanation, classic, .. } = explained;
    output::line(format_args!("{name} ({tcgdex_id}), looked at {taken_at:.0} for `{query}`"));
    let listings = &explanation.listings;
    output::line(format_args!("{} of {total} listings:", listings.len()));
    let header = ["role", "why not", "item", "postage", "as near mint", "seller", "title"];
    let mut rows: Vec<Vec<String>> = listings.iter().map(listing).collect();
    if let Some(classic) = classic {
        for (row, sorted) in rows.iter_mut().zip(&classic.listings) {
            (row[0], row[1]) = sorting(*sorted);
        }
    }
    output::table(&header, rows);
    let (anchor_steps, buy) = match classic {
        Some(classic) => (&[][..], &classic.buy),
        None => (&explanation.anchor_steps[..], &explanation.buy),
    };
    let mut steps: Vec<Vec<String>> = anchor_steps.iter().map(step).collect();
    if let Some(buy) = buy {
        steps.extend(buy.steps.neuf.iter().map(step));
    }
    if !steps.is_empty() {
        output::line("from the listings to the price of a mint card, EUR:");
        output::table(&["step", "amount", "total"], steps);
    }
    output::line(match classic {
        Some(classic) => by_classic(classic),
        None => by_robust(&explanation.decision),
    });
    if let Some(buy) = buy {
        let prices = buy.prices;
        let (neuf, bon, correct) = (prices.neuf, prices.bon, prices.correct);
        output::line(format_args!("buy: neuf {neuf}, bon {bon}, correct {correct} EUR"));
    }
}

fn by_robust(decision: &Decision) -> String {
    format!(
        "{}{}; sells for {} EUR; right within 30 % with {}",
        word(&decision.verdict),
        decision.reason.map(|reason| format!(" ({})", word(&reason))).unwrap_or_default(),
        output::or_dash(decision.price_eur),
        output::or_dash(decision.confidence.map(|share| format!("{:.0} %", share * 100.0))),
    )
}

fn by_classic(classic: &Valuation) -> String {
    format!(
        "classic: {}{}; sells for {} EUR ({}); {} of 100 points{}",
        classic.status.as_ref().map_or_else(|| "DISABLED".to_owned(), word),
        classic.failure.map(|failure| format!(" ({})", word(&failure))).unwrap_or_default(),
        output::or_dash(classic.anchor.map(|anchor| anchor.eur.round_dp(2))),
        output::or_dash(classic.anchor.map(|anchor| word(&anchor.source))),
        output::or_dash(classic.confidence.map(|confidence| confidence.total())),
        if classic.is_anomaly { "; an anomaly: it moved far" } else { "" },
    )
}

/// Where the classic rule puts a listing, or why nowhere.
fn sorting(sorted: Result<Bucket, Rejection>) -> (String, String) {
    match sorted {
        Ok(bucket) => (word(&bucket), output::or_dash(None::<&str>)),
        Err(rejection) => ("rejected".to_owned(), word(&rejection)),
    }
}

fn listing(listing: &ExplainedListing) -> Vec<String> {
    let landed = listing.landed.as_ref();
    let imputed = landed.is_some_and(|landed| landed.shipping_imputed);
    let postage =
        landed.map(|landed| format!("{}{}", if imputed { "~" } else { "" }, landed.shipping_eur));
    vec![
        word(&listing.role),
        output::or_dash(listing.rejection.map(|rejection| word(&rejection))),
        output::or_dash(landed.map(|landed| landed.item_eur)),
        output::or_dash(postage),
        output::or_dash(landed.map(|landed| landed.near_mint_eur)),
        listing.seller.clone(),
        listing.title.chars().take(TITLE_CHARS).collect(),
    ]
}

fn step(step: &Step) -> Vec<String> {
    vec![word(&step.label), format!("{:+}", step.amount_eur), step.total_eur.to_string()]
}

/// The word by which JSON calls it.
fn word(value: &impl Serialize) -> String {
    match json!(value) {
        Value::String(word) => word,
        other => other.to_string(),
    }
}
