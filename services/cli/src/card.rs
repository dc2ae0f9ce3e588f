//! How the command line names a card.

use anyhow::Context;
use store::Client;
use store::catalogue::{self, CardRef, StoredCard};

/// A number is the catalogue's own; anything else is the source's id with the variant.
pub(crate) fn named(text: &str) -> CardRef<'_> {
    text.parse().map_or(CardRef::Tcgdex(text), CardRef::Id)
}

/// The card of that name.
pub(crate) async fn find(client: &Client, text: &str) -> anyhow::Result<StoredCard> {
    let card = catalogue::find(client, named(text)).await?;
    card.with_context(|| format!("there is no card {text}; an id looks like base1-4-HOLO"))
}
