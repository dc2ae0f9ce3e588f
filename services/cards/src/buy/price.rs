//! The arithmetic of the buy price.

use rust_decimal::Decimal;

use super::{Buy, BuyPrices, Label, Step, Steps};
use crate::config::{BuyConfig, VatScheme};

/// What to pay for a card that sells for `anchor_eur`. `before` are the prices on show: a change
/// that is too small is not made. The configuration must have passed its check.
pub fn buy(anchor_eur: Decimal, before: Option<&BuyPrices>, config: &BuyConfig) -> Buy {
    let state = |coefficient, before| {
        let mut waterfall = Waterfall::from(anchor_eur);
        waterfall.take_costs(anchor_eur, config);
        waterfall.to(Label::State, waterfall.total * coefficient);
        waterfall.to(Label::Rounding, floor(waterfall.total, config.step_eur));
        let is_below_min = waterfall.total <= config.min_buy_eur;
        waterfall.limit(config);
        waterfall.hold(before, config);
        (waterfall, is_below_min)
    };
    let coefficients = config.coefficients;
    let (neuf, is_below_min) = state(coefficients.neuf, before.map(|before| before.neuf));
    let (bon, _) = state(coefficients.bon, before.map(|before| before.bon));
    let (correct, _) = state(coefficients.correct, before.map(|before| before.correct));
    Buy {
        prices: BuyPrices { neuf: neuf.total, bon: bon.total, correct: correct.total },
        is_below_min,
        steps: Steps { neuf: neuf.steps, bon: bon.steps, correct: correct.steps },
    }
}

/// A running total that remembers how it came about.
struct Waterfall {
    total: Decimal,
    steps: Vec<Step>,
}

impl Waterfall {
    fn from(anchor_eur: Decimal) -> Self {
        let step = Step { label: Label::Anchor, amount_eur: anchor_eur, total_eur: anchor_eur };
        Self { total: anchor_eur, steps: vec![step] }
    }

    /// Moves the total; a step that changes nothing is not shown.
    fn to(&mut self, label: Label, total: Decimal) {
        let (amount_eur, total_eur) = ((total - self.total).normalize(), total.normalize());
        self.total = total_eur;
        if !amount_eur.is_zero() {
            self.steps.push(Step { label, amount_eur, total_eur });
        }
    }

    /// Fees, margin, risk and fixed costs; with them, the tax that the shop pays on all it keeps:
    /// S − B = (1 + v)·(f·S + m·S + r·S + c).
    fn take_costs(&mut self, anchor_eur: Decimal, config: &BuyConfig) {
        let kept = [
            (Label::Fees, anchor_eur * config.fees_rate),
            (Label::Margin, anchor_eur * config.margin_rate),
            (Label::Risk, anchor_eur * config.risk_rate),
            (Label::FixedCosts, config.fixed_costs_eur),
        ];
        for (label, amount) in kept {
            self.to(label, self.total - amount);
        }
        if let VatScheme::Margin { rate } = config.vat {
            let kept: Decimal = kept.iter().map(|(_, amount)| *amount).sum();
            self.to(Label::Vat, self.total - kept * rate);
        }
    }

    /// The limits lie on the grid of steps themselves, so that a price always does.
    fn limit(&mut self, config: &BuyConfig) {
        let step = config.step_eur;
        let least = -floor(-config.min_buy_eur, step);
        let most = floor(config.max_buy_eur, step).max(least);
        self.to(Label::Limit, self.total.clamp(least, most));
    }

    /// Stays at the price before, when the change is below one step or below the share; unless the
    /// configuration has changed so that this price could no longer come out.
    fn hold(&mut self, before: Option<Decimal>, config: &BuyConfig) {
        let Some(before) = before else {
            return;
        };
        let change = (self.total - before).abs();
        let is_possible = (config.min_buy_eur..=config.max_buy_eur).contains(&before)
            && (before % config.step_eur).is_zero();
        if is_possible && change < config.step_eur.max(before * config.hysteresis_rate) {
            self.to(Label::Hold, before);
        }
    }
}

/// Down to a multiple of `step`, towards negative infinity.
fn floor(amount: Decimal, step: Decimal) -> Decimal {
    (amount / step).floor() * step
}
