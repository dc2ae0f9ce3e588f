//! First editions of old sets, which not every source lists.

use std::collections::HashSet;

use super::{Card, Cardmarket};
use crate::Variant;

/// Sets of which the first print run carries a stamp.
pub const FIRST_EDITION_SETS: [&str; 10] =
    ["base1", "base2", "base3", "base5", "gym1", "gym2", "neo1", "neo2", "neo3", "neo4"];

/// The first editions that `cards` lack: one for each normal or holo card of the sets named, with
/// its names, number and overrides, and without its prices and query.
pub fn missing_first_editions<'a>(
    cards: impl IntoIterator<Item = &'a Card> + Clone,
    set_ids: &[&str],
) -> Vec<Card> {
    let is_first = |card: &&Card| card.variant == Variant::FirstEd;
    let mut known: HashSet<&str> =
        cards.clone().into_iter().filter(is_first).map(Card::source_id).collect();
    let is_plain = |card: &&Card| matches!(card.variant, Variant::Normal | Variant::Holo);
    cards
        .into_iter()
        .filter(|card| set_ids.contains(&card.set_id.as_str()))
        .filter(is_plain)
        .filter(|card| known.insert(card.source_id()))
        .map(first_edition)
        .collect()
}

fn first_edition(card: &Card) -> Card {
    Card {
        tcgdex_id: Card::id_of(card.source_id(), Variant::FirstEd),
        variant: Variant::FirstEd,
        cardmarket_id: None,
        cardmarket: Cardmarket::default(),
        ebay_query_override: None,
        is_active: true,
        error_count: 0,
        last_error: None,
        last_error_at: None,
        ..card.clone()
    }
}
