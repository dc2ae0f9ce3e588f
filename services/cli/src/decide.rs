//! `courtier decide`: a person's word about a card's price.

use std::process::ExitCode;

use commands::Verdict;
use serde_json::json;
use store::Role;
use store::prices::Prices;

use crate::{card::named, options::DecideArguments, output, start};

pub(crate) async fn run(arguments: DecideArguments) -> anyhow::Result<ExitCode> {
    let verdict = verdict(&arguments)?;
    let client = start::client(Role::Worker).await?;
    let card = named(&arguments.card);
    let decided = commands::decide(&client, card, "cli", verdict, arguments.note.as_deref()).await;
    let has_changed =
        decided.map_err(|failure| anyhow::anyhow!("{}: {failure}", arguments.card))?;
    if arguments.format.json {
        output::json(&json!({ "card": arguments.card, "changed": has_changed }));
    } else if has_changed {
        output::line("decided; the price list has changed");
    } else {
        output::line("decided; the price list is as it was");
    }
    Ok(ExitCode::SUCCESS)
}

fn verdict(arguments: &DecideArguments) -> anyhow::Result<Verdict> {
    let prices = [arguments.neuf, arguments.bon, arguments.correct];
    Ok(match (arguments.decision.as_str(), prices) {
        ("set", [Some(neuf), Some(bon), Some(correct)]) => {
            Verdict::Set(Prices { neuf, bon, correct })
        }
        (_, prices) if prices.iter().any(Option::is_some) => {
            anyhow::bail!("--neuf, --bon and --correct go with `set` alone");
        }
        ("approve", _) => Verdict::Approve,
        ("reject", _) => Verdict::Reject,
        _ => Verdict::Withdraw,
    })
}
