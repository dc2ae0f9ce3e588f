//! Days that have passed, priced again under other settings. Nothing is written.

use std::pin::pin;

use cards::appraisal::Appraiser;
use cards::buy::BuyPrices;
use cards::config::PricingConfig;
use futures::TryStreamExt as _;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;
use store::snapshots::{self, Snapshot};
use store::{Client, fx_rates, prices, settings};

use super::judge::judge;
use super::packed::decompress;
use crate::Failure;
use crate::market::rates;

/// Which looks at the marketplace to price again.
#[derive(Clone, Debug)]
pub struct Replay {
    /// Taken at this instant or later.
    pub from: Timestamp,
    /// Taken before this instant.
    pub to: Timestamp,
    /// One card alone.
    pub card_id: Option<i64>,
    /// The rules to try; those of the shop when there are none.
    pub pricing: Option<PricingConfig>,
}

/// What would have been said.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Replayed {
    pub snapshots: u64,
    /// Of another verdict, or a price that differs by a cent or more.
    pub changed: Vec<Change>,
}

/// A look that would have been judged otherwise.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    pub snapshot_id: i64,
    pub taken_at: Timestamp,
    pub card_id: i64,
    pub tcgdex_id: String,
    pub name: String,
    pub before: Said,
    pub after: Said,
    /// What the shop would pay.
    pub buy: Option<BuyPrices>,
}

/// What a rule says of a card.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Said {
    pub rule: String,
    pub verdict: String,
    pub reason: Option<String>,
    /// EUR.
    pub anchor: Option<Decimal>,
}

/// Prices stored looks again, each with what was known then ([`prices::inputs_before`], and the
/// exchange rates of that moment), and tells those that differ. One
/// connection reads the looks while the other reads the cards. `report` hears of every look.
///
/// # Errors
/// [`Failure::Reject`] when the settings are out of range or stored listings are damaged.
pub async fn replay(
    [first, second]: [&Client; 2],
    wanted: &Replay,
    report: &(dyn Fn(u64) + Send + Sync),
) -> Result<Replayed, Failure> {
    let pricing = match &wanted.pricing {
        Some(pricing) => pricing.clone(),
        None => settings::all(first).await?.pricing,
    };
    let appraiser = Appraiser::new(pricing).map_err(Failure::reject)?;
    let looks = snapshots::replay(first, wanted.from, wanted.to, wanted.card_id).await?;
    let mut looks = pin!(looks);
    let mut replayed = Replayed::default();
    while let Some(look) = looks.try_next().await? {
        if let Some(change) = again(second, &look, &appraiser).await? {
            replayed.changed.push(change);
        }
        replayed.snapshots += 1;
        report(replayed.snapshots);
    }
    Ok(replayed)
}

/// `None` when it would be the same.
async fn again(
    client: &Client,
    look: &Snapshot,
    appraiser: &Appraiser,
) -> Result<Option<Change>, Failure> {
    let Some(known) = prices::inputs_before(client, look).await? else { return Ok(None) };
    let rates = rates(fx_rates::latest(client, Some(look.taken_at)).await?);
    let listings = decompress(look.listings.as_deref().unwrap_or_default())?;
    let total = u64::try_from(look.total).unwrap_or(0);
    let judgement = judge(&known, &listings, total, appraiser, &rates);
    let before = Said {
        rule: look.rule.clone(),
        verdict: look.verdict.clone(),
        reason: look.reason.clone(),
        anchor: look.anchor,
    };
    let after = Said {
        rule: judgement.rule.to_owned(),
        verdict: judgement.verdict,
        reason: judgement.reason,
        anchor: judgement.anchor_eur,
    };
    if (&before.verdict, before.anchor) == (&after.verdict, after.anchor) {
        return Ok(None);
    }
    Ok(Some(Change {
        snapshot_id: look.id,
        taken_at: look.taken_at,
        card_id: look.card_id,
        tcgdex_id: known.card.card.tcgdex_id.clone(),
        name: known.card.card.effective_name().to_owned(),
        before,
        after,
        buy: judgement.buy,
    }))
}
