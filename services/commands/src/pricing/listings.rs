//! Raw listings as snapshots keep them: JSON, compressed.

use cards::Listing;
use jiff::Timestamp;
use serde::Serialize;
use store::snapshots::{self, Snapshot};
use store::{Client, catalogue::CardRef};

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

/// The fastest level: 200 listings become about a tenth of their length.
const LEVEL: i32 = 1;
/// Room for one.
const LISTING_BYTES: usize = 512;
/// More than any page of listings takes; a snapshot that claims more is damaged.
const MAX_BYTES: usize = 16 << 20;

pub(crate) fn compress(listings: &[Listing]) -> Result<Vec<u8>, Failure> {
    let mut json = Vec::with_capacity(listings.len() * LISTING_BYTES);
    serde_json::to_writer(&mut json, listings).map_err(Failure::reject)?;
    zstd::bulk::compress(&json, LEVEL).map_err(Failure::reject)
}

pub(crate) fn decompress(bytes: &[u8]) -> Result<Vec<Listing>, Failure> {
    let json = zstd::bulk::decompress(bytes, MAX_BYTES).map_err(Failure::reject)?;
    serde_json::from_slice(&json).map_err(Failure::reject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_bytes_are_an_error() {
        assert!(decompress(b"not compressed").is_err());
        assert_eq!(decompress(&compress(&[]).unwrap()).unwrap(), []);
    }
}
