//! The classic rule: the lower fifth of the asks, with a reference price in its place when the two
//! disagree. It is the behaviour of the application that this one replaces, kept so that a shop
//! that moves over sees the same numbers; `docs/PRICING.md` has the formulas.
//!
//! Statistics are computed in binary floating point, in the order of operations of the
//! application replaced: a different order would round some prices to the other side.

mod anchor;
mod buy;
mod confidence;
mod config;
mod float;
mod number;
mod percentile;
mod risk;
mod sort;
mod stats;
mod words;

use jiff::Timestamp;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::buy::Buy;
use crate::card::Card;
use crate::classify::Rejection;
use crate::config::PricingConfig;
use crate::landed::Rates;
use crate::listing::Listing;

pub use anchor::{Anchor, Mismatch, Source};
pub use buy::Status;
pub use confidence::Confidence;
pub use config::{ClassicConfig, RiskRates};
pub use percentile::percentile;
pub use risk::Risk;
pub use sort::Bucket;
pub use stats::Stats;

/// What was seen of a card on the marketplace.
#[derive(Clone, Copy, Debug)]
pub struct Market<'a> {
    pub listings: &'a [Listing],
    /// Listings that the marketplace has for the query, seen or not.
    pub active_count: u64,
    pub rates: &'a Rates,
    /// When it was seen: the age of listings is counted from here.
    pub now: Timestamp,
}

/// Why the marketplace gave no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Failure {
    /// No listing was left.
    NoListings,
    /// Fewer listings than [`ClassicConfig::min_sample`].
    TooFewPrices,
}

/// What a card is worth by the classic rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Valuation {
    /// One for each listing, in their order.
    pub listings: Vec<Result<Bucket, Rejection>>,
    pub active_count: u64,
    /// Of the listings of the card itself.
    pub main: Option<Stats>,
    /// Of reverse ones, where the card is none.
    pub reverse: Option<Stats>,
    pub graded: Option<Stats>,
    /// Only reverse listings were found, and they are the main ones.
    pub main_is_reverse: bool,
    pub failure: Option<Failure>,
    /// `None` when neither listings, reference nor an earlier price tell anything.
    pub anchor: Option<Anchor>,
    /// How the anchor differs from the one before: 0.6 is 60 %.
    pub variation_rate: Option<f64>,
    /// The difference is above [`ClassicConfig::anomaly_rate`].
    pub is_anomaly: bool,
    pub confidence: Option<Confidence>,
    pub risk: Option<Risk>,
    pub buy: Option<Buy>,
    pub status: Option<Status>,
}

/// Values `card`. `previous_eur` is the anchor of the snapshot before.
pub fn value(
    card: &Card,
    market: &Market<'_>,
    previous_eur: Option<Decimal>,
    config: &PricingConfig,
) -> Valuation {
    let classic = &config.classic;
    let sorted = sort::sort(card, market);
    let main = sorted.main_stats(classic);
    let failure = failure(&sorted, classic);
    let stats = main.as_ref().filter(|_| failure.is_none());
    let reference = card.cardmarket.max();
    let anchor = anchor::choose(stats, reference, previous_eur, classic);
    let previous = previous_eur.map(float::of);
    let variation_rate = anchor.and_then(|(_, exact)| {
        let previous = previous.filter(|&previous| previous > 0.0)?;
        Some((exact - previous).abs() / previous)
    });
    let worth = anchor.map(|(anchor, exact)| {
        let confidence =
            confidence::score(main.as_ref(), reference.is_some(), anchor.source, variation_rate);
        let risk = risk::assess(main.as_ref(), market.active_count, anchor.source, config);
        let buy = buy::prices(exact, risk.total(), &config.buy);
        let verdict = buy::status(confidence.total(), &buy, classic);
        (confidence, risk, buy, verdict)
    });
    Valuation {
        active_count: market.active_count,
        reverse: sorted.stats_of(Bucket::Reverse, classic),
        graded: sorted.stats_of(Bucket::Graded, classic),
        main_is_reverse: sorted.main_is_reverse,
        main,
        failure,
        variation_rate,
        is_anomaly: variation_rate.is_some_and(|rate| rate > classic.anomaly_rate),
        confidence: worth.as_ref().map(|worth| worth.0),
        risk: worth.as_ref().map(|worth| worth.1),
        status: worth.as_ref().map(|worth| worth.3),
        buy: worth.map(|worth| worth.2),
        anchor: anchor.map(|(anchor, _)| anchor),
        listings: sorted.listings,
    }
}

fn failure(sorted: &sort::Sorted, config: &ClassicConfig) -> Option<Failure> {
    match sorted.n_main() {
        0 => Some(Failure::NoListings),
        n if n < config.min_sample => Some(Failure::TooFewPrices),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
