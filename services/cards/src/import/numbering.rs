//! How the cards of a set are numbered, from the numbers of all of them.
//!
//! A card's source gives its number and the total of the set, not how both are printed: secret
//! series count for themselves (`TG01/TG30`), promos show no total, recent sets pad with zeros.

use std::collections::BTreeMap;

use crate::card::{Card, NumberFormat, Set};

/// Prefixes of series within a set that print their own total. Cards with other prefixes show
/// their number alone (`SL7`, `AR3`).
const COUNTED_PREFIXES: [&str; 5] = ["GG", "H", "RC", "SV", "TG"];

/// Sets the printed number, its format and its padding on all cards of `set`.
pub fn settle(set: &Set, cards: &mut [Card]) {
    let is_padded = cards.iter().any(|card| is_padded_number(&card.local_id));
    let is_promo = is_promo(set, cards);
    let totals = prefix_totals(cards);
    for card in cards {
        let total = match prefix(&card.local_id) {
            _ if is_promo => None,
            Some(("", _)) => official_total(set),
            Some((prefix, _)) => totals.get(prefix).cloned(),
            // Single signs are letters of a series: `A/28`. Words stand alone: `ONE`.
            None if is_sign(&card.local_id) => official_total(set),
            None => None,
        };
        card.card_number_format = match total {
            Some(_) => NumberFormat::LocalTotal,
            None if is_promo => NumberFormat::Promo,
            None => NumberFormat::LocalOnly,
        };
        card.card_number_padded = is_padded;
        card.card_number_full = total.map(|total| format!("{}/{total}", card.local_id));
    }
}

/// `004`; sets that number `01` do not pad their total.
fn is_padded_number(local_id: &str) -> bool {
    let is_number = local_id.bytes().all(|byte| byte.is_ascii_digit());
    is_number && local_id.len() == 3 && local_id.starts_with('0')
}

/// The source ends the ids of promo sets with a `p`.
fn is_promo(set: &Set, cards: &[Card]) -> bool {
    let is_marked = |card: &Card| card.rarity.as_deref() == Some("Promo");
    set.id.ends_with('p') || (!cards.is_empty() && cards.iter().all(is_marked))
}

/// Letters in front and the number behind them: `TG01` is `("TG", 1)`, `50a` is `("", 50)`.
fn prefix(local_id: &str) -> Option<(&str, u32)> {
    let start = local_id.find(|sign: char| sign.is_ascii_digit())?;
    let (prefix, rest) = local_id.split_at(start);
    let end = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
    let is_word = prefix.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word.then_some((prefix, rest[..end].parse().ok()?))
}

/// The highest number of each counted prefix, as printed.
fn prefix_totals(cards: &[Card]) -> BTreeMap<String, String> {
    let mut highest: BTreeMap<&str, (u32, &str)> = BTreeMap::new();
    for card in cards {
        if let Some((prefix, number)) = prefix(&card.local_id)
            && COUNTED_PREFIXES.contains(&prefix)
        {
            let entry = highest.entry(prefix).or_default();
            *entry = (*entry).max((number, card.local_id.as_str()));
        }
    }
    let owned = |(prefix, (_, total)): (&str, (u32, &str))| (prefix.to_owned(), total.to_owned());
    highest.into_iter().map(owned).collect()
}

fn official_total(set: &Set) -> Option<String> {
    set.card_count_official.filter(|&count| count > 0).map(|count| count.to_string())
}

fn is_sign(local_id: &str) -> bool {
    local_id.chars().count() == 1 || local_id == "%3F"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(set_id: &str, official: u32, local_ids: &[&str]) -> Vec<Card> {
        let set = Set { id: set_id.into(), card_count_official: Some(official), ..Set::default() };
        let card = |local_id: &&str| Card { local_id: (*local_id).into(), ..Card::default() };
        let mut cards: Vec<_> = local_ids.iter().map(card).collect();
        settle(&set, &mut cards);
        cards
    }

    fn printed(set_id: &str, official: u32, local_ids: &[&str]) -> Vec<String> {
        let cards = settled(set_id, official, local_ids);
        let shown = |card: &Card| {
            let full = card.effective_number_full().unwrap_or_else(|| card.local_id.clone());
            format!("{full} {}", card.card_number_format)
        };
        cards.iter().map(shown).collect()
    }

    #[test]
    fn plain_numbers_show_the_total_of_the_set() {
        let shown = printed("base1", 102, &["4", "102", "103"]);
        assert_eq!(shown, ["4/102 LOCAL_TOTAL", "102/102 LOCAL_TOTAL", "103/102 LOCAL_TOTAL"]);
        assert_eq!(printed("ecard2", 147, &["50a"]), ["50a/147 LOCAL_TOTAL"]);
        assert_eq!(printed("exu", 28, &["A", "%3F"]), ["A/28 LOCAL_TOTAL", "%3F/28 LOCAL_TOTAL"]);
    }

    #[test]
    fn one_padded_number_pads_the_set() {
        let shown = printed("me03", 88, &["004", "100"]);
        assert_eq!(shown, ["004/088 LOCAL_TOTAL", "100/088 LOCAL_TOTAL"]);
        assert_eq!(printed("me04", 64, &["04", "0a"])[0], "04/64 LOCAL_TOTAL");
    }

    #[test]
    fn a_series_within_a_set_counts_for_itself() {
        let shown = printed("swsh9tg", 30, &["TG01", "TG30", "TG4"]);
        assert_eq!(shown[0], "TG01/TG30 LOCAL_TOTAL");
        assert_eq!(shown[2], "TG4/TG30 LOCAL_TOTAL");
        assert_eq!(printed("col1", 95, &["1", "SL7"])[1], "SL7 LOCAL_ONLY");
        assert_eq!(printed("hgss1", 123, &["ONE"]), ["ONE LOCAL_ONLY"]);
    }

    #[test]
    fn promos_show_no_total() {
        assert_eq!(printed("swshp", 307, &["SWSH001"]), ["SWSH001 PROMO"]);
        assert_eq!(printed("basep", 53, &["4"]), ["4 PROMO"]);
        let mut cards = [Card { rarity: Some("Promo".into()), ..Card::default() }];
        settle(&Set { id: "odd".into(), ..Set::default() }, &mut cards);
        assert_eq!(cards[0].card_number_format, NumberFormat::Promo);
        // A set without a total has nothing to show either.
        assert_eq!(printed("odd", 0, &["4"]), ["4 LOCAL_ONLY"]);
    }
}
