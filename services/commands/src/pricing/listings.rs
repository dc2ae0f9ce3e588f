//! What the marketplace showed for a card.

use cards::Listing;
use jiff::Timestamp;
use serde::Serialize;
use store::snapshots::{self, Snapshot};
use store::{Client, catalogue::CardRef};

use super::packed::decompress;
use crate::Failure;

/// What the marketplace showed for a card the last time.
#[derive(Clone, Debug, Serialize)]
pub struct Look {
    pub taken_at: Timestamp,
    pub query: String,
    /// Listings that there were, on all pages.
    pub total: i32,
    pub listings: Vec<Listing>,
}

/// The newest look at a card.
///
/// # Errors
/// [`Failure::Reject`] when there is no such card, or no look that still has its listings.
pub async fn listings(client: &Client, card: CardRef<'_>) -> Result<Look, Failure> {
    let stored = store::catalogue::find(client, card).await?;
    let stored = stored.ok_or_else(|| Failure::reject("there is no such card"))?;
    let (snapshot, listings) = newest(client, stored.id).await?;
    let Snapshot { taken_at, query, total, .. } = snapshot;
    Ok(Look { taken_at, query, total, listings })
}

/// The newest snapshot of a card, with its listings.
pub(super) async fn newest(
    client: &Client,
    card_id: i64,
) -> Result<(Snapshot, Vec<Listing>), Failure> {
    let unpriced = || Failure::reject("the card has no snapshot yet: price it first");
    let snapshot = snapshots::newest(client, card_id).await?.ok_or_else(unpriced)?;
    let listings = decompress(snapshot.listings.as_deref().ok_or_else(unpriced)?)?;
    Ok((snapshot, listings))
}
