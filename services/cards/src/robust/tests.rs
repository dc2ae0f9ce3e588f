//! Fourteen worked examples of the formulas of `docs/PRICING.md`, to 0.001 and to the cent.

mod edges;

use rust_decimal::Decimal;

use super::{
    Ask, Decision, Evidence, Limits, PastSnapshot, Reason, Stage1, Verdict, decide, stage1, voices,
};
use crate::config::RobustConfig;

/// What an example expects of the stage-1 statistics: m, middle, width, R, k, k2, core, lower and
/// upper fringe, Σ squares.
type Expected = (u32, f64, f64, f64, u32, u32, u32, u32, u32, f64);

/// And of the decision: width, estimate, price (ln), votes, precision, spread, the links, score,
/// confidence.
type Weighed = (f64, f64, f64, i32, f64, f64, [f64; 3], f64, f64);

fn eur(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Prices in words, each from a seller of its own unless it says `price@seller`.
fn listings(text: &str) -> Option<Stage1> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let asks: Vec<Ask<'_>> = words
        .iter()
        .map(|word| {
            let (price, _) = word.split_once('@').unwrap_or((word, ""));
            let seller = word.split_once('@').map_or(*word, |(_, seller)| seller);
            Ask { eur: eur(price), seller, item_id: "" }
        })
        .collect();
    let config = RobustConfig::default();
    let logs: Vec<f64> = voices(&asks, &config).iter().map(|voice| voice.log).collect();
    stage1(&logs, &config)
}

fn near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-3
}

fn check_stage1(found: &Stage1, expected: Expected) {
    let (voices, middle, width, weight, group, rival, core, lower, upper, squares) = expected;
    let counts = (
        found.voices,
        found.group,
        found.rival,
        found.core,
        found.lower_fringe,
        found.upper_fringe,
    );
    assert_eq!(counts, (voices, group, rival, core, lower, upper));
    for (found, expected) in [
        (found.middle, middle),
        (found.width, width),
        (found.weight, weight),
        (found.squares, squares),
    ] {
        assert!(near(found, expected), "{found} is not {expected}");
    }
}

fn check_weighed(decision: &Decision, expected: Weighed) {
    let figures = decision.figures.unwrap();
    let (width, estimate, price, votes, precision, spread, links, score, confidence) = expected;
    assert_eq!(figures.votes, votes);
    for (found, expected) in [
        (figures.width, width),
        (figures.estimate, estimate),
        (figures.price, price),
        (figures.precision, precision),
        (figures.spread, spread),
        (figures.links.votes, links[0]),
        (figures.links.precision, links[1]),
        (figures.links.spread, links[2]),
        (figures.score, score),
        (decision.confidence.unwrap(), confidence),
    ] {
        assert!(near(found, expected), "{found} is not {expected}");
    }
}

fn reference(price: &str) -> Evidence {
    Evidence { reference_eur: Some(eur(price)), ..Evidence::default() }
}

/// Decides under the standard and under the careful threshold.
fn both(today: Option<&Stage1>, evidence: &Evidence) -> [Decision; 2] {
    [0.0, 1.0].map(|publish_min| {
        let limits = Limits { publish_min, min_value_eur: eur("3") };
        decide(today, evidence, &limits, &RobustConfig::default())
    })
}

struct Example {
    prices: &'static str,
    evidence: Evidence,
    stage1: Expected,
    weighed: Weighed,
    price: &'static str,
    standard: (Verdict, Option<Reason>),
    careful: Verdict,
}

fn check(example: &Example) {
    let today = listings(example.prices).unwrap();
    check_stage1(&today, example.stage1);
    let [standard, careful] = both(Some(&today), &example.evidence);
    check_weighed(&standard, example.weighed);
    assert_eq!(standard.price_eur, Some(eur(example.price)));
    assert_eq!((standard.verdict, standard.reason), example.standard);
    assert_eq!(careful.verdict, example.careful);
    assert!(!standard.suspend_published);
}

const CLEAN: &str = "16.9 17.9 18.5 19 19.9 20.5 21 22 22.9 24 25.9 29";
const CLEAN_STAGE1: Expected = (12, 3.0430, 0.2023, 10.611, 12, 0, 12, 0, 0, 0.2783);
const FIVE: &str = "18 19 20 21 22";
const FIVE_STAGE1: Expected = (5, 2.9934, 0.1882, 4.844, 5, 0, 5, 0, 0, 0.0252);
const DOUBLED: &str = "33.8 35.8 37.0 38 39.8 41.0 42 44 45.8 48 51.8 58";
const DOUBLED_STAGE1: Expected = (12, 3.7361, 0.2023, 10.611, 12, 0, 12, 0, 0, 0.2783);

/// The snapshot of a week with this market, so many days ago.
fn past(prices: &str, ages_days: &[f64]) -> Vec<PastSnapshot> {
    let stage1 = listings(prices).unwrap();
    ages_days.iter().map(|age_days| PastSnapshot { age_days: *age_days, stage1 }).collect()
}

fn last_week(ages_days: &[f64]) -> Vec<PastSnapshot> {
    past("17 18 18.9 19.5 20 20.9 22 23 24.9 27", ages_days)
}

#[test]
fn example_1_clean_and_the_reference_agrees() {
    check(&Example {
        prices: CLEAN,
        evidence: reference("20"),
        stage1: CLEAN_STAGE1,
        weighed: (0.2164, 2.8612, 2.8312, 14, 3.371, 0.1817, [5.0, 5.353, 2.957], 2.957, 0.999),
        price: "16.96",
        standard: (Verdict::Ok, None),
        careful: Verdict::Ok,
    });
}

#[test]
fn example_2_without_a_reference() {
    check(&Example {
        prices: CLEAN,
        evidence: Evidence::default(),
        stage1: CLEAN_STAGE1,
        weighed: (0.2164, 2.8612, 2.8312, 8, 3.371, 0.1817, [2.0, 5.353, 2.957], 2.0, 0.999),
        price: "16.96",
        standard: (Verdict::Ok, None),
        careful: Verdict::Ok,
    });
}

#[test]
fn example_3_a_reference_three_times_too_high_is_blamed() {
    check(&Example {
        prices: CLEAN,
        evidence: reference("60"),
        stage1: CLEAN_STAGE1,
        weighed: (0.2164, 2.8612, 2.8312, 7, 3.371, 0.1817, [1.5, 5.353, 2.957], 1.5, 0.994),
        price: "16.96",
        standard: (Verdict::ReviewRef, Some(Reason::RefDisagrees)),
        careful: Verdict::ReviewRef,
    });
}

#[test]
fn example_4_slabs_and_proxies_around_the_group() {
    check(&Example {
        prices: "2.5 3.9 16.9 17.9 18.5 19 19.9 20.5 21 22 22.9 24 79 120 150",
        evidence: reference("31"),
        stage1: (15, 3.0027, 0.1796, 9.254, 10, 3, 10, 0, 0, 0.1125),
        weighed: (0.2034, 2.8319, 2.8019, 9, 3.355, 0.1609, [2.5, 5.276, 3.477], 2.5, 0.999),
        price: "16.47",
        standard: (Verdict::Ok, None),
        careful: Verdict::Ok,
    });
}

#[test]
fn example_5_one_seller_with_six_identical_proxies_has_one_voice() {
    check(&Example {
        prices: "4.9@p 4.9@p 4.9@p 4.9@p 4.9@p 4.9@p 17.9 18.5 19.9 20.5 21 22 24",
        evidence: reference("21"),
        stage1: (8, 3.0171, 0.1840, 6.617, 7, 1, 7, 0, 0, 0.0602),
        weighed: (0.2113, 2.8396, 2.8096, 8, 2.877, 0.1679, [2.0, 2.886, 3.302], 2.0, 0.999),
        price: "16.60",
        standard: (Verdict::Ok, None),
        careful: Verdict::Ok,
    });
}

#[test]
fn example_6_five_listings_and_a_reference() {
    check(&Example {
        prices: FIVE,
        evidence: reference("20"),
        stage1: FIVE_STAGE1,
        weighed: (0.2183, 2.8100, 2.7800, 7, 2.468, 0.1749, [1.5, 0.838, 3.129], 0.838, 0.980),
        price: "16.11",
        standard: (Verdict::Ok, None),
        careful: Verdict::LowConf,
    });
}

#[test]
fn example_7_five_listings_with_sales_and_snapshots() {
    check(&Example {
        prices: FIVE,
        evidence: Evidence {
            history: last_week(&[7.0, 14.0, 21.0]),
            sold_eur: ["17.5", "19", "20"].map(eur).to_vec(),
            published_eur: Some(eur("17.9")),
            ..reference("20")
        },
        stage1: FIVE_STAGE1,
        weighed: (0.2183, 2.8100, 2.8174, 11, 3.424, 0.1749, [3.5, 5.622, 3.129], 3.129, 0.999),
        price: "16.73",
        standard: (Verdict::Ok, None),
        careful: Verdict::Ok,
    });
}

#[test]
fn example_8_played_copies_at_half_the_price() {
    check(&Example {
        prices: "8.5 9 9.5 10 10.5 17.9 18.5 19.9 20.5 21 22 24",
        evidence: reference("20"),
        stage1: (12, 3.0171, 0.1840, 6.617, 7, 5, 7, 5, 0, 3.0416),
        weighed: (0.2113, 2.8396, 2.8096, 4, 2.877, 0.4536, [0.0, 2.886, -3.839], -3.839, 0.632),
        price: "16.60",
        standard: (Verdict::Review, Some(Reason::Spread)),
        careful: Verdict::Review,
    });
}

#[test]
fn example_9_a_price_that_doubled_is_held() {
    check(&Example {
        prices: DOUBLED,
        evidence: Evidence {
            history: last_week(&[7.0, 14.0]),
            published_eur: Some(eur("17.9")),
            ..reference("30")
        },
        stage1: DOUBLED_STAGE1,
        weighed: (0.2164, 3.5543, 3.5243, 8, 3.371, 0.1817, [2.0, 5.353, 2.957], 2.0, 0.999),
        price: "33.93",
        standard: (Verdict::Review, Some(Reason::Move)),
        careful: Verdict::Review,
    });
}

#[test]
fn example_10_until_the_next_snapshot_confirms() {
    let history = [past(DOUBLED, &[1.0]), last_week(&[8.0])].concat();
    check(&Example {
        prices: DOUBLED,
        evidence: Evidence { history, published_eur: Some(eur("17.9")), ..reference("36") },
        stage1: DOUBLED_STAGE1,
        weighed: (0.2164, 3.5543, 3.5243, 11, 3.718, 0.1817, [3.5, 7.09, 2.957], 2.957, 0.999),
        price: "33.93",
        standard: (Verdict::Ok, None),
        careful: Verdict::Ok,
    });
}

#[test]
fn example_11_twenty_listings_outweigh_a_reference_three_times_too_low() {
    check(&Example {
        prices: "16 16.9 17.5 17.9 18.5 18.9 19 19.5 19.9 20.5 21 21.5 22 22.9 23.5 24 25 25.9 27 29",
        evidence: reference("6"),
        stage1: (20, 3.0397, 0.2017, 17.432, 20, 0, 20, 0, 0, 0.5094),
        weighed: (0.2115, 2.8620, 2.8320, 15, 4.014, 0.1779, [5.5, 8.568, 3.053], 3.053, 0.999),
        price: "16.97",
        standard: (Verdict::ReviewRef, Some(Reason::RefDisagrees)),
        careful: Verdict::ReviewRef,
    });
}

#[test]
fn example_12_a_bulk_card_is_not_bought() {
    check(&Example {
        prices: "0.9 0.95 1@a 1@b 1.1 1.15 1.2@c 1.2@d 1.3 1.4 1.5 1.6",
        evidence: reference("1.1"),
        stage1: (12, 0.1526, 0.2252, 10.486, 12, 0, 12, 0, 0, 0.3705),
        weighed: (0.2323, -0.0426, -0.0726, 14, 3.189, 0.1969, [5.0, 4.447, 2.577], 2.577, 0.999),
        price: "0.93",
        standard: (Verdict::Disabled, Some(Reason::BelowMin)),
        careful: Verdict::Disabled,
    });
}

#[test]
fn example_13_one_listing_and_nothing_else() {
    let today = listings("20").unwrap();
    check_stage1(&today, (1, 2.9957, 0.2411, 1.0, 1, 0, 1, 0, 0, 0.0));
    for decision in both(Some(&today), &Evidence::default()) {
        assert_eq!(decision, Decision::unpriced(Verdict::Disabled, Reason::NoData));
    }
}

#[test]
fn example_14_a_wide_market() {
    check(&Example {
        prices: "9 11 13 15 17 19 21 24 27 32 38 48",
        evidence: reference("20"),
        stage1: (12, 2.9972, 0.4759, 9.570, 12, 0, 7, 2, 2, 2.0530),
        weighed: (0.4221, 2.6427, 2.6127, 14, 1.865, 0.3918, [5.0, -2.175, -2.296], -2.296, 0.803),
        price: "13.63",
        standard: (Verdict::Review, Some(Reason::Spread)),
        careful: Verdict::Review,
    });
}
