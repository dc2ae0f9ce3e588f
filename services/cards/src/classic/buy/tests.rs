use super::*;
use crate::samples::eur;

fn paid(anchor: f64, risk: f64) -> [Decimal; 3] {
    let prices = prices(anchor, risk, &BuyConfig::default()).prices;
    [prices.neuf, prices.bon, prices.correct]
}

fn eurs(texts: [&str; 3]) -> [Decimal; 3] {
    texts.map(eur)
}

#[test]
fn prices_are_rounded_to_the_nearest_step_and_kept_within_limits() {
    for (anchor, risk, expected) in [
        // 10·0.60 − 0.5 = 5.50; 3.30; 1.65, which is 16.5 steps and goes to the even 16.
        (10.0, 0.02, ["5.50", "3.30", "1.60"]),
        // 10·0.58 − 0.5 = 5.30; 3.18 → 3.20; 1.59 → 1.60.
        (10.0, 0.04, ["5.30", "3.20", "1.60"]),
        // 10.05·0.60 − 0.5 = 5.53 → 5.50.
        (10.05, 0.02, ["5.50", "3.30", "1.60"]),
        // 1·0.60 − 0.5 = 0.10, raised to 0.50, and so are its parts.
        (1.0, 0.02, ["0.50", "0.50", "0.50"]),
        // 20 000·0.60 − 0.5 = 11 999.50, lowered to 10 000; 6 000; 3 000.
        (20_000.0, 0.02, ["10000.00", "6000.00", "3000.00"]),
        // A risk above what is left makes it negative: 10·(0.62 − 0.7) − 0.5.
        (10.0, 0.7, ["0.50", "0.50", "0.50"]),
    ] {
        assert_eq!(paid(anchor, risk), eurs(expected), "{anchor} at {risk}");
    }
}

#[test]
fn the_step_may_be_another() {
    let config = BuyConfig { step_eur: eur("0.5"), ..BuyConfig::default() };
    // 5.50; 3.30 is 6.6 steps: 7, 3.50; 1.65 is 3.3 steps: 3, 1.50.
    let BuyPrices { neuf, bon, correct } = prices(10.0, 0.02, &config).prices;
    assert_eq!([neuf, bon, correct], eurs(["5.50", "3.50", "1.50"]));
}

#[test]
fn the_status_follows_price_and_confidence() {
    let config = ClassicConfig::default();
    let of = |anchor, confidence| {
        status(confidence, &prices(anchor, 0.02, &BuyConfig::default()), &config)
    };
    assert_eq!(of(10.0, 60), Status::Ok);
    assert_eq!(of(10.0, 59), Status::LowConf);
    assert_eq!(of(10.0, 0), Status::LowConf);
    // 1.66·0.6 − 0.5 = 0.496: the least price, whatever the confidence.
    assert_eq!(of(1.66, 100), Status::Disabled);
    assert_eq!(of(1.66, 0), Status::Disabled);
    // 1.8·0.6 − 0.5 = 0.58 → 0.60.
    assert_eq!(of(1.8, 100), Status::Ok);
}

/// 10.05: − 1.1055 fees − 2.7135 margin − 0.201 risk − 0.5 costs = 5.53, rounded to 5.50.
#[test]
fn the_steps_lead_from_the_anchor_to_the_price() {
    let buy = prices(10.05, 0.02, &BuyConfig::default());
    let steps: Vec<_> =
        buy.steps.neuf.iter().map(|step| (step.label, step.amount_eur, step.total_eur)).collect();
    let expected = [
        (Label::Anchor, "10.05", "10.05"),
        (Label::Fees, "-1.1055", "8.9445"),
        (Label::Margin, "-2.7135", "6.231"),
        (Label::Risk, "-0.201", "6.03"),
        (Label::FixedCosts, "-0.5", "5.53"),
        (Label::Rounding, "-0.03", "5.5"),
    ];
    assert_eq!(steps, expected.map(|(label, amount, total)| (label, eur(amount), eur(total))));
    let last = |steps: &[Step]| steps.last().unwrap().total_eur;
    assert_eq!(last(&buy.steps.bon), buy.prices.bon);
    assert_eq!(last(&buy.steps.correct), buy.prices.correct);
    // 0.10, then up to the least price.
    let cheap = prices(1.0, 0.02, &BuyConfig::default());
    assert!(cheap.steps.neuf.iter().any(|step| step.label == Label::Limit));
}
