//! What people decided about a card, and what of it was sold.

use jiff::Timestamp;
use rust_decimal::Decimal;
use store::{prices, sold_listings};

use crate::failure::Failure;
use crate::icon::Mark;
use crate::say::Say;
use crate::shop;

pub(super) struct DecisionRow {
    pub(super) at: Timestamp,
    pub(super) actor: String,
    pub(super) mark: Mark,
    /// The verdict that it was about.
    pub(super) about: String,
    pub(super) note: String,
}

pub(super) struct SaleRow {
    pub(super) at: Timestamp,
    pub(super) title: String,
    pub(super) url: Option<String>,
    pub(super) price: Decimal,
}

const N_DECISIONS: i64 = 8;
const N_SALES: i64 = 10;

pub(super) async fn decisions(
    say: &Say,
    client: &store::Client,
    card_id: i64,
) -> Result<Vec<DecisionRow>, Failure> {
    let kept = prices::decisions(client, card_id, N_DECISIONS).await?;
    let row = |kept: &prices::KeptDecision| {
        let (tone, icon) = match kept.decision.as_str() {
            "approve" | "set" => ("ok", "tick"),
            "withdraw" => ("idle", "slash"),
            _ => ("idle", "pause"),
        };
        let about = kept.verdict.as_deref().map(|word| shop::word(say, "verdict", word));
        DecisionRow {
            at: kept.at,
            actor: kept.actor.clone(),
            mark: Mark::new(tone, icon, shop::word(say, "decision", &kept.decision)),
            about: about.unwrap_or_default(),
            note: kept.note.clone().unwrap_or_default(),
        }
    };
    Ok(kept.iter().map(row).collect())
}

pub(super) async fn sales(client: &store::Client, card_id: i64) -> Result<Vec<SaleRow>, Failure> {
    let sold = sold_listings::of_card(client, card_id, N_SALES).await?;
    let row = |sold: sold_listings::Sold| SaleRow {
        at: sold.detected_sold_at,
        title: sold.title,
        url: sold.url.filter(|url| url.starts_with("https://")),
        price: sold.effective_price,
    };
    Ok(sold.into_iter().map(row).collect())
}
