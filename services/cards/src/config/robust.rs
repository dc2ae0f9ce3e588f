//! Constants of the robust rule. They were tuned together on simulated markets: change one, and
//! the calibration of the confidence no longer holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Constants of [`crate::robust`]. Distances ending in `_log` are natural logarithms of price
/// ratios: 0.05 is about 5 %. `width` is the standard deviation of log prices in a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RobustConfig {
    /// Score from which a card is published.
    pub publish_min_standard: f64,
    /// The same for cards that need care.
    pub publish_min_careful: f64,
    /// A score this far below the threshold is still shown, as `LOW_CONF`.
    pub low_conf_band: f64,

    /// Asks that count at most for one seller.
    pub voices_per_seller: usize,
    /// Asks of one seller nearer than this are one voice.
    pub same_price_log: f64,

    /// Width of the window in which the most crowded group is sought; e^0.9 = 2.46.
    pub window_log: f64,
    /// Voices this many widths from the middle have no weight.
    pub biweight_cutoff_widths: f64,
    /// Makes the biweight variance of a normal sample unbiased.
    pub biweight_correction: f64,
    /// Degrees of freedom that the estimate of the middle takes from the width.
    pub biweight_spent_voices: f64,
    /// Voices that the prior width weighs.
    pub prior_voices: f64,
    /// The width that is assumed before any voice is heard.
    pub prior_width: f64,
    pub min_width: f64,
    pub max_width: f64,
    pub iterations: usize,
    /// Voices within this many widths of the middle belong to the group.
    pub member_widths: f64,
    /// Fewer voices in the group are never priced.
    pub min_group: u32,

    /// Voices this near to the middle are its core.
    pub core_log: f64,
    /// Reach of the lower fringe below the middle.
    pub lower_fringe_log: f64,
    /// Reach of the upper fringe above the middle.
    pub upper_fringe_log: f64,
    /// Reach below the middle of the voices whose spread is measured; above, the upper fringe's.
    pub lower_spread_log: f64,

    /// The lower fifth lies this many widths below the middle (0.8416 in a normal law).
    pub fifth_widths: f64,
    /// Taken off every price, since asks are what nobody has paid yet.
    pub caution_log: f64,
    /// Variance of the fifth of a group of one voice, in squared widths.
    pub fifth_variance: f64,
    /// Variance that no number of voices takes away.
    pub variance_floor: f64,
    /// The error that the precision is measured against: ±30 %.
    pub error_log: f64,

    pub votes: Votes,
    /// A reference further from the listings disagrees; e^0.8 = 2.23.
    pub reference_tolerance_log: f64,
    /// An earlier snapshot further from the listings disagrees.
    pub history_tolerance_log: f64,
    /// Sales nearer to the listings agree.
    pub sold_tolerance_log: f64,
    /// Sales further from the listings disagree.
    pub sold_conflict_log: f64,
    /// Fewer sales are not looked at.
    pub min_sold: usize,
    /// Earlier snapshots that are looked at.
    pub history_snapshots: usize,
    /// Weight of a snapshot of today beside the listings.
    pub history_weight: f64,
    /// Days in which that weight falls to 1/e.
    pub history_decay_days: f64,
    /// Weight of agreeing sales, as an inverse variance.
    pub sold_weight: f64,

    /// Votes at which the score is 0, and votes that are worth 1 more.
    pub votes_needed: f64,
    pub votes_unit: f64,
    /// Precision at which the score is 0, and precision that is worth 1 more.
    pub precision_needed: f64,
    pub precision_unit: f64,
    /// Spread at which the score is 0, and spread that costs 1.
    pub spread_allowed: f64,
    pub spread_unit: f64,

    /// With so many votes of the listings alone, a conflict is the reference's fault.
    pub blame_reference_votes: i32,
    /// A price that moves further is held; e^0.47 = 1.6.
    pub move_log: f64,
    /// Unless the newest snapshot was as near as this to the listings of today.
    pub move_confirmed_log: f64,
    /// A proposal this far below the published price suspends that price; e^-0.26 = 0.77.
    pub suspend_log: f64,

    /// Share of right prices by score, ascending: each holds from its score on.
    pub confidence: Vec<Knot>,
}

/// Votes of the witnesses. The listings have one for each voice of the group, less one for each
/// voice of its strongest rival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Votes {
    /// Gained when the reference agrees.
    pub reference_agrees: i32,
    /// Lost when it disagrees.
    pub reference_disagrees: i32,
    /// Lost when there is none.
    pub reference_missing: i32,
    /// Lost for each earlier snapshot that disagrees.
    pub history_disagrees: i32,
    /// Gained when sales agree.
    pub sold_agrees: i32,
    /// Lost when sales disagree.
    pub sold_disagrees: i32,
}

/// One step of the confidence table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Knot {
    pub score: f64,
    /// Share of prices with this score that lie within ±30 % of the truth, 0 to 1.
    pub confidence: f64,
}

impl RobustConfig {
    /// The share of prices with such a score that were right.
    pub fn confidence_at(&self, score: f64) -> f64 {
        let reached = self.confidence.iter().rev().find(|knot| score >= knot.score);
        reached.or(self.confidence.first()).map_or(0.0, |knot| knot.confidence)
    }
}

impl Default for RobustConfig {
    fn default() -> Self {
        Self {
            publish_min_standard: 0.0,
            publish_min_careful: 1.0,
            low_conf_band: 1.0,
            voices_per_seller: 2,
            same_price_log: 0.05,
            window_log: 0.9,
            biweight_cutoff_widths: 3.0,
            biweight_correction: 1.61,
            biweight_spent_voices: 0.7,
            prior_voices: 4.0,
            prior_width: 0.25,
            min_width: 0.06,
            max_width: 0.70,
            iterations: 12,
            member_widths: 2.5,
            min_group: 3,
            core_log: 0.45,
            lower_fringe_log: 1.1,
            upper_fringe_log: 0.75,
            lower_spread_log: 0.9,
            fifth_widths: 0.84,
            caution_log: 0.03,
            fifth_variance: 1.35,
            variance_floor: 0.0025,
            error_log: 0.31,
            votes: Votes::default(),
            reference_tolerance_log: 0.8,
            history_tolerance_log: 0.20,
            sold_tolerance_log: 0.30,
            sold_conflict_log: 0.5,
            min_sold: 2,
            history_snapshots: 3,
            history_weight: 0.35,
            history_decay_days: 30.0,
            sold_weight: 25.0,
            votes_needed: 4.0,
            votes_unit: 2.0,
            precision_needed: 2.3,
            precision_unit: 0.2,
            spread_allowed: 0.30,
            spread_unit: 0.04,
            blame_reference_votes: 8,
            move_log: 0.47,
            move_confirmed_log: 0.15,
            suspend_log: 0.26,
            confidence: calibrated(),
        }
    }
}

impl Default for Votes {
    fn default() -> Self {
        Self {
            reference_agrees: 2,
            reference_disagrees: 5,
            reference_missing: 4,
            history_disagrees: 3,
            sold_agrees: 4,
            sold_disagrees: 6,
        }
    }
}

/// Measured on 580 kinds of simulated markets, weighted as `docs/PRICING.md` says.
fn calibrated() -> Vec<Knot> {
    [
        (-9.0, 0.456),
        (-6.0, 0.491),
        (-4.0, 0.632),
        (-3.0, 0.803),
        (-2.0, 0.847),
        (-1.5, 0.866),
        (-1.0, 0.900),
        (-0.5, 0.928),
        (0.0, 0.957),
        (0.5, 0.980),
        (1.0, 0.990),
        (1.5, 0.994),
        (2.0, 0.999),
    ]
    .map(|(score, confidence)| Knot { score, confidence })
    .to_vec()
}
