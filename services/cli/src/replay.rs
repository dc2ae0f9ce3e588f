//! `courtier replay`: what other rules would have said of days that have passed.

use std::{collections::BTreeMap, fs, process::ExitCode};

use anyhow::Context;
use cards::config::{PricingConfig, Rule};
use commands::{Change, Replay, Replayed, Said};
use indicatif::ProgressBar;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;
use serde_json::json;
use settings::database::Database;
use store::{Client, Role};

use crate::{card, options::ReplayArguments, output, start};

/// Changes that are shown to people; JSON has all of them.
const MAX_SHOWN: usize = 30;

pub(crate) async fn run(arguments: ReplayArguments) -> anyhow::Result<ExitCode> {
    let store = start::store(&start::load(Database::load)?, Role::Worker)?;
    let (first, second) = (store.client().await?, store.client().await?);
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let to = arguments.to.unwrap_or(today);
    let from = arguments.from.unwrap_or(to.min(today).saturating_sub(1.day()));
    anyhow::ensure!(from <= to, "--from must not be after --to");
    let card_id = match &arguments.card {
        Some(text) => Some(card::find(&first, text).await?.id),
        None => None,
    };
    let wanted = Replay {
        from: start_of(from)?,
        to: start_of(to.checked_add(1.day())?)?,
        card_id,
        pricing: Some(pricing(&first, &arguments).await?),
    };
    let bar = ProgressBar::new_spinner().with_message("looks");
    let report = |n_looks| {
        bar.set_message(format!("{n_looks} looks"));
        bar.tick();
    };
    let replayed = commands::replay([&first, &second], &wanted, &report).await;
    bar.finish_and_clear();
    let replayed = replayed.map_err(|failure| anyhow::anyhow!("{failure}"))?;
    if arguments.format.json {
        output::json(&json!(replayed));
    } else {
        show(&replayed);
    }
    Ok(ExitCode::SUCCESS)
}

/// The rules of the file, or those of the shop; of the two rules the one that is named.
async fn pricing(client: &Client, arguments: &ReplayArguments) -> anyhow::Result<PricingConfig> {
    let mut pricing: PricingConfig = match arguments.pricing.as_deref() {
        Some(path) => {
            let text =
                fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
            serde_json::from_slice(&text).with_context(|| path.display().to_string())?
        }
        None => store::settings::all(client).await?.pricing,
    };
    match arguments.rule.as_deref() {
        Some("classic") => pricing.rule = Rule::Classic,
        Some(_) => pricing.rule = Rule::Robust,
        None => {}
    }
    Ok(pricing)
}

fn start_of(day: Date) -> anyhow::Result<Timestamp> {
    Ok(day.to_zoned(TimeZone::UTC)?.timestamp())
}

fn show(replayed: &Replayed) {
    let (n_looks, n_changed) = (replayed.snapshots, replayed.changed.len());
    output::line(format_args!(
        "{n_looks} looks priced again, {n_changed} would differ; nothing is changed"
    ));
    let mut moves: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for Change { before, after, .. } in &replayed.changed {
        *moves.entry((&before.verdict, &after.verdict)).or_default() += 1;
    }
    if moves.is_empty() {
        return;
    }
    let moves = moves
        .iter()
        .map(|((before, after), n)| vec![(*before).to_owned(), (*after).to_owned(), n.to_string()]);
    output::table(&["verdict then", "verdict now", "looks"], moves.collect());
    let mut changed: Vec<&Change> = replayed.changed.iter().collect();
    changed.sort_by_key(|change| std::cmp::Reverse(distance(change)));
    let header = ["card", "name", "then", "EUR", "now", "EUR", "would pay"];
    let rows = changed.iter().take(MAX_SHOWN).map(|change| row(change)).collect();
    output::table(&header, rows);
}

/// How far the price moves, EUR.
fn distance(Change { before, after, .. }: &Change) -> Decimal {
    (before.anchor.unwrap_or_default() - after.anchor.unwrap_or_default()).abs()
}

fn row(change: &Change) -> Vec<String> {
    let said = |said: &Said| {
        let reason = said.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        format!("{}{reason}", said.verdict)
    };
    vec![
        change.tcgdex_id.clone(),
        change.name.clone(),
        said(&change.before),
        output::or_dash(change.before.anchor),
        said(&change.after),
        output::or_dash(change.after.anchor),
        output::or_dash(change.buy.map(|buy| buy.neuf)),
    ]
}
