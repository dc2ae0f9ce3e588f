//! `courtier listings`: what eBay showed for a card the last time.

use std::process::ExitCode;

use cards::{Listing, Shipping};
use serde_json::json;
use store::Role;

use crate::{card::named, options::CardArguments, output, start};

/// Characters of a title in the table.
const TITLE_CHARS: usize = 70;

pub(crate) async fn run(arguments: CardArguments) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    let look = commands::listings(&client, named(&arguments.card)).await;
    let look = look.map_err(|failure| anyhow::anyhow!("{}: {failure}", arguments.card))?;
    if arguments.format.json {
        output::json(&json!(look));
        return Ok(ExitCode::SUCCESS);
    }
    let (n_shown, total) = (look.listings.len(), look.total);
    output::line(format_args!(
        "{n_shown} of {total} listings for `{}`, seen {:.0}:",
        look.query, look.taken_at
    ));
    let header = ["price", "postage", "condition", "seller", "offered since", "title"];
    output::table(&header, look.listings.iter().map(row).collect());
    Ok(ExitCode::SUCCESS)
}

fn row(listing: &Listing) -> Vec<String> {
    let postage = match &listing.shipping {
        Shipping::Fixed(money) => format!("{} {}", money.amount, money.currency),
        Shipping::Calculated => "by address".to_owned(),
        Shipping::Unknown => "–".to_owned(),
    };
    vec![
        format!("{} {}", listing.price.amount, listing.price.currency),
        postage,
        output::or_dash(listing.condition.as_ref()),
        listing.seller.clone(),
        output::or_dash(listing.listed_at.map(|at| at.strftime("%Y-%m-%d"))),
        listing.title.chars().take(TITLE_CHARS).collect(),
    ]
}
