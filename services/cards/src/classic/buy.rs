//! From the anchor to buy prices and their status.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ClassicConfig, float};
use crate::buy::{Buy, BuyPrices, Label, Step, Steps};
use crate::config::BuyConfig;

/// What the shop does with a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Ok,
    /// Too uncertain.
    LowConf,
    /// Not bought: a mint card would bring the least price that is ever paid.
    Disabled,
}

pub(super) fn status(confidence: u32, buy: &Buy, config: &ClassicConfig) -> Status {
    if buy.is_below_min {
        Status::Disabled
    } else if confidence < config.min_confidence {
        Status::LowConf
    } else {
        Status::Ok
    }
}

/// base = round(limit(anchor · (1 − fees − margin − risk) − costs)), and for each state
/// round(limit(base · coefficient)), to the nearest step.
pub(super) fn prices(anchor: f64, risk: f64, config: &BuyConfig) -> Buy {
    let base = Base::of(anchor, risk, config);
    let (neuf, neuf_steps) = base.state(config.coefficients.neuf, config);
    let (bon, bon_steps) = base.state(config.coefficients.bon, config);
    let (correct, correct_steps) = base.state(config.coefficients.correct, config);
    Buy {
        prices: BuyPrices { neuf, bon, correct },
        is_below_min: neuf <= config.min_buy_eur,
        steps: Steps { neuf: neuf_steps, bon: bon_steps, correct: correct_steps },
    }
}

/// What a mint card brings, before its coefficient.
struct Base {
    eur: Decimal,
    steps: Waterfall,
}

impl Base {
    fn of(anchor: f64, risk: f64, config: &BuyConfig) -> Self {
        let (fees, margin) = (float::of(config.fees_rate), float::of(config.margin_rate));
        let before = anchor * (1.0 - fees - margin - risk) - float::of(config.fixed_costs_eur);
        let mut steps = Waterfall::default();
        steps.show(Label::Anchor, anchor);
        steps.show(Label::Fees, anchor - anchor * fees);
        steps.show(Label::Margin, anchor - anchor * (fees + margin));
        steps.show(Label::Risk, anchor - anchor * (fees + margin + risk));
        steps.show(Label::FixedCosts, before);
        let eur = steps.limit_and_round(before, config);
        Self { eur, steps }
    }

    fn state(&self, coefficient: Decimal, config: &BuyConfig) -> (Decimal, Vec<Step>) {
        let mut steps = self.steps.clone();
        let worth = float::of(self.eur) * float::of(coefficient);
        steps.show(Label::State, worth);
        let eur = steps.limit_and_round(worth, config);
        (eur, steps.steps)
    }
}

/// Steps for people, to a hundredth of a cent; those that change nothing are left out.
#[derive(Clone, Default)]
struct Waterfall {
    total_eur: Decimal,
    steps: Vec<Step>,
}

impl Waterfall {
    fn show(&mut self, label: Label, total: f64) {
        self.move_to(label, float::rounded(total, 4));
    }

    fn move_to(&mut self, label: Label, total_eur: Decimal) {
        let amount_eur = (total_eur - self.total_eur).normalize();
        self.total_eur = total_eur.normalize();
        if !amount_eur.is_zero() {
            self.steps.push(Step { label, amount_eur, total_eur: self.total_eur });
        }
    }

    fn limit_and_round(&mut self, value: f64, config: &BuyConfig) -> Decimal {
        let (least, most) = (float::of(config.min_buy_eur), float::of(config.max_buy_eur));
        let limited = value.max(least).min(most);
        self.show(Label::Limit, limited);
        let rounded = float::nearest_step(limited, config.step_eur).round_dp(2);
        self.move_to(Label::Rounding, rounded);
        rounded
    }
}

#[cfg(test)]
mod tests;
