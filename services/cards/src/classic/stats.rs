//! Figures of a sample of asks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ClassicConfig, percentile};

/// Figures of the asks of one bucket, EUR without postage, after both ends were cut off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stats {
    /// Asks before the ends were cut off.
    pub raw_count: usize,
    /// Asks behind the figures.
    pub sample_size: usize,
    pub p10: f64,
    pub p20: f64,
    pub p50: f64,
    pub p80: f64,
    pub p90: f64,
    /// p75 − p25.
    pub iqr: f64,
    pub mean: f64,
    pub min: f64,
    pub max: f64,
    /// Standard deviation of the population, by the mean.
    pub cv: f64,
    /// p80 / p20.
    pub dispersion: f64,
    /// Percentage of the asks within ±20 % of the median.
    pub consensus: f64,
    /// Ages of the listings, those of cut-off asks included. `None` when no listing has a date.
    pub ages: Option<Ages>,
}

/// How long listings have been on offer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ages {
    pub median_days: f64,
    /// Percentage that is less than 7 days old.
    pub recent_7d: f64,
    /// Percentage that is more than 30 days old.
    pub old_30d: f64,
}

impl Stats {
    /// Of positive prices, in any order, and of ages in whole days. `None` without a price.
    pub(super) fn of(
        mut prices: Vec<f64>,
        ages_days: Vec<i64>,
        config: &ClassicConfig,
    ) -> Option<Self> {
        prices.sort_unstable_by(f64::total_cmp);
        let kept = trimmed(&prices, config);
        let at = |rate| percentile(kept, rate);
        let (p20, p50, p80) = (at(0.2)?, at(0.5)?, at(0.8)?);
        let n = count(kept.len());
        let mean = kept.iter().sum::<f64>() / n;
        let variance = kept.iter().map(|price| (price - mean).powi(2)).sum::<f64>() / n;
        let near = |price: &&f64| (p50 * 0.8..=p50 * 1.2).contains(*price);
        Some(Self {
            raw_count: prices.len(),
            sample_size: kept.len(),
            p10: at(0.1)?,
            p20,
            p50,
            p80,
            p90: at(0.9)?,
            iqr: at(0.75)? - at(0.25)?,
            mean,
            min: *kept.first()?,
            max: *kept.last()?,
            cv: variance.sqrt() / mean,
            dispersion: p80 / p20,
            consensus: count(kept.iter().filter(near).count()) / n * 100.0,
            ages: Ages::of(ages_days),
        })
    }
}

impl Ages {
    fn of(mut days: Vec<i64>) -> Option<Self> {
        days.sort_unstable();
        #[expect(clippy::cast_precision_loss, reason = "listings are not 2^52 days old")]
        let ascending: Vec<f64> = days.iter().map(|&days| days as f64).collect();
        let share = |is_counted: fn(&i64) -> bool| {
            let n_counted = days.iter().filter(|days| is_counted(days)).count();
            count(n_counted) / count(days.len()) * 100.0
        };
        Some(Self {
            median_days: percentile(&ascending, 0.5)?,
            recent_7d: share(|&days| days < 7),
            old_30d: share(|&days| days > 30),
        })
    }
}

/// Without the cut-off ends: whole numbers of asks, rounded down, so that fewer than twenty lose
/// none.
fn trimmed<'a>(ascending: &'a [f64], config: &ClassicConfig) -> &'a [f64] {
    let cut = |rate: f64| whole(count(ascending.len()) * rate);
    let (low, high) = (cut(config.trim_low_rate), cut(config.trim_high_rate));
    let end = ascending.len().saturating_sub(high);
    ascending.get(low..end).filter(|kept| !kept.is_empty()).unwrap_or(ascending)
}

#[expect(clippy::cast_precision_loss, reason = "a sample has far fewer than 2^52 asks")]
fn count(n: usize) -> f64 {
    n as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounds down on purpose, and rates are not negative"
)]
fn whole(n: f64) -> usize {
    n as usize
}

#[cfg(test)]
mod tests;
