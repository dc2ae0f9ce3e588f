//! What the shop earns, and what it therefore pays.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// From the anchor to the buy price. Rates are shares of the selling price: 0.11 is 11 %.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BuyConfig {
    pub coefficients: Coefficients,
    /// What the marketplace and the payment take.
    pub fees_rate: Decimal,
    /// Postage, sleeve and work for one card.
    pub fixed_costs_eur: Decimal,
    pub margin_rate: Decimal,
    /// For cards that do not sell at the anchor.
    pub risk_rate: Decimal,
    pub vat: VatScheme,
    /// Cards that sell for less are not bought.
    pub min_card_value_eur: Decimal,
    /// The least and the most that is paid for a card.
    pub min_buy_eur: Decimal,
    pub max_buy_eur: Decimal,
    /// Buy prices are multiples of this.
    pub step_eur: Decimal,
    /// A change below this share, or below one step, is not made.
    pub hysteresis_rate: Decimal,
}

/// What a card in a given state is worth beside a mint one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Coefficients {
    pub neuf: Decimal,
    pub bon: Decimal,
    pub correct: Decimal,
}

/// How value-added tax falls on a second-hand card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "scheme", rename_all = "snake_case", deny_unknown_fields)]
pub enum VatScheme {
    /// None is due (in France: franchise en base, art. 293 B CGI).
    #[default]
    Exempt,
    /// Due on the margin only (in France: art. 297 A CGI).
    Margin { rate: Decimal },
}

impl Default for BuyConfig {
    fn default() -> Self {
        Self {
            coefficients: Coefficients::default(),
            fees_rate: Decimal::new(11, 2),
            fixed_costs_eur: Decimal::new(50, 2),
            margin_rate: Decimal::new(27, 2),
            risk_rate: Decimal::new(2, 2),
            vat: VatScheme::Exempt,
            min_card_value_eur: Decimal::new(300, 2),
            min_buy_eur: Decimal::new(50, 2),
            max_buy_eur: Decimal::new(10_000, 0),
            step_eur: Decimal::new(10, 2),
            hysteresis_rate: Decimal::new(3, 2),
        }
    }
}

impl Default for Coefficients {
    fn default() -> Self {
        Self { neuf: Decimal::ONE, bon: Decimal::new(6, 1), correct: Decimal::new(3, 1) }
    }
}
