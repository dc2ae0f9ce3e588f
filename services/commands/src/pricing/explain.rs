//! A snapshot told again, under the settings of today.

use cards::appraisal::Appraiser;
use cards::buy::BuyPrices;
use cards::classic::Valuation;
use cards::explain::{Explanation, explain as tell};
use jiff::Timestamp;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use store::catalogue::CardRef;
use store::{Client, catalogue, fx_rates, prices, settings};

use super::judge::{appraise, value};
use super::listings::newest;
use crate::Failure;
use crate::market::rates;

/// The newest look at a card, in full.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Explained {
    /// The card's number in the catalogue.
    pub card_id: i64,
    pub tcgdex_id: String,
    pub name: String,
    /// When the marketplace was looked at.
    pub taken_at: Timestamp,
    pub query: String,
    /// Listings that the marketplace had for it.
    pub total: i32,
    /// The look that is explained.
    #[schemars(skip)]
    #[serde(skip)]
    pub snapshot_id: i64,
    #[serde(flatten)]
    pub explanation: Explanation,
    /// What the classic rule says, where it is the shop's.
    pub classic: Option<Valuation>,
}

impl Explained {
    /// What the card sells for and what to pay for it, by the rule of the shop, published or not.
    pub fn proposal(&self) -> Option<(Decimal, BuyPrices)> {
        if let Some(classic) = &self.classic {
            return Some((classic.anchor.as_ref()?.eur.round_dp(2), classic.buy.as_ref()?.prices));
        }
        let Explanation { decision, buy, .. } = &self.explanation;
        Some((decision.price_eur?, buy.as_ref()?.prices))
    }
}

/// Explains the newest snapshot of a card: its listings, what was known before it, and the settings
/// and exchange rates of today. The robust rule always speaks, the classic one where it is the
/// shop's.
///
/// # Errors
/// [`Failure::Reject`] when there is no such card, or no snapshot that still has its listings.
pub async fn explain(client: &Client, card: CardRef<'_>) -> Result<Explained, Failure> {
    let no_card = || Failure::reject("there is no such card");
    let stored = catalogue::find(client, card).await?.ok_or_else(no_card)?;
    let (snapshot, listings) = newest(client, stored.id).await?;
    let known = prices::inputs_before(client, &snapshot).await?.ok_or_else(no_card)?;
    let settings = settings::all(client).await?;
    let appraiser = Appraiser::new(settings.pricing).map_err(Failure::reject)?;
    let rates = rates(fx_rates::latest(client, None).await?);
    let total = u64::try_from(snapshot.total).unwrap_or(0);
    let appraisal = appraise(&known, &listings, &appraiser, &rates);
    Ok(Explained {
        card_id: known.card.id,
        tcgdex_id: known.card.card.tcgdex_id.clone(),
        name: known.card.card.effective_name().to_owned(),
        taken_at: snapshot.taken_at,
        query: snapshot.query,
        total: snapshot.total,
        snapshot_id: snapshot.id,
        classic: value(&known, &listings, total, appraiser.config(), &rates),
        explanation: tell(&appraisal, &listings, &appraiser.config().robust),
    })
}
