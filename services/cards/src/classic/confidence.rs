//! How far a price can be trusted, 0 to 100.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Source, Stats};

/// The parts of the confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Confidence {
    /// 30 at most.
    pub sample: u32,
    /// 25 at most; 12 without listings.
    pub dispersion: u32,
    /// 15 when there is a reference.
    pub reference: u32,
    /// 20 at most.
    pub source: u32,
    /// 10 at most; 5 without an earlier anchor.
    pub stability: u32,
}

impl Confidence {
    pub fn total(&self) -> u32 {
        self.sample + self.dispersion + self.reference + self.source + self.stability
    }
}

pub(super) fn score(
    stats: Option<&Stats>,
    has_reference: bool,
    source: Source,
    variation_rate: Option<f64>,
) -> Confidence {
    Confidence {
        sample: sample(stats.map_or(0, |stats| stats.sample_size)),
        dispersion: stats.map_or(12, |stats| dispersion(stats.dispersion)),
        reference: if has_reference { 15 } else { 0 },
        source: match source {
            Source::EbayActive => 20,
            Source::CardmarketFallback => 12,
            Source::LastKnown => 6,
        },
        stability: variation_rate.map_or(5, |rate| stability(rate * 100.0)),
    }
}

fn sample(n: usize) -> u32 {
    match n {
        0 => 0,
        1 => 15,
        2..=4 => 18,
        5..=9 => 21,
        10..=19 => 24,
        20..=29 => 27,
        _ => 30,
    }
}

/// 25 by 100, 90, 70, 50 and 20 %, rounded down.
fn dispersion(ratio: f64) -> u32 {
    match ratio {
        ..=1.5 => 25,
        ..=2.0 => 22,
        ..=3.0 => 17,
        ..=4.0 => 12,
        _ => 5,
    }
}

fn stability(variation_percentage: f64) -> u32 {
    match variation_percentage {
        ..=10.0 => 10,
        ..=20.0 => 8,
        ..=30.0 => 6,
        ..=50.0 => 4,
        _ => 1,
    }
}

#[cfg(test)]
mod tests;
