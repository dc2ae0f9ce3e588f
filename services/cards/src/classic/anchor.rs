//! The price that everything else is computed from, and when the listings' own is not believed.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ClassicConfig, Stats, float};

/// Where an anchor comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Source {
    /// The lower fifth of the listings.
    EbayActive,
    /// The reference, the dearer of Cardmarket's trend and 30-day mean.
    CardmarketFallback,
    /// The anchor of the snapshot before.
    LastKnown,
}

/// Why the listings' own anchor was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mismatch {
    /// The listings gave none.
    NoAnchor,
    /// It is above [`ClassicConfig::mismatch_upper`] times the reference.
    TooHigh,
    /// It is below [`ClassicConfig::mismatch_lower`] times the reference.
    TooLow,
    /// The dispersion is above [`ClassicConfig::dispersion_bad`].
    Dispersed,
}

/// An anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Anchor {
    /// Rounded to a hundredth of a cent.
    pub eur: Decimal,
    pub source: Source,
    pub mismatch: Option<Mismatch>,
    /// The listings' own, if they gave one.
    pub ebay_eur: Option<Decimal>,
}

/// Digits of an anchor that is shown or kept.
const PLACES: usize = 4;

/// The lower fifth of the listings; when that is missing or not believed, the reference; without
/// a reference, the listings as they are or else the anchor before. Also returns what is computed
/// with, unrounded.
pub(super) fn choose(
    stats: Option<&Stats>,
    reference_eur: Option<Decimal>,
    previous_eur: Option<Decimal>,
    config: &ClassicConfig,
) -> Option<(Anchor, f64)> {
    let positive = |eur: Option<Decimal>| eur.map(float::of).filter(|&eur| eur > 0.0);
    let reference = positive(reference_eur);
    let ebay = stats.map(|stats| stats.p20);
    let mismatch = match (stats, reference) {
        (Some(stats), Some(reference)) => mismatch(stats, reference, config),
        (Some(_), None) => None,
        (None, _) => Some(Mismatch::NoAnchor),
    };
    let believed = ebay.filter(|_| mismatch.is_none()).map(|ebay| (ebay, Source::EbayActive));
    let (exact, source) = believed
        .or_else(|| reference.map(|reference| (reference, Source::CardmarketFallback)))
        .or_else(|| positive(previous_eur).map(|previous| (previous, Source::LastKnown)))?;
    let eur = |exact| float::rounded(exact, PLACES);
    Some((Anchor { eur: eur(exact), source, mismatch, ebay_eur: ebay.map(eur) }, exact))
}

fn mismatch(stats: &Stats, reference: f64, config: &ClassicConfig) -> Option<Mismatch> {
    if stats.p20 > config.mismatch_upper * reference {
        Some(Mismatch::TooHigh)
    } else if stats.p20 < config.mismatch_lower * reference {
        Some(Mismatch::TooLow)
    } else if stats.dispersion > config.dispersion_bad {
        Some(Mismatch::Dispersed)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
