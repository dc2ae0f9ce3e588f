//! Middle and width of a group among voices that do not belong to it.

use crate::config::RobustConfig;

/// Where the group is, how wide, and how much of the voices it holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fit {
    pub(super) middle: f64,
    pub(super) width: f64,
    pub(super) weight: f64,
}

/// Tukey's biweight (Mosteller & Tukey, *Data Analysis and Regression*, 1977) by iteration from
/// `start`. The variance is drawn towards the prior width, so that three voices that happen to
/// agree do not claim to know everything.
pub(super) fn fit(logs: &[f64], start: f64, config: &RobustConfig) -> Fit {
    let mut fit = Fit { middle: start, width: config.prior_width, weight: 0.0 };
    let mut weights = Vec::with_capacity(logs.len());
    for _ in 0..config.iterations {
        let scale = config.biweight_cutoff_widths * fit.width;
        weights.clear();
        weights.extend(logs.iter().map(|log| weight((log - fit.middle) / scale)));
        let weighted = || weights.iter().zip(logs);
        let total: f64 = weights.iter().sum();
        if total <= 1e-9 {
            fit.weight = total;
            break;
        }
        let middle = weighted().map(|(weight, log)| weight * log).sum::<f64>() / total;
        let squares: f64 = weighted().map(|(weight, log)| weight * (log - middle).powi(2)).sum();
        let width = width(squares, total, config);
        fit = Fit { middle, width, weight: total };
    }
    fit
}

/// 1 in the middle, 0 from the cutoff on.
fn weight(distance: f64) -> f64 {
    if distance.abs() < 1.0 { (1.0 - distance * distance).powi(2) } else { 0.0 }
}

fn width(squares: f64, total: f64, config: &RobustConfig) -> f64 {
    let voices = (total - config.biweight_spent_voices).max(0.0);
    let prior = config.prior_voices * config.prior_width.powi(2);
    let variance = (config.biweight_correction * squares + prior) / (voices + config.prior_voices);
    variance.sqrt().clamp(config.min_width, config.max_width)
}
