//! Every number that the pricing rules use, in one place, with its default and its unit.
//!
//! A snapshot is priced with one [`PricingConfig`]; another one prices the same day differently.

mod buy;
mod classify;
mod robust;
mod validate;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::classic::{ClassicConfig, RiskRates};
pub use buy::{BuyConfig, Coefficients, VatScheme};
pub use classify::{ClassifyConfig, Condition, ConditionFactors};
pub use robust::{Knot, RobustConfig, Votes};
pub use validate::ConfigError;

/// The configuration of a whole pricing run. Fields that are left out have their defaults;
/// unknown fields are refused.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PricingConfig {
    pub rule: Rule,
    pub caution: Caution,
    pub classify: ClassifyConfig,
    pub robust: RobustConfig,
    pub classic: ClassicConfig,
    pub buy: BuyConfig,
}

/// How listings become the anchor, the price that a buy price is computed from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Hard classification, then "the weakest link decides".
    #[default]
    Robust,
    /// The rule of the application that this one replaces, to see the same numbers.
    Classic,
}

/// For which cards the careful threshold of the robust rule holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Caution {
    /// For none.
    Standard,
    /// For cards that exist in more than one variant: a hidden second variant among the listings
    /// is what the rule sees worst.
    #[default]
    KnownVariants,
    /// For all.
    Careful,
}

impl PricingConfig {
    /// The score from which a card is published; see [`RobustConfig`].
    pub fn publish_min(&self, has_known_variants: bool) -> f64 {
        let careful = match self.caution {
            Caution::Standard => false,
            Caution::KnownVariants => has_known_variants,
            Caution::Careful => true,
        };
        if careful { self.robust.publish_min_careful } else { self.robust.publish_min_standard }
    }
}
