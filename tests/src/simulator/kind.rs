//! What a listing really is, which only its title tells.

use crate::generate::Random;

use super::draw::normal;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// The card, as it is said to be.
    Honest,
    /// The card, played or damaged, and said so.
    Played,
    /// Graded, in its case.
    Slab,
    /// Several cards.
    Lot,
    /// Not a real one.
    Proxy,
    Reverse,
    FirstEdition,
    /// Of another language.
    Foreign,
    /// Another card of that name.
    OtherNumber,
    /// The card, at a price that nobody pays.
    Dream,
    /// Choose your card.
    Variation,
    /// A sealed booster, a code, a coin.
    Sealed,
}

/// In a thousand listings.
const SHARES: [(Kind, u64); 12] = [
    (Kind::Honest, 530),
    (Kind::Played, 90),
    (Kind::Slab, 60),
    (Kind::Lot, 60),
    (Kind::Proxy, 30),
    (Kind::Reverse, 55),
    (Kind::FirstEdition, 15),
    (Kind::Foreign, 65),
    (Kind::OtherNumber, 25),
    (Kind::Dream, 40),
    (Kind::Variation, 20),
    (Kind::Sealed, 10),
];

impl Kind {
    pub(super) fn draw(random: &mut Random) -> Kind {
        let weights = SHARES.map(|(_, share)| share);
        SHARES[random.weighted(&weights)].0
    }

    /// What is asked, in euros.
    pub(super) fn price(self, true_price: f64, random: &mut Random) -> f64 {
        let noise = (0.25 * normal(random)).exp();
        let factor = match self {
            Kind::Honest => 1.05,
            Kind::Played | Kind::Foreign => 0.6,
            Kind::Slab => random.pick(&[1.3, 1.8, 5.0]) + 20.0 / true_price,
            Kind::Lot => random.pick(&[0.4, 1.5, 3.0]),
            Kind::Proxy => 0.15,
            Kind::Reverse => 1.6,
            Kind::FirstEdition => 3.0,
            Kind::OtherNumber => random.pick(&[0.3, 0.8, 2.5]),
            Kind::Dream => random.pick(&[4.0, 6.0, 10.0]),
            Kind::Variation => 0.5,
            Kind::Sealed => 1.0,
        };
        true_price * factor * noise
    }

    /// eBay's number: the only word of a listing that is not in a language.
    pub(super) fn condition_id(self) -> &'static str {
        match self {
            Kind::Slab => "2750",
            Kind::Sealed => "1000",
            _ => "4000",
        }
    }

    pub(super) fn condition(self) -> &'static str {
        match self {
            Kind::Slab => "Gradée",
            Kind::Sealed => "Neuf",
            Kind::Played => "Non gradée - Joué",
            _ => "Non gradée - Quasi neuf ou mieux",
        }
    }
}
