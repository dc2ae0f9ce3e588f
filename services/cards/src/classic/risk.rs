//! What uncertainty costs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stats::Ages;
use super::{Source, Stats, float};
use crate::config::PricingConfig;

/// The parts of the risk, as shares of the anchor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Risk {
    pub base: f64,
    pub dispersion: f64,
    pub supply: f64,
    pub low_sample: f64,
    pub fallback: f64,
    /// Negative where the asks agree.
    pub consensus: f64,
    pub age: f64,
}

impl Risk {
    pub fn total(&self) -> f64 {
        self.base
            + self.dispersion
            + self.supply
            + self.low_sample
            + self.fallback
            + self.consensus
            + self.age
    }
}

pub(super) fn assess(
    stats: Option<&Stats>,
    active_count: u64,
    source: Source,
    config: &PricingConfig,
) -> Risk {
    let (classic, rates) = (&config.classic, &config.classic.risk);
    #[expect(clippy::cast_precision_loss, reason = "a marketplace has fewer than 2^52 listings")]
    let supply = active_count as f64;
    let is_small = |stats: &Stats| stats.sample_size < classic.min_sample;
    Risk {
        base: float::of(config.buy.risk_rate),
        dispersion: stats.map_or(0.0, |stats| rates.dispersion * up_to_two(stats.dispersion.ln())),
        supply: rates.supply * up_to_two((1.0 + supply / 1000.0).ln()),
        low_sample: if stats.is_some_and(is_small) { rates.low_sample } else { 0.0 },
        fallback: match source {
            Source::EbayActive => 0.0,
            Source::CardmarketFallback => rates.fallback,
            Source::LastKnown => rates.fallback * 1.5,
        },
        consensus: stats.map_or(0.0, |stats| consensus(stats.consensus)),
        age: stats.and_then(|stats| stats.ages).map_or(0.0, |ages| age(&ages)),
    }
}

fn up_to_two(log: f64) -> f64 {
    log.clamp(0.0, 2.0)
}

fn consensus(percentage: f64) -> f64 {
    match percentage {
        80.0.. => -0.02,
        60.0.. => 0.0,
        40.0.. => 0.03,
        _ => 0.05,
    }
}

/// Listings that stay are too dear.
fn age(ages: &Ages) -> f64 {
    match ages.median_days {
        days if days > 60.0 => 0.05,
        days if days > 30.0 => 0.03,
        days if days > 14.0 => 0.01,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests;
