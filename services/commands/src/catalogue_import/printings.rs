//! From what `TCGdex` says of a card to the cards of the catalogue.

use cards::card::Set;
use cards::{Card, Variant};
use catalogue::Variants;

use super::figures::figures;

/// The catalogue's set.
pub(super) fn set(set: &catalogue::Set) -> Set {
    Set {
        id: set.id.clone(),
        name: set.name.clone(),
        name_en: None,
        serie_id: set.series.id.clone(),
        serie_name: Some(set.series.name.clone()),
        release_date: set.release_date,
        card_count: Some(set.card_count.total),
        card_count_official: Some(set.card_count.official),
    }
}

/// One card for each variant that is sold apart. How they are numbered is settled by the whole set.
pub(super) fn printings(set: &catalogue::Set, card: &catalogue::Card) -> Vec<Card> {
    variants(card.variants).into_iter().map(|variant| printing(set, card, variant)).collect()
}

fn printing(set: &catalogue::Set, card: &catalogue::Card, variant: Variant) -> Card {
    let product = card.cardmarket.as_ref();
    // A first edition has no product of its own.
    let own = product.and_then(|product| Some((product, figures(&product.prices, variant)?)));
    Card {
        tcgdex_id: Card::id_of(&card.id, variant),
        set_id: set.id.clone(),
        set_name: set.name.clone(),
        set_code: set.tcg_online.clone(),
        local_id: card.local_id.clone(),
        name: card.name.clone(),
        variant,
        rarity: card.rarity.clone().filter(|rarity| rarity != "None"),
        cardmarket_id: own.and_then(|(product, _)| i64::try_from(product.id_product?).ok()),
        cardmarket: own.map(|(_, figures)| figures).unwrap_or_default(),
        is_active: true,
        ..Card::default()
    }
}

/// At least one. A card that is also printed without foil has its holo among special prints.
fn variants(printed: Variants) -> Vec<Variant> {
    let variants: Vec<Variant> = [
        (printed.normal, Variant::Normal),
        (printed.reverse, Variant::Reverse),
        (printed.holo && !printed.normal, Variant::Holo),
        (printed.first_edition, Variant::FirstEd),
    ]
    .into_iter()
    .filter(|(is_printed, _)| *is_printed)
    .map(|(_, variant)| variant)
    .collect();
    if variants.is_empty() { vec![Variant::Normal] } else { variants }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_that_are_sold_apart_are_cards() {
        use Variant::{FirstEd, Holo, Normal, Reverse};
        let all = Variants { normal: true, reverse: true, holo: true, first_edition: true };
        assert_eq!(variants(all), [Normal, Reverse, FirstEd]);
        assert_eq!(variants(Variants { normal: false, ..all }), [Reverse, Holo, FirstEd]);
        assert_eq!(variants(Variants::default()), [Normal]);
    }
}
