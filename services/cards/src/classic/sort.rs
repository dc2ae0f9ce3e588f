//! Which listings count, and for what.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::Number;
use super::{ClassicConfig, Market, Stats, float, words};
use crate::Variant;
use crate::card::Card;
use crate::classify::Rejection;
use crate::listing::Listing;

/// What an accepted listing is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// The card itself.
    Main,
    /// A reverse, where the card is none.
    Reverse,
    /// In a grader's case.
    Graded,
}

/// Listings in their buckets.
pub(super) struct Sorted {
    pub(super) listings: Vec<Result<Bucket, Rejection>>,
    pub(super) main_is_reverse: bool,
    accepted: Vec<Accepted>,
}

struct Accepted {
    bucket: Bucket,
    eur: f64,
    age_days: Option<i64>,
}

pub(super) fn sort(card: &Card, market: &Market<'_>) -> Sorted {
    let number = Number::of(card);
    let mut accepted = Vec::with_capacity(market.listings.len());
    let judge = |listing: &Listing| {
        let bucket = bucket(card.variant, &number, &listing.title)?;
        let eur = market.rates.eur(listing.price).ok_or(Rejection::UnknownCurrency)?;
        let eur = float::of(eur);
        if eur <= 0.0 {
            return Err(Rejection::NoPrice);
        }
        let age_days = listing.listed_at.and_then(|listed_at| age_days(listed_at, market.now));
        accepted.push(Accepted { bucket, eur, age_days });
        Ok(bucket)
    };
    let listings = market.listings.iter().map(judge).collect();
    let mut sorted = Sorted { listings, main_is_reverse: false, accepted };
    sorted.promote_reverse();
    sorted
}

/// Judges a title: reverse, lots and fakes, edition, number; then the bucket.
fn bucket(variant: Variant, number: &Number, title: &str) -> Result<Bucket, Rejection> {
    let lower = title.to_lowercase();
    let is_reverse = words::is_reverse(&lower);
    if variant == Variant::Reverse && !is_reverse {
        return Err(Rejection::NotReverse);
    }
    if let Some(rejection) = words::rejection(&lower) {
        return Err(rejection);
    }
    edition(variant, &lower)?;
    if !number.is_in(title) {
        return Err(Rejection::OtherNumber);
    }
    Ok(match variant {
        _ if words::is_graded(&lower) => Bucket::Graded,
        Variant::Reverse => Bucket::Main,
        _ if is_reverse => Bucket::Reverse,
        _ => Bucket::Main,
    })
}

fn edition(variant: Variant, lower: &str) -> Result<(), Rejection> {
    let is_first = words::is_first_edition(lower);
    match variant {
        Variant::FirstEd if !is_first || words::is_second_edition(lower) => {
            Err(Rejection::NotFirstEdition)
        }
        Variant::FirstEd => Ok(()),
        _ if is_first => Err(Rejection::FirstEdition),
        _ => Ok(()),
    }
}

/// Whole days; `None` for a listing from the future.
fn age_days(listed_at: Timestamp, now: Timestamp) -> Option<i64> {
    let seconds = now.as_second() - listed_at.as_second();
    (seconds >= 0).then_some(seconds / 86_400)
}

impl Sorted {
    /// Where only reverse listings were found, they stand for the card.
    fn promote_reverse(&mut self) {
        if self.n_main() > 0 {
            return;
        }
        let promote = |bucket: &mut Bucket| {
            if *bucket == Bucket::Reverse {
                *bucket = Bucket::Main;
            }
        };
        self.accepted.iter_mut().for_each(|accepted| promote(&mut accepted.bucket));
        self.listings.iter_mut().flatten().for_each(promote);
        self.main_is_reverse = self.n_main() > 0;
    }

    pub(super) fn n_main(&self) -> usize {
        self.accepted.iter().filter(|accepted| accepted.bucket == Bucket::Main).count()
    }

    pub(super) fn main_stats(&self, config: &ClassicConfig) -> Option<Stats> {
        self.stats_of(Bucket::Main, config)
    }

    pub(super) fn stats_of(&self, bucket: Bucket, config: &ClassicConfig) -> Option<Stats> {
        let of_bucket = || self.accepted.iter().filter(move |accepted| accepted.bucket == bucket);
        let prices = of_bucket().map(|accepted| accepted.eur).collect();
        let ages = of_bucket().filter_map(|accepted| accepted.age_days).collect();
        Stats::of(prices, ages, config)
    }
}

#[cfg(test)]
mod tests;
