//! What the listings alone say. Snapshots keep it as the memory of later days.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::biweight;
use super::group::{self, count};
use crate::config::RobustConfig;

/// Statistics of one sample of voices. Prices are ln EUR. History is always this, never a
/// published price, so that an old mistake cannot feed itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage1 {
    /// Voices in all.
    pub voices: u32,
    /// Middle of the main group.
    pub middle: f64,
    /// Its width: standard deviation of the logarithms, drawn towards the prior.
    pub width: f64,
    /// Sum of the biweights: how many voices stand behind the middle.
    pub weight: f64,
    /// Voices of the main group.
    pub group: u32,
    /// Voices of the strongest other group.
    pub rival: u32,
    /// Voices near the middle.
    pub core: u32,
    /// Voices below the core that may belong to the group.
    pub lower_fringe: u32,
    /// Voices above the core that may belong to the group.
    pub upper_fringe: u32,
    /// Sum of squared distances of core and fringes from the middle.
    pub squares: f64,
}

/// Finds and measures the main group. `logs` is ascending; `None` when it is empty.
pub fn stage1(logs: &[f64], config: &RobustConfig) -> Option<Stage1> {
    if logs.is_empty() {
        return None;
    }
    let start = group::median(group::densest(logs, config));
    let fit = biweight::fit(logs, start, config);
    let reach = config.member_widths * fit.width;
    let outside = |log: f64| (log - fit.middle).abs() > reach;
    let rest: Vec<f64> = logs.iter().copied().filter(|log| outside(*log)).collect();
    let within = |low: f64, high: f64| {
        let distances = logs.iter().map(move |log| log - fit.middle);
        distances.filter(move |distance| (low..=high).contains(distance))
    };
    let squares = within(-config.lower_spread_log, config.upper_fringe_log);
    let fringe = |log: f64| {
        let distance = log - fit.middle;
        (-config.lower_fringe_log..-config.core_log).contains(&distance)
    };
    let above = |log: f64| {
        let distance = log - fit.middle;
        distance > config.core_log && distance <= config.upper_fringe_log
    };
    Some(Stage1 {
        voices: count(logs, |_| true),
        middle: fit.middle,
        width: fit.width,
        weight: fit.weight,
        group: count(logs, |log| !outside(log)),
        rival: group::crowd(&rest, config),
        core: count(logs, |log| (log - fit.middle).abs() <= config.core_log),
        lower_fringe: count(logs, fringe),
        upper_fringe: count(logs, above),
        squares: squares.map(|distance| distance * distance).sum(),
    })
}

impl Stage1 {
    /// Whether a voice belongs to the main group.
    pub fn is_member(&self, log: f64, config: &RobustConfig) -> bool {
        (log - self.middle).abs() <= config.member_widths * self.width
    }

    /// The width, drawn towards the prior once more: the width that the price is taken from.
    pub(super) fn cautious_width(&self, weight: f64, config: &RobustConfig) -> f64 {
        let prior = config.prior_voices * config.prior_width.powi(2);
        ((weight * self.width.powi(2) + prior) / (weight + config.prior_voices)).sqrt()
    }

    /// The lower fifth of the group, ln EUR.
    pub(super) fn fifth(&self, weight: f64, config: &RobustConfig) -> f64 {
        self.middle - config.fifth_widths * self.cautious_width(weight, config)
    }

    /// Standard deviation of everything near the group, whether or not it was given weight.
    pub(super) fn spread(&self, config: &RobustConfig) -> f64 {
        let near = f64::from(self.core + self.lower_fringe + self.upper_fringe);
        let prior = config.prior_voices * config.prior_width.powi(2);
        ((self.squares + prior) / (near + config.prior_voices)).sqrt()
    }
}
