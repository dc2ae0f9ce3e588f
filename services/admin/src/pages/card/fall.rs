//! The price as a waterfall: from the market to what the shop pays, adding up to the cent.

use cards::buy::{Label, Step};
use commands::Explained;
use rust_decimal::Decimal;

use crate::plot::short;
use crate::say::Say;
use crate::shop::float;

/// A line of the waterfall.
pub(super) struct FallRow {
    pub(super) label: String,
    /// A share of the anchor, or what the step means.
    pub(super) detail: String,
    pub(super) class: &'static str,
    /// Where its bar begins, and how wide it is, in percent.
    pub(super) x: String,
    pub(super) width: String,
    pub(super) amount: String,
    pub(super) is_total: bool,
}

/// Every step, for a mint card; empty where the rule found no price.
pub(super) fn rows(say: &Say, explained: &Explained) -> Vec<FallRow> {
    let buy = match &explained.classic {
        Some(classic) => classic.buy.as_ref(),
        None => explained.explanation.buy.as_ref(),
    };
    let Some(buy) = buy else { return Vec::new() };
    let mut steps: Vec<Step> = match &explained.classic {
        Some(_) => Vec::new(),
        None => explained.explanation.anchor_steps.clone(),
    };
    let is_robust = !steps.is_empty();
    // The anchor is where the statistics end: a subtotal, not a step of its own.
    steps.extend(buy.steps.neuf.iter().filter(|step| !(is_robust && step.label == Label::Anchor)));
    let anchor = buy.steps.neuf.iter().find(|step| step.label == Label::Anchor);
    let anchor = anchor.map_or(Decimal::ZERO, |step| step.total_eur);
    draw(say, &steps, anchor, buy.prices.neuf)
}

fn draw(say: &Say, steps: &[Step], anchor: Decimal, total: Decimal) -> Vec<FallRow> {
    let cents = |amount: Decimal| amount.round_dp(2);
    let most = steps.iter().map(|step| cents(step.total_eur)).max().unwrap_or(total).max(total);
    let percent = |amount: Decimal| {
        float((amount * Decimal::ONE_HUNDRED).checked_div(most).unwrap_or_default())
    };
    let mut before = Decimal::ZERO;
    let mut rows = Vec::new();
    for (n, step) in steps.iter().enumerate() {
        // What is shown adds up, whatever was rounded on the way.
        let after = cents(step.total_eur);
        let (low, high) = (before.min(after), before.max(after));
        rows.push(FallRow {
            label: word(say, step.label),
            detail: detail(say, step, after - before, anchor),
            class: if n == 0 { "b1" } else { "b2" },
            x: short(percent(low)),
            width: short(percent(high - low).max(0.6)),
            amount: signed(say, after - before, n == 0),
            is_total: false,
        });
        before = after;
    }
    rows.push(FallRow {
        label: say.t("fall-total"),
        detail: String::new(),
        class: "b1",
        x: "0".to_owned(),
        width: short(percent(total)),
        amount: say.eur(total),
        is_total: true,
    });
    rows
}

fn signed(say: &Say, amount: Decimal, is_first: bool) -> String {
    let sign = if is_first || amount <= Decimal::ZERO { "" } else { "+" };
    format!("{sign}{}", say.eur(amount))
}

/// What a cost is of the anchor; what a step of the statistics means.
fn detail(say: &Say, step: &Step, amount: Decimal, anchor: Decimal) -> String {
    match step.label {
        Label::Fees | Label::Margin | Label::Risk => {
            let share = amount.abs().checked_div(anchor).map_or(0.0, float);
            say.percent(share, 0)
        }
        label => say.try_t(&format!("{}-detail", key(label))).unwrap_or_default(),
    }
}

fn word(say: &Say, label: Label) -> String {
    say.try_t(key(label)).unwrap_or_default()
}

fn key(label: Label) -> &'static str {
    match label {
        Label::GroupMiddle => "fall-group-middle",
        Label::LowerFifth => "fall-lower-fifth",
        Label::HistoryAndSales => "fall-history-and-sales",
        Label::Caution => "fall-caution",
        Label::Anchor => "fall-anchor",
        Label::Fees => "fall-fees",
        Label::Margin => "fall-margin",
        Label::Risk => "fall-risk",
        Label::FixedCosts => "fall-fixed-costs",
        Label::Vat => "fall-vat",
        Label::State => "fall-state",
        Label::Rounding => "fall-rounding",
        Label::Limit => "fall-limit",
        Label::Hold => "fall-hold",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    #[test]
    fn what_is_shown_adds_up() {
        let say = Say::new(Lang::En, "UTC");
        let amounts = [41_900, -4_609, -11_313, -78];
        let labels = [Label::Anchor, Label::Fees, Label::Margin, Label::Rounding];
        let mut total_eur = Decimal::ZERO;
        let mut steps = Vec::new();
        for (label, thousandths) in labels.into_iter().zip(amounts) {
            let amount_eur = Decimal::new(thousandths, 3);
            total_eur += amount_eur;
            steps.push(Step { label, amount_eur, total_eur });
        }
        let rows = draw(&say, &steps, Decimal::new(4_190, 2), total_eur);
        let shown: Vec<&str> = rows.iter().map(|row| row.amount.as_str()).collect();
        assert_eq!(shown, ["€41.90", "−€4.61", "−€11.31", "−€0.08", "€25.90"]);
        assert_eq!(rows[1].detail, "11%");
        assert_eq!((rows[1].x.as_str(), rows[1].width.as_str()), ("89", "11"));
    }

    #[test]
    fn every_step_has_words() {
        let labels = [
            Label::GroupMiddle,
            Label::LowerFifth,
            Label::HistoryAndSales,
            Label::Caution,
            Label::Anchor,
            Label::Fees,
            Label::Margin,
            Label::Risk,
            Label::FixedCosts,
            Label::Vat,
            Label::State,
            Label::Rounding,
            Label::Limit,
            Label::Hold,
        ];
        for lang in Lang::ALL {
            let say = Say::new(lang, "UTC");
            assert!(labels.into_iter().all(|label| !word(&say, label).is_empty()));
        }
    }
}
