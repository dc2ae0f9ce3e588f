//! From the anchor, what a card sells for, to what the shop pays for it.

mod price;

#[cfg(test)]
mod tests;

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use price::buy;

/// What is paid for a card in each of three states, EUR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuyPrices {
    pub neuf: Decimal,
    pub bon: Decimal,
    pub correct: Decimal,
}

/// Buy prices, and how they came about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Buy {
    pub prices: BuyPrices,
    /// A mint card is worth no more than the least that is ever paid: it is not bought.
    pub is_below_min: bool,
    /// From the anchor to each price.
    pub steps: Steps,
}

/// A waterfall for each state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Steps {
    pub neuf: Vec<Step>,
    pub bon: Vec<Step>,
    pub correct: Vec<Step>,
}

/// One step of a waterfall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    pub label: Label,
    /// What the step adds; negative when it takes away.
    pub amount_eur: Decimal,
    /// The price after it.
    pub total_eur: Decimal,
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Middle of the main group of listings.
    GroupMiddle,
    /// Down to its lower fifth.
    LowerFifth,
    /// What earlier snapshots and sales add.
    HistoryAndSales,
    /// Asks are what nobody has paid yet.
    Caution,
    /// The price that the card sells for.
    Anchor,
    /// Fees of marketplace and payment.
    Fees,
    Margin,
    Risk,
    FixedCosts,
    /// Value-added tax on the margin.
    Vat,
    /// The state of the card.
    State,
    /// Down to the step.
    Rounding,
    /// Up to the least or down to the most that is paid.
    Limit,
    /// The price before stays, since the change would be too small.
    Hold,
}
