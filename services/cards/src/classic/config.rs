//! Constants of the classic rule.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Constants of [`crate::classic`]. Fees, margin, basic risk, costs, limits, step and the
/// coefficients of the states are those of [`crate::config::BuyConfig`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClassicConfig {
    /// Share of the cheapest listings that is cut off; with 0.05, one in twenty.
    pub trim_low_rate: f64,
    /// The same of the dearest.
    pub trim_high_rate: f64,
    /// Fewer listings are a failure.
    pub min_sample: usize,
    /// An anchor below this share of the reference is not believed.
    pub mismatch_lower: f64,
    /// An anchor above this multiple of the reference is not believed.
    pub mismatch_upper: f64,
    /// A dispersion above this is not believed.
    pub dispersion_bad: f64,
    pub risk: RiskRates,
    /// Below this confidence (0 to 100) a price is `LOW_CONF`.
    pub min_confidence: u32,
    /// An anchor that moves by more than this share is an anomaly.
    pub anomaly_rate: f64,
}

/// What uncertainty costs, as shares of the anchor. They are added to the basic risk.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RiskRates {
    /// For each unit of the natural logarithm of the dispersion, two at most.
    pub dispersion: f64,
    /// For each unit of ln(1 + listings / 1000), two at most.
    pub supply: f64,
    /// For fewer than `min_sample` listings.
    pub low_sample: f64,
    /// For a reference in place of listings; half as much again for an earlier price.
    pub fallback: f64,
}

impl Default for ClassicConfig {
    fn default() -> Self {
        Self {
            trim_low_rate: 0.05,
            trim_high_rate: 0.05,
            min_sample: 1,
            mismatch_lower: 0.4,
            mismatch_upper: 2.5,
            dispersion_bad: 4.0,
            risk: RiskRates::default(),
            min_confidence: 60,
            anomaly_rate: 0.6,
        }
    }
}

impl Default for RiskRates {
    fn default() -> Self {
        Self { dispersion: 0.02, supply: 0.01, low_sample: 0.05, fallback: 0.03 }
    }
}
