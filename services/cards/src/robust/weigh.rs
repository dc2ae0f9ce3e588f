//! Hears the witnesses, and answers the three questions.

use super::evidence::log;
use super::group;
use super::{Evidence, Figures, Links, Stage1};
use crate::config::RobustConfig;

/// The figures of a decision, and what they do not show.
pub(super) struct Weighed {
    pub(super) figures: Figures,
    pub(super) reference_disagrees: bool,
    /// The newest snapshot's estimate confirms today's.
    pub(super) newest_confirms: bool,
}

/// Estimates with their weights, which are inverse variances.
#[derive(Default)]
struct Mean {
    weight: f64,
    sum: f64,
}

impl Mean {
    fn add(&mut self, value: f64, weight: f64) {
        self.weight += weight;
        self.sum += weight * value;
    }

    /// The same mean with at most this weight.
    fn capped(self, weight: f64) -> Self {
        if self.weight <= weight {
            return self;
        }
        Self { weight, sum: self.sum * weight / self.weight }
    }
}

/// Votes with and without the reference.
struct Votes {
    all: i32,
    without_reference: i32,
}

impl Votes {
    fn both(&mut self, votes: i32) {
        self.all += votes;
        self.without_reference += votes;
    }
}

pub(super) fn weigh(today: &Stage1, evidence: &Evidence, config: &RobustConfig) -> Weighed {
    let weight = today.weight.max(0.5);
    let width = today.cautious_width(weight, config);
    let estimate = today.fifth(weight, config);
    let own = today.group.cast_signed() - today.rival.cast_signed();
    let mut votes = Votes { all: own, without_reference: own };
    let reference_disagrees = hear_reference(evidence, estimate, &mut votes, config);
    let listings = weight / (config.fifth_variance * width * width);
    let mut mean = Mean::default();
    mean.add(estimate, listings);
    let history = hear_history(evidence, estimate, width, &mut votes, config).capped(listings);
    mean.weight += history.weight;
    mean.sum += history.sum;
    hear_sales(evidence, estimate, &mut votes, &mut mean, config);
    let fused = mean.sum / mean.weight;
    let precision = config.error_log / (1.0 / mean.weight + config.variance_floor).sqrt();
    let spread = today.spread(config);
    let links = Links {
        votes: (f64::from(votes.all) - config.votes_needed) / config.votes_unit,
        precision: (precision - config.precision_needed) / config.precision_unit,
        spread: (config.spread_allowed - spread) / config.spread_unit,
    };
    Weighed {
        figures: Figures {
            estimate,
            fused,
            price: fused - config.caution_log,
            width,
            votes: votes.all,
            votes_without_reference: votes.without_reference,
            precision,
            spread,
            links,
            score: links.weakest().1,
        },
        reference_disagrees,
        newest_confirms: past(evidence, config).next().is_some_and(|(_, newest)| {
            (newest.fifth(newest.weight, config) - estimate).abs() <= config.move_confirmed_log
        }),
    }
}

/// Counts the reference's vote, and tells whether it disagrees.
fn hear_reference(
    evidence: &Evidence,
    estimate: f64,
    votes: &mut Votes,
    config: &RobustConfig,
) -> bool {
    let Some(reference) = evidence.reference_eur.and_then(log) else {
        votes.all -= config.votes.reference_missing;
        return false;
    };
    let agrees = (reference - estimate).abs() <= config.reference_tolerance_log;
    votes.all +=
        if agrees { config.votes.reference_agrees } else { -config.votes.reference_disagrees };
    !agrees
}

/// Earlier snapshots that had a group, newest first, with their ages in days.
fn past<'a>(
    evidence: &'a Evidence,
    config: &RobustConfig,
) -> impl Iterator<Item = (f64, &'a Stage1)> {
    let min_group = config.min_group;
    let newest = evidence.history.iter().take(config.history_snapshots);
    newest
        .map(|snapshot| (snapshot.age_days, &snapshot.stage1))
        .filter(move |(_, stage1)| stage1.group >= min_group)
}

/// Snapshots that agree sharpen the estimate; each that does not costs votes. They weigh by the
/// width of today: what a voice is worth depends on the market as it is now.
fn hear_history(
    evidence: &Evidence,
    estimate: f64,
    width: f64,
    votes: &mut Votes,
    config: &RobustConfig,
) -> Mean {
    let mut mean = Mean::default();
    for (age_days, snapshot) in past(evidence, config) {
        let fifth = snapshot.fifth(snapshot.weight, config);
        if (fifth - estimate).abs() > config.history_tolerance_log {
            votes.both(-config.votes.history_disagrees);
            continue;
        }
        let decay = (-age_days / config.history_decay_days).exp();
        let weight = config.history_weight * snapshot.weight * decay
            / (config.fifth_variance * width * width);
        mean.add(fifth, weight);
    }
    mean
}

/// Sales that agree sharpen the estimate and vote for it; between agreement and conflict they say
/// nothing.
fn hear_sales(
    evidence: &Evidence,
    estimate: f64,
    votes: &mut Votes,
    mean: &mut Mean,
    config: &RobustConfig,
) {
    let mut sold: Vec<f64> = evidence.sold_eur.iter().copied().filter_map(log).collect();
    if sold.len() < config.min_sold.max(1) {
        return;
    }
    sold.sort_unstable_by(f64::total_cmp);
    let median = group::median(&sold);
    let distance = (median - estimate).abs();
    if distance <= config.sold_tolerance_log {
        votes.both(config.votes.sold_agrees);
        mean.add(median, config.sold_weight);
    } else if distance > config.sold_conflict_log {
        votes.both(-config.votes.sold_disagrees);
    }
}
