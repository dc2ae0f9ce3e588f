//! Which listings are offers of the very card that is priced.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::classify::Rejection;

/// Constants of [`crate::classify`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ClassifyConfig {
    /// The language of the cards (ISO 639-1); a title that names another one is rejected.
    pub language: String,
    /// Countries (ISO 3166-1, upper case) that an item may lie in; all when empty.
    pub countries: BTreeSet<String>,
    /// Sellers with fewer ratings are not believed.
    pub min_feedback_score: i64,
    /// The shop's own accounts: its prices must not follow themselves.
    pub own_sellers: BTreeSet<String>,
    /// Whether a title has to show the card's number.
    pub number_required: bool,
    /// The worst condition that still tells the price of a mint card.
    pub worst_condition: Condition,
    pub condition_factors: ConditionFactors,
    /// Assumed for unknown postage when no listing of the sample states one.
    pub default_shipping_eur: Decimal,
    /// Further words or pairs of words (lower case, no accents) that reject a title.
    pub extra_words: BTreeMap<Rejection, BTreeSet<String>>,
}

/// The state of an ungraded card, best first.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Near mint or better; also what is assumed when nothing is said.
    #[default]
    NearMint,
    LightlyPlayed,
    ModeratelyPlayed,
    HeavilyPlayed,
    Damaged,
}

/// What a card sells for beside a near mint one: an ask is divided by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConditionFactors {
    pub lightly_played: Decimal,
    pub moderately_played: Decimal,
    pub heavily_played: Decimal,
    pub damaged: Decimal,
}

impl ConditionFactors {
    pub fn of(&self, condition: Condition) -> Decimal {
        match condition {
            Condition::NearMint => Decimal::ONE,
            Condition::LightlyPlayed => self.lightly_played,
            Condition::ModeratelyPlayed => self.moderately_played,
            Condition::HeavilyPlayed => self.heavily_played,
            Condition::Damaged => self.damaged,
        }
    }
}

impl Default for ClassifyConfig {
    fn default() -> Self {
        Self {
            language: "fr".to_owned(),
            countries: BTreeSet::from(["FR".to_owned()]),
            min_feedback_score: 10,
            own_sellers: BTreeSet::new(),
            number_required: true,
            worst_condition: Condition::ModeratelyPlayed,
            condition_factors: ConditionFactors::default(),
            default_shipping_eur: Decimal::ZERO,
            extra_words: BTreeMap::new(),
        }
    }
}

impl Default for ConditionFactors {
    fn default() -> Self {
        Self {
            lightly_played: Decimal::new(85, 2),
            moderately_played: Decimal::new(70, 2),
            heavily_played: Decimal::new(45, 2),
            damaged: Decimal::new(30, 2),
        }
    }
}
