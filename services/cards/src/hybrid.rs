//! An estimate for cards that are not asked about today: the reference, times what cards like it
//! are asked for on the marketplace.
//!
//! The factor k = ebay / cardmarket is learnt per segment from cards that have both prices. It is
//! the median, so that a few wrong pairs do not move it, and it is not used below a minimum of
//! samples: a wider segment then speaks for the card.

mod segment;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Variant;

pub use segment::{Band, Segment};

/// A card with both prices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample<'a> {
    pub serie_id: &'a str,
    pub variant: Variant,
    /// What the card sells for by its listings.
    pub ebay_eur: Decimal,
    /// The reference of the same day.
    pub cardmarket_eur: Decimal,
}

/// What a segment's cards are asked for, beside their reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Factor {
    pub segment: Segment,
    /// Median of ebay / cardmarket.
    pub k: f64,
    pub n_samples: usize,
    /// Median distance of the logarithms from their median, times 1.4826: the standard deviation,
    /// were they normal. 0.2 is about ±20 %.
    pub spread: f64,
}

/// Factors of all segments with enough samples.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Factors {
    /// Ascending by segment.
    factors: Vec<Factor>,
}

/// A price that nobody asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate<'a> {
    pub price_eur: Decimal,
    /// What it was computed with.
    pub factor: &'a Factor,
}

/// Fewer samples are not believed.
pub const MIN_SAMPLES: usize = 12;

/// Learns from cards that have both prices; pairs without a positive price teach nothing.
pub fn learn<'a>(samples: impl IntoIterator<Item = Sample<'a>>, min_samples: usize) -> Factors {
    let mut logs: BTreeMap<Segment, Vec<f64>> = BTreeMap::new();
    for sample in samples {
        if let Some(log) = log_ratio(&sample) {
            let segments = Segment::around(sample.serie_id, sample.cardmarket_eur, sample.variant);
            for segment in segments {
                logs.entry(segment).or_default().push(log);
            }
        }
    }
    let is_enough = |logs: &Vec<f64>| logs.len() >= min_samples.max(1);
    let factors = logs
        .into_iter()
        .filter(|(_, logs)| is_enough(logs))
        .map(|(segment, logs)| Factor::of(segment, logs))
        .collect();
    Factors { factors }
}

fn log_ratio(sample: &Sample<'_>) -> Option<f64> {
    let log = (sample.ebay_eur.to_f64()? / sample.cardmarket_eur.to_f64()?).ln();
    let is_positive = sample.ebay_eur > Decimal::ZERO && sample.cardmarket_eur > Decimal::ZERO;
    (is_positive && log.is_finite()).then_some(log)
}

impl Factor {
    fn of(segment: Segment, mut logs: Vec<f64>) -> Self {
        let n_samples = logs.len();
        let middle = median(&mut logs);
        let mut distances: Vec<f64> = logs.iter().map(|log| (log - middle).abs()).collect();
        let spread = 1.4826 * median(&mut distances);
        Self { segment, k: middle.exp(), n_samples, spread }
    }
}

/// Of at least one number.
fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    let upper = numbers.len() / 2;
    if numbers.len() % 2 == 1 {
        numbers[upper]
    } else {
        f64::midpoint(numbers[upper - 1], numbers[upper])
    }
}

/// Factors that were kept, in any order.
impl FromIterator<Factor> for Factors {
    fn from_iter<I: IntoIterator<Item = Factor>>(factors: I) -> Self {
        let mut factors: Vec<Factor> = factors.into_iter().collect();
        factors.sort_unstable_by(|left, right| left.segment.cmp(&right.segment));
        Self { factors }
    }
}

impl Factors {
    /// Ascending by segment.
    pub fn as_slice(&self) -> &[Factor] {
        &self.factors
    }

    /// The factor of the narrowest segment around a card that has one.
    pub fn find(
        &self,
        serie_id: &str,
        cardmarket_eur: Decimal,
        variant: Variant,
    ) -> Option<&Factor> {
        let find = |segment: Segment| {
            let place = self.factors.binary_search_by(|factor| factor.segment.cmp(&segment));
            place.ok().map(|place| &self.factors[place])
        };
        Segment::around(serie_id, cardmarket_eur, variant).into_iter().find_map(find)
    }

    /// What a card would be asked for. `None` when nothing was learnt or there is no reference;
    /// rounded down to a cent.
    pub fn estimate(
        &self,
        serie_id: &str,
        variant: Variant,
        cardmarket_eur: Decimal,
    ) -> Option<Estimate<'_>> {
        let reference = cardmarket_eur.to_f64().filter(|reference| *reference > 0.0)?;
        let factor = self.find(serie_id, cardmarket_eur, variant)?;
        // A millionth of a cent, so that 29.999999999 stays 30.
        let cents = Decimal::from_f64((reference * factor.k * 100.0 + 1e-6).floor())?;
        let price_eur = cents / Decimal::ONE_HUNDRED;
        Some(Estimate { price_eur, factor })
    }
}

#[cfg(test)]
mod tests;
