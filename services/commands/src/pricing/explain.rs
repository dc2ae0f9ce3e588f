//! A snapshot told again, under the settings of today.

use cards::appraisal::Appraiser;
use cards::explain::{Explanation, explain as tell};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use store::catalogue::CardRef;
use store::{Client, fx_rates, prices, settings, snapshots};

use super::judge::appraise;
use super::listings::decompress;
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
    #[serde(flatten)]
    pub explanation: Explanation,
}

/// Explains the newest snapshot of a card by the robust rule: its listings, what was known before
/// it, and the settings and exchange rates of today.
///
/// # Errors
/// [`Failure::Reject`] when there is no such card, or no snapshot that still has its listings.
pub async fn explain(client: &Client, card: CardRef<'_>) -> Result<Explained, Failure> {
    let known = prices::inputs(client, card).await?;
    let mut known = known.ok_or_else(|| Failure::reject("there is no such card"))?;
    let unpriced = || Failure::reject("the card has no snapshot yet: price it first");
    let snapshot = snapshots::newest(client, known.card.id).await?.ok_or_else(unpriced)?;
    let bytes = snapshot.listings.as_deref().ok_or_else(unpriced)?;
    let settings = settings::all(client).await?;
    let appraiser = Appraiser::new(settings.pricing).map_err(Failure::reject)?;
    let rates = rates(fx_rates::latest(client, None).await?);
    let listings = decompress(bytes)?;
    // As of then: a snapshot is no evidence for itself.
    known.now = snapshot.taken_at;
    known.past.retain(|past| past.taken_at < snapshot.taken_at);
    let appraisal = appraise(&known, &listings, &appraiser, &rates);
    Ok(Explained {
        card_id: known.card.id,
        tcgdex_id: known.card.card.tcgdex_id.clone(),
        name: known.card.card.effective_name().to_owned(),
        taken_at: snapshot.taken_at,
        query: snapshot.query,
        total: snapshot.total,
        explanation: tell(&appraisal, &listings, &appraiser.config().robust),
    })
}
