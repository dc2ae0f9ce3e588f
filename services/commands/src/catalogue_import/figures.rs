//! Which of a product's figures speak of a card.

use cards::Variant;
use cards::card::Cardmarket;
use catalogue::{CardPrices, PriceSet};

/// The figures of one variant. A product has two columns: the second is the reverse's, or that of
/// the only version when this is a holo; so a holo is looked for in the first one first. A first
/// edition shares its product with later prints, which are worth less: nothing speaks of it.
pub(super) fn figures(prices: &CardPrices, variant: Variant) -> Option<Cardmarket> {
    let first_known = |sets: [&PriceSet; 2]| sets.into_iter().map(of).find(is_known);
    match variant {
        Variant::Normal => Some(of(&prices.plain)),
        Variant::Reverse => Some(of(&prices.holo)),
        Variant::Holo => Some(first_known([&prices.plain, &prices.holo]).unwrap_or_default()),
        Variant::FirstEd => None,
    }
}

fn of(set: &PriceSet) -> Cardmarket {
    Cardmarket { trend: set.trend, avg1: set.avg1, avg7: set.avg7, avg30: set.avg30 }
}

fn is_known(figures: &Cardmarket) -> bool {
    *figures != Cardmarket::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trend(euros: i64) -> PriceSet {
        PriceSet { trend: Some(euros.into()), ..PriceSet::default() }
    }

    #[test]
    fn each_variant_has_its_own_column() {
        let both = CardPrices { plain: trend(3), holo: trend(5) };
        let of = |prices: &CardPrices, variant| {
            let found = figures(prices, variant)?;
            Some(found.trend.map(|trend| trend.to_string()))
        };
        let is = |text: &str| Some(Some(text.to_owned()));
        assert_eq!(of(&both, Variant::Normal), is("3"));
        assert_eq!(of(&both, Variant::Reverse), is("5"));
        assert_eq!(of(&both, Variant::Holo), is("3"));
        assert_eq!(of(&both, Variant::FirstEd), None);
        let only_holo = CardPrices { holo: trend(5), ..CardPrices::default() };
        assert_eq!(of(&only_holo, Variant::Holo), is("5"));
        let only_plain = CardPrices { plain: trend(3), ..CardPrices::default() };
        assert_eq!(of(&only_plain, Variant::Reverse), Some(None), "a reverse is no normal card");
        assert_eq!(of(&CardPrices::default(), Variant::Holo), Some(None));
    }
}
