use rust_decimal::Decimal;

use super::{Buy, BuyPrices, Label, buy};
use crate::config::{BuyConfig, VatScheme};

fn eur(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn prices(buy: &Buy) -> [Decimal; 3] {
    [buy.prices.neuf, buy.prices.bon, buy.prices.correct]
}

fn margin_scheme() -> BuyConfig {
    BuyConfig { vat: VatScheme::Margin { rate: eur("0.20") }, ..BuyConfig::default() }
}

/// S = 10: 10·(1 − 0.11 − 0.27 − 0.02) − 0.50 = 5.50; 3.30; 1.65 floored to 1.60.
#[test]
fn costs_are_taken_from_the_anchor() {
    let buy = buy(eur("10"), None, &BuyConfig::default());
    assert_eq!(prices(&buy), ["5.5", "3.3", "1.6"].map(eur));
    assert!(!buy.is_below_min);
}

/// S = 10: 10·(1 − 1.2·0.40) − 1.2·0.50 = 4.60.
#[test]
fn the_margin_scheme_taxes_what_the_shop_keeps() {
    let buy = buy(eur("10"), None, &margin_scheme());
    assert_eq!(prices(&buy), ["4.6", "2.7", "1.3"].map(eur));
    let vat = buy.steps.neuf.iter().find(|step| step.label == Label::Vat).unwrap();
    assert_eq!((vat.amount_eur, vat.total_eur), (eur("-0.9"), eur("4.6")));
}

#[test]
fn a_waterfall_adds_up_from_the_anchor_to_the_price() {
    for config in [BuyConfig::default(), margin_scheme()] {
        for anchor in ["0.01", "3.33", "16.96", "19999.99"] {
            let buy = buy(eur(anchor), None, &config);
            for (steps, price) in [
                (&buy.steps.neuf, buy.prices.neuf),
                (&buy.steps.bon, buy.prices.bon),
                (&buy.steps.correct, buy.prices.correct),
            ] {
                let mut total = Decimal::ZERO;
                for step in steps {
                    total += step.amount_eur;
                    assert_eq!(step.total_eur, total, "{:?} of {anchor}", step.label);
                }
                assert_eq!(total, price);
            }
            assert_eq!(buy.steps.neuf[0].label, Label::Anchor);
        }
    }
}

/// 16.96·0.6 − 0.5 = 9.676.
#[test]
fn prices_are_rounded_down_to_the_step() {
    let bought = |step| {
        let config = BuyConfig { step_eur: eur(step), ..BuyConfig::default() };
        buy(eur("16.96"), None, &config).prices.neuf
    };
    assert_eq!(["0.01", "0.1", "0.5", "1"].map(bought), ["9.67", "9.6", "9.5", "9"].map(eur));
}

#[test]
fn limits_hold_after_rounding() {
    let config = BuyConfig {
        max_buy_eur: eur("9.99"),
        min_buy_eur: eur("0.75"),
        step_eur: eur("0.5"),
        ..BuyConfig::default()
    };
    let dear = buy(eur("1000"), None, &config);
    assert_eq!(prices(&dear), [eur("9.5"); 3], "the most that lies on the grid");
    let cheap = buy(eur("4"), None, &config);
    assert_eq!(prices(&cheap), ["1.5", "1", "1"].map(eur), "1.90, 1.14, 0.57");
}

#[test]
fn a_card_worth_no_more_than_the_least_price_is_not_bought() {
    // (0.5 + 0.5) / 0.6 = 1.67 is where the price of a mint card is the least one.
    let below = |anchor| buy(eur(anchor), None, &BuyConfig::default()).is_below_min;
    assert_eq!(["0", "1.66", "1.83", "1.84"].map(below), [true, true, true, false]);
}

#[test]
fn small_changes_are_not_made() {
    let before = |text| {
        let eur = eur(text);
        BuyPrices { neuf: eur, bon: eur, correct: eur }
    };
    // A mint card for 60.00: 59.50 would be 35.2 = 60·0.6 − 0.5 − 0.3.
    let neuf = |anchor, before: &BuyPrices| {
        buy(eur(anchor), Some(before), &BuyConfig::default()).prices.neuf
    };
    assert_eq!(neuf("60", &before("35.5")), eur("35.5"));
    assert_eq!(neuf("59.5", &before("35.5")), eur("35.5"), "0.3 is below 3 % of 35.5");
    assert_eq!(neuf("58.2", &before("35.5")), eur("34.4"), "1.1 is not");
    assert_eq!(neuf("5.5", &before("2.7")), eur("2.8"), "one step, above 3 % of 2.7");
    assert_eq!(neuf("10", &before("0.4")), eur("5.5"));
    let held = buy(eur("59.5"), Some(&before("35.5")), &BuyConfig::default());
    let last = held.steps.neuf.last().unwrap();
    assert_eq!((last.label, last.amount_eur), (Label::Hold, eur("0.3")));
}

#[test]
fn a_price_outside_the_limits_is_not_held() {
    let config = BuyConfig { max_buy_eur: eur("35.0"), ..BuyConfig::default() };
    let prices = BuyPrices { neuf: eur("35.5"), bon: eur("20"), correct: eur("10") };
    assert_eq!(buy(eur("60"), Some(&prices), &config).prices.neuf, eur("35"));
}
