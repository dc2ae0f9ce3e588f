//! A person's word about a card.

use cards::buy::BuyPrices;
use rust_decimal::Decimal;
use serde_json::json;
use store::catalogue::CardRef;
use store::prices::{self, Decision, ManualDecision, Prices};
use store::{Client, audit, catalogue};

use super::explain::{Explained, explain};
use crate::{Failure, Invalid};

const NO_PROPOSAL: &str = "there is no proposal to approve: price the card, or set its prices";

/// What a person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The proposal of the newest look is published.
    Approve,
    /// These prices are published, EUR.
    Set(Prices),
    /// The proposal is wrong: what is on show stays.
    Reject,
    /// Nothing is on show any more, whatever later looks say, until a person approves or sets a
    /// price.
    Withdraw,
}

/// Carries out a person's word, and keeps it with the figures that lay before him. Returns whether
/// what is on show has changed.
///
/// # Errors
/// [`Failure::Reject`] when there is no such card, an amount is not positive, prices rise as the
/// card gets worse, or there is no proposal to approve.
pub async fn decide(
    client: &Client,
    card: CardRef<'_>,
    actor: &str,
    verdict: Verdict,
    note: Option<&str>,
) -> Result<bool, Failure> {
    let stored = catalogue::find(client, card).await?;
    let stored = stored.ok_or_else(|| Failure::reject("there is no such card"))?;
    let explained = match explain(client, CardRef::Id(stored.id)).await {
        Ok(explained) => Some(explained),
        // Never looked at: a person may decide all the same.
        Err(Failure::Reject(_)) => None,
        Err(failure) => return Err(failure),
    };
    let proposal = explained.as_ref().and_then(Explained::proposal);
    let decision = match verdict {
        Verdict::Approve => {
            let (anchor, prices) = proposal.ok_or_else(|| Failure::reject(NO_PROPOSAL))?;
            Decision::Approve { anchor, prices: shown(prices) }
        }
        Verdict::Set(prices) => {
            check(&prices).map_err(Failure::reject)?;
            // What somebody sets by hand is its own anchor.
            let anchor = proposal.map_or(prices.neuf, |(anchor, _)| anchor);
            Decision::Set { anchor, prices }
        }
        Verdict::Reject => Decision::Reject,
        Verdict::Withdraw => Decision::Withdraw,
    };
    let statistics = explained.as_ref().map(|explained| json!(explained.explanation.decision));
    let manual = ManualDecision {
        card_id: stored.id,
        actor,
        decision,
        snapshot_id: explained.as_ref().map(|explained| explained.snapshot_id),
        note,
        statistics: statistics.as_ref(),
    };
    let has_changed = prices::decide(client, &manual).await?;
    let detail = json!({ "decision": decision.as_str(), "note": note });
    audit::log(client, actor, "cards.decide", &stored.card.tcgdex_id, &detail).await?;
    Ok(has_changed)
}

fn check(prices: &Prices) -> Result<(), Invalid> {
    let fields = [("neuf", prices.neuf), ("bon", prices.bon), ("correct", prices.correct)];
    if let Some((field, _)) = fields.iter().find(|(_, amount)| *amount <= Decimal::ZERO) {
        return Err(Invalid::new(*field, "must be more than 0 EUR"));
    }
    match fields.windows(2).find(|pair| pair[1].1 > pair[0].1) {
        Some(pair) => Err(Invalid::new(
            pair[1].0,
            format!("must not be more than {}: a worse card is worth less", pair[0].0),
        )),
        None => Ok(()),
    }
}

fn shown(prices: BuyPrices) -> Prices {
    Prices { neuf: prices.neuf, bon: prices.bon, correct: prices.correct }
}
