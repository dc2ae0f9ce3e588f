//! Both pricing rules on simulated markets, and what an appraisal costs.

mod quality;

use std::hint::black_box;
use std::time::Instant;

use cards::appraisal::{Appraiser, Sample};
use cards::classify::{Classifier, Target};
use cards::config::PricingConfig;
use cards::landed::Rates;
use cards::robust::Evidence;
use cards::{Listing, Variant};
use jiff::Timestamp;

use super::ingest::median;
use super::report::Row;
use super::{Bench, Result};
use crate::card_market::{Cell, Contamination, Correlation, Law, Market};

const LISTINGS: usize = 200;
const ROUNDS: usize = 400;

/// When every market is seen.
const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

pub(super) fn measure(bench: &mut Bench) -> Result<()> {
    cost(bench)?;
    let cards = if bench.full { 400 } else { 100 };
    bench.report.section(quality::table(cards));
    Ok(())
}

/// The card that all titles are about.
fn target() -> Target {
    Target {
        name: "Dracaufeu".to_owned(),
        number: "4".to_owned(),
        total: Some("102".to_owned()),
        known_variants: vec![Variant::Normal, Variant::FirstEd],
        ..Target::default()
    }
}

fn cost(bench: &mut Bench) -> Result<()> {
    let contamination = Contamination::far(0.10, 0.20, Correlation::Independent);
    let (law, reference) = (Law::NORMAL, Some(1.0));
    let cell = Cell { law, contamination, special: None, reference, n: LISTINGS };
    let listings = Market::draw(&cell, 1, 0).messy_listings(NOW);
    let (target, rates, evidence) = (target(), Rates::default(), Evidence::default());
    let appraiser = Appraiser::new(PricingConfig::default())?;
    let classifier = Classifier::new(&appraiser.config().classify);
    let sample = Sample {
        target: &target,
        listings: &listings,
        rates: &rates,
        evidence: &evidence,
        paid_before: None,
    };
    let meter = bench.servers.meter();
    let lower_us = microseconds(|| lower(&listings));
    let classify_us = microseconds(|| classifier.classify(&target, &listings));
    let appraise_us = microseconds(|| appraiser.appraise(&sample));
    bench.report.row(Row {
        what: format!("Appraise a card of {LISTINGS} listings, from titles to buy price"),
        measured: format!("{appraise_us:.0} µs, {classify_us:.0} µs of them read titles"),
        limit: format!("titles to lower case: {lower_us:.0} µs"),
        ratio: Some(lower_us / appraise_us),
        aim: "≤ 200 µs",
        load: Some(meter.load()),
    });
    Ok(())
}

/// The cheapest thing that one could do with the titles.
fn lower(listings: &[Listing]) -> Vec<String> {
    listings.iter().map(|listing| listing.title.to_lowercase()).collect()
}

/// Median time of one call.
fn microseconds<T>(mut call: impl FnMut() -> T) -> f64 {
    let mut rounds_us = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let started = Instant::now();
        black_box(call());
        rounds_us.push(started.elapsed().as_secs_f64() * 1e6);
    }
    median(&mut rounds_us)
}
