//! Simulated markets for one card, to measure a pricing rule against a truth that is known.
//!
//! Prices are natural logarithms around the truth: the lower fifth of the honest asks is 0, which
//! stands for [`TRUE_EUR`]. A [`Cell`] says what kind of market it is, [`Market::draw`] draws one,
//! [`Card`] prices it, [`Tally`] counts. The same seed gives the same market.

mod draw;
mod laws;
mod offers;
mod trial;

pub use trial::{Card, Tally, eur};

/// What the card of every market is truly worth.
pub const TRUE_EUR: f64 = 20.0;

/// A kind of market.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    pub law: Law,
    pub contamination: Contamination,
    pub special: Option<Special>,
    /// What the reference is off by; `None` when there is none.
    pub reference: Option<f64>,
    /// Listings.
    pub n: usize,
}

/// How honest asks are spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Law {
    pub shape: Shape,
    /// Standard deviation of the logarithms.
    pub sd: f64,
}

/// Shapes of unit standard deviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Normal,
    /// Student's t with 4 degrees of freedom.
    HeavyTails,
    /// Gumbel.
    RightSkewed,
    LeftSkewed,
}

/// Listings that are no honest asks for the card.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contamination {
    /// Share of proxies, damaged and wrong cards.
    pub cheap: f64,
    /// Share of slabs and dream prices.
    pub dear: f64,
    /// Cheap ones at 0.3 to 0.7 of the price, not at 0.03 to 0.3.
    pub is_near: bool,
    pub correlation: Correlation,
}

/// How contaminated listings hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correlation {
    Independent,
    /// All cheap ones from one seller at one price, all dear ones from another.
    OneSeller,
    /// Many sellers around one price on each side.
    OnePrice,
}

/// Markets that are two markets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// Hidden played copies at half the price.
    Played,
    /// A hidden variant at 1.8 times the price.
    DearVariant,
    /// A hidden variant at 0.55 times the price.
    CheapVariant,
    /// The price has doubled; a quarter of the asks has not.
    Doubled,
    /// The price has halved; two fifths of the asks have not.
    Halved,
}

/// One listing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ask {
    pub log: f64,
    pub seller: usize,
    pub age_days: f64,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Honest,
    /// Honest, and not changed since the price was another one.
    Stale,
    Cheap,
    Dear,
}

/// A market on one day, and what else is known of the card.
#[derive(Clone, Debug, PartialEq)]
pub struct Market {
    pub asks: Vec<Ask>,
    /// Trend, average of 7 and of 30 days.
    pub reference: Option<[f64; 3]>,
    /// Earlier asks with their ages in days, newest first.
    pub history: Vec<(f64, Vec<Ask>)>,
    pub sold: Vec<f64>,
}

impl Law {
    pub const NARROW: Self = Self { shape: Shape::Normal, sd: 0.15 };
    pub const NORMAL: Self = Self { shape: Shape::Normal, sd: 0.25 };
    pub const HEAVY_TAILS: Self = Self { shape: Shape::HeavyTails, sd: 0.25 };
    pub const RIGHT_SKEWED: Self = Self { shape: Shape::RightSkewed, sd: 0.25 };
    /// The laws of regular markets.
    pub const REGULAR: [Self; 4] =
        [Self::NARROW, Self::NORMAL, Self::HEAVY_TAILS, Self::RIGHT_SKEWED];
}

impl Contamination {
    pub const NONE: Self = Self::far(0.0, 0.0, Correlation::Independent);

    pub const fn far(cheap: f64, dear: f64, correlation: Correlation) -> Self {
        Self { cheap, dear, is_near: false, correlation }
    }

    /// The ten contaminations of regular markets.
    pub fn regular() -> Vec<Self> {
        let levels = [(0.10, 0.20), (0.25, 0.0), (0.0, 0.30)];
        let correlations =
            [Correlation::Independent, Correlation::OneSeller, Correlation::OnePrice];
        let all = levels.into_iter().flat_map(|(cheap, dear)| {
            correlations.map(|correlation| Self::far(cheap, dear, correlation))
        });
        std::iter::once(Self::NONE).chain(all).collect()
    }
}

impl Special {
    /// How far the price has moved since last week.
    pub(crate) fn drift(self) -> f64 {
        match self {
            Self::Doubled => 2.0_f64.ln(),
            Self::Halved => -(2.0_f64.ln()),
            Self::Played | Self::DearVariant | Self::CheapVariant => 0.0,
        }
    }
}

impl Cell {
    /// Every regular market with these references and numbers of listings.
    pub fn regular(references: &[Option<f64>], sizes: &[usize]) -> Vec<Self> {
        let mut cells = Vec::new();
        for n in sizes {
            for reference in references {
                for contamination in Contamination::regular() {
                    for law in Law::REGULAR {
                        let (reference, n) = (*reference, *n);
                        cells.push(Self { law, contamination, special: None, reference, n });
                    }
                }
            }
        }
        cells
    }
}
