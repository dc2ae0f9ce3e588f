//! What is known about a card beside today's listings.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Stage1;

/// The other witnesses. None of them moves the price on its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Evidence {
    /// Price of a reference; see [`reference()`]. Zero is none.
    pub reference_eur: Option<Decimal>,
    /// Earlier snapshots, newest first.
    pub history: Vec<PastSnapshot>,
    /// Confirmed sales of the last 60 days, in any order.
    pub sold_eur: Vec<Decimal>,
    /// The price that was published last.
    pub published_eur: Option<Decimal>,
}

/// What the listings said on an earlier day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PastSnapshot {
    pub age_days: f64,
    pub stage1: Stage1,
}

/// One price from the figures of a price guide (trend, average of 7 and of 30 days): their median,
/// because they are one witness. Zero means that the guide knows nothing.
pub fn reference(guide_eur: &[Option<Decimal>]) -> Option<Decimal> {
    let mut known: Vec<Decimal> =
        guide_eur.iter().copied().flatten().filter(|eur| *eur > Decimal::ZERO).collect();
    known.sort_unstable();
    let upper = *known.get(known.len() / 2)?;
    if known.len() % 2 == 1 {
        return Some(upper);
    }
    Some((upper + known[known.len() / 2 - 1]) / Decimal::TWO)
}

/// The natural logarithm of an amount, `None` for zero and less.
pub(super) fn log(eur: Decimal) -> Option<f64> {
    float(eur).filter(|eur| *eur > 0.0).map(f64::ln)
}

/// The nearest float. Amounts of less than 21 million in cents take the short way, an exact
/// mantissa over an exact power of ten.
fn float(eur: Decimal) -> Option<f64> {
    let unit = match eur.scale() {
        0 => 1.0,
        1 => 10.0,
        2 => 100.0,
        _ => return eur.to_f64(),
    };
    i32::try_from(eur.mantissa()).map_or_else(|_| eur.to_f64(), |n| Some(f64::from(n) / unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_become_the_nearest_float() {
        let found = ["16.9", "0.07", "-1.5", "20", "0.123", "99999999.99"]
            .map(|text| float(text.parse().unwrap()).unwrap().to_string());
        assert_eq!(found, ["16.9", "0.07", "-1.5", "20", "0.123", "99999999.99"]);
        assert_eq!((log(Decimal::ZERO), log(Decimal::NEGATIVE_ONE)), (None, None));
    }

    #[test]
    fn the_reference_is_the_median_of_what_is_known() {
        let eur = |cents| Some(Decimal::new(cents, 2));
        assert_eq!(reference(&[eur(2_000), eur(1_800), eur(9_000)]), eur(2_000));
        assert_eq!(reference(&[eur(2_000), None, eur(1_800)]), eur(1_900));
        assert_eq!(reference(&[eur(0), None, eur(1_800)]), eur(1_800));
        assert_eq!(reference(&[None, eur(0)]), None);
    }
}
