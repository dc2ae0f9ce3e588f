//! What the marketplace is asked for a card.
//!
//! The search joins words with AND, reads `(a, b)` as OR, and takes at most 100 characters;
//! quotation marks and minus signs find nothing. So a query is the name, the number as printed,
//! and nothing else: `Dracaufeu 4/102`.

mod name;

use std::borrow::Cow;

use crate::Variant;
use crate::card::{Card, NumberFormat};

/// Characters that a query may have.
pub const MAX_CHARS: usize = 100;

/// A longer number is no number, and is left out.
const MAX_NUMBER_CHARS: usize = 40;

/// What to ask for `card`: the shop's own query, or one that is built. `None` when the card has
/// no name that could be searched.
pub fn of(card: &Card) -> Option<Cow<'_, str>> {
    match card.ebay_query_override.as_deref().map(str::trim) {
        Some(query) if !query.is_empty() => Some(Cow::Borrowed(query)),
        _ => build(card).map(Cow::Owned),
    }
}

/// Builds the query of `card` and ignores the shop's own.
///
/// A name that is too long is cut at a word; the number is never cut.
pub fn build(card: &Card) -> Option<String> {
    let name = name::clean(card.effective_name());
    if name.is_empty() {
        return None;
    }
    let mut tail = String::new();
    for part in [number(card).as_str(), suffix(card), edition(card)] {
        if !part.is_empty() {
            tail.push(' ');
            tail.push_str(part);
        }
    }
    let mut query = cut(&name, MAX_CHARS - tail.chars().count()).to_owned();
    query.push_str(&tail);
    Some(query)
}

/// The number in the card's format, without signs that the search would misread.
fn number(card: &Card) -> String {
    let full = match card.card_number_format {
        NumberFormat::LocalTotal => card.effective_number_full(),
        NumberFormat::LocalOnly | NumberFormat::Promo => None,
    };
    let number = full.unwrap_or_else(|| card.effective_local_id().to_owned());
    // One card is numbered with a question mark, which its source writes as in an address.
    let number = number.replace("%3F", "?");
    let number: String =
        number.chars().filter(|&sign| sign == '/' || name::is_searchable(sign)).collect();
    if number.chars().count() > MAX_NUMBER_CHARS { String::new() } else { number }
}

fn suffix(card: &Card) -> &'static str {
    match card.card_number_format {
        NumberFormat::Promo => "promo",
        NumberFormat::LocalOnly | NumberFormat::LocalTotal => "",
    }
}

/// Sellers seldom write reverse or holo, but always the edition.
fn edition(card: &Card) -> &'static str {
    match card.variant {
        Variant::FirstEd => "edition 1",
        Variant::Normal | Variant::Reverse | Variant::Holo => "",
    }
}

/// The first words of `text` that fit; a first word that does not fit is cut itself.
fn cut(text: &str, max_chars: usize) -> &str {
    let Some((end, next)) = text.char_indices().nth(max_chars) else {
        return text;
    };
    let head = &text[..end];
    if next == ' ' {
        return head;
    }
    head.rfind(' ').map_or(head, |space| &head[..space])
}

#[cfg(test)]
mod tests;
