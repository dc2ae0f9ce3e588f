use super::*;
use crate::classic::ClassicConfig;

fn stats() -> Stats {
    let stats = Stats::of(vec![10.0; 5], Vec::new(), &ClassicConfig::default()).unwrap();
    Stats { consensus: 70.0, ..stats }
}

fn risk(stats: Option<Stats>, active_count: u64, source: Source) -> Risk {
    assess(stats.as_ref(), active_count, source, &PricingConfig::default())
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
}

#[test]
fn without_any_doubt_there_is_the_basic_risk() {
    near(risk(Some(stats()), 0, Source::EbayActive).total(), 0.02);
    near(risk(None, 0, Source::EbayActive).total(), 0.02);
}

/// 0.02·ln D: e gives 1, e² and more give 2, and D ≤ 1 gives 0.
#[test]
fn dispersion_costs_by_its_logarithm() {
    let of = |dispersion| {
        let stats = Stats { dispersion, ..stats() };
        risk(Some(stats), 0, Source::EbayActive).dispersion
    };
    near(of(0.9), 0.0);
    near(of(1.0), 0.0);
    near(of(std::f64::consts::E), 0.02);
    near(of(7.389_056_098_930_65), 0.04);
    near(of(1_000.0), 0.04);
}

/// 0.01·ln(1 + n/1000): ln 1 = 0, ln 2 = 0.693147, at most 2 (from 6389 listings on).
#[test]
fn supply_costs_by_its_logarithm() {
    let of = |active_count| risk(None, active_count, Source::EbayActive).supply;
    near(of(0), 0.0);
    near(of(1_000), 0.006_931_471_805_599_453);
    near(of(6_390), 0.02);
    near(of(10_000_000), 0.02);
}

#[test]
fn a_small_sample_costs() {
    let mut config = PricingConfig::default();
    let mut of = |min_sample| {
        config.classic.min_sample = min_sample;
        assess(Some(&stats()), 0, Source::EbayActive, &config).low_sample
    };
    near(of(5), 0.0);
    near(of(6), 0.05);
}

/// An earlier price costs half as much again: 0.03·1.5.
#[test]
fn a_substitute_costs() {
    near(risk(None, 0, Source::EbayActive).fallback, 0.0);
    near(risk(None, 0, Source::CardmarketFallback).fallback, 0.03);
    near(risk(None, 0, Source::LastKnown).fallback, 0.045);
}

#[test]
fn agreement_pays_and_disagreement_costs() {
    for (consensus, expected) in [
        (100.0, -0.02),
        (80.0, -0.02),
        (79.9, 0.0),
        (60.0, 0.0),
        (59.9, 0.03),
        (40.0, 0.03),
        (39.9, 0.05),
        (0.0, 0.05),
    ] {
        let stats = Stats { consensus, ..stats() };
        near(risk(Some(stats), 0, Source::EbayActive).consensus, expected);
    }
}

#[test]
fn old_listings_cost() {
    for (median_days, expected) in [
        (0.0, 0.0),
        (14.0, 0.0),
        (14.5, 0.01),
        (30.0, 0.01),
        (30.5, 0.03),
        (60.0, 0.03),
        (60.5, 0.05),
    ] {
        let ages = Some(Ages { median_days, recent_7d: 0.0, old_30d: 0.0 });
        near(risk(Some(Stats { ages, ..stats() }), 0, Source::EbayActive).age, expected);
    }
}
