//! Whole cards, worked out by hand. The tables of each step are beside it.

use super::*;
use crate::Variant;
use crate::card::{Cardmarket, NumberFormat};
use crate::samples::{eur, offer};
use jiff::SignedDuration;

const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

/// Dracaufeu 4/102 with this reference.
fn card(reference_eur: Option<&str>) -> Card {
    Card {
        local_id: "4".into(),
        name: "Dracaufeu".into(),
        card_number_full: Some("4/102".into()),
        cardmarket: Cardmarket { trend: reference_eur.map(eur), ..Cardmarket::default() },
        ..Card::default()
    }
}

fn offers(prices: &[&str]) -> Vec<Listing> {
    prices.iter().enumerate().map(|(n, price)| offer(n, price)).collect()
}

fn valued(card: &Card, listings: &[Listing], previous: Option<&str>) -> Valuation {
    let market = Market {
        listings,
        active_count: listings.len() as u64,
        rates: &Rates::default(),
        now: NOW,
    };
    value(card, &market, previous.map(eur), &PricingConfig::default())
}

fn paid(valuation: &Valuation) -> [Decimal; 3] {
    let prices = valuation.buy.as_ref().unwrap().prices;
    [prices.neuf, prices.bon, prices.correct]
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

/// n = 5, so nothing is cut off.
/// p20: place 0.8, 10 + 0.8·2 = 11.6. p80: place 3.2, 16 + 0.2·2 = 16.4. D = 16.4/11.6 = 1.41379.
/// 60 % lie in 11.2…16.8. Reference 12: 11.6 lies in 4.8…30.
/// risk = 0.02 + 0.02·ln 1.41379 + 0.01·ln 1.005 + 0 = 0.02 + 0.00692552 + 0.00004988 = 0.0269754.
/// base = 11.6·(1 − 0.11 − 0.27 − 0.0269754) − 0.5 = 11.6·0.5930246 − 0.5 = 6.379085 → 6.40.
/// 6.4·0.6 = 3.84 → 3.80; 6.4·0.3 = 1.92 → 1.90.
/// Confidence: 21 (5 listings) + 25 (D ≤ 1.5) + 15 + 20 + 5 (no earlier anchor) = 86.
#[test]
fn a_plain_card() {
    let found = valued(&card(Some("12")), &offers(&["18", "10", "16", "12", "14"]), None);
    let stats = found.main.unwrap();
    near(stats.p20, 11.6);
    near(stats.dispersion, 16.4 / 11.6);
    near(found.risk.unwrap().total(), 0.026_975_400_1);
    let anchor = found.anchor.unwrap();
    assert_eq!((anchor.eur, anchor.source), (eur("11.6"), Source::EbayActive));
    assert_eq!(paid(&found), [eur("6.40"), eur("3.80"), eur("1.90")]);
    assert_eq!(found.confidence.unwrap().total(), 86);
    assert_eq!(found.status, Some(Status::Ok));
    assert_eq!((found.failure, found.is_anomaly), (None, false));
}

/// Reference 4 (trend 3, 30 days 4): 11.6 > 2.5·4, so the anchor is 4.
/// risk = 0.0269754 + 0.03. base = 4·(0.62 − 0.0569754) − 0.5 = 1.7520984 → 1.80.
/// 1.08 → 1.10; 0.54 → 0.50.
/// Confidence: 21 + 25 + 15 + 12 + 5 = 78.
#[test]
fn listings_that_are_too_dear_beside_the_reference() {
    let mut card = card(Some("3"));
    card.cardmarket.avg30 = Some(eur("4"));
    let found = valued(&card, &offers(&["10", "12", "14", "16", "18"]), None);
    let anchor = found.anchor.unwrap();
    assert_eq!((anchor.eur, anchor.source), (eur("4"), Source::CardmarketFallback));
    assert_eq!(anchor.mismatch, Some(Mismatch::TooHigh));
    assert_eq!(anchor.ebay_eur, Some(eur("11.6")));
    assert_eq!(paid(&found), [eur("1.80"), eur("1.10"), eur("0.50")]);
    assert_eq!(found.confidence.unwrap().total(), 78);
}

/// One listing of 2 and no reference: D = 1, 100 % agree.
/// risk = 0.02 + 0 + 0.01·ln 1.001 − 0.02 = 0.000009995. base = 2·0.61999 − 0.5 = 0.73998 → 0.70.
/// 0.42 and 0.21 are raised to 0.50.
/// Confidence: 15 (1 listing) + 25 + 0 + 20 + 5 = 65. With an anchor of 6 before, the change is
/// −66.7 %: 1 instead of 5 makes 61, and an anomaly.
#[test]
fn a_single_listing_without_a_reference() {
    let found = valued(&card(None), &offers(&["2"]), None);
    assert_eq!(paid(&found), [eur("0.70"), eur("0.50"), eur("0.50")]);
    assert_eq!(found.confidence.unwrap().total(), 65);
    assert_eq!(found.status, Some(Status::Ok));
    let moved = valued(&card(None), &offers(&["2"]), Some("6"));
    assert_eq!(moved.confidence.unwrap().total(), 61);
    near(moved.variation_rate.unwrap(), 4.0 / 6.0);
    assert!(moved.is_anomaly);
    // Exactly 60 % is none: from 5 to 2.
    assert!(!valued(&card(None), &offers(&["2"]), Some("5")).is_anomaly);
}

/// 1.5·0.61999 − 0.5 = 0.42998, raised to 0.50: not bought.
#[test]
fn a_card_that_brings_the_least_price_is_not_bought() {
    let found = valued(&card(None), &offers(&["1.5"]), None);
    assert_eq!(paid(&found), [eur("0.50"); 3]);
    assert_eq!(found.status, Some(Status::Disabled));
}

/// No listing. The reference of 20: risk = 0.02 + 0.03. base = 20·0.57 − 0.5 = 10.90.
/// Confidence: 0 + 12 + 15 + 12 + 5 = 44: `LOW_CONF`.
/// Without a reference the anchor before, 20: risk = 0.02 + 0.045. base = 20·0.555 − 0.5 = 10.60.
/// Confidence: 0 + 12 + 0 + 6 + 10 (unchanged) = 28.
#[test]
fn a_card_without_listings() {
    let found = valued(&card(Some("20")), &[], None);
    assert_eq!(found.failure, Some(Failure::NoListings));
    assert_eq!(found.anchor.unwrap().mismatch, Some(Mismatch::NoAnchor));
    assert_eq!(paid(&found), [eur("10.90"), eur("6.50"), eur("3.30")]);
    assert_eq!(found.confidence.unwrap().total(), 44);
    assert_eq!(found.status, Some(Status::LowConf));
    let known = valued(&card(None), &[], Some("20"));
    assert_eq!(known.anchor.unwrap().source, Source::LastKnown);
    assert_eq!(paid(&known)[0], eur("10.60"));
    assert_eq!(known.confidence.unwrap().total(), 28);
    let nothing = valued(&card(None), &[], None);
    assert_eq!((nothing.anchor, nothing.buy, nothing.status), (None, None, None));
}

#[test]
fn too_few_listings_are_a_failure() {
    let mut config = PricingConfig::default();
    config.classic.min_sample = 3;
    let listings = offers(&["10", "11"]);
    let rates = Rates::default();
    let market = Market { listings: &listings, active_count: 2, rates: &rates, now: NOW };
    let found = value(&card(Some("9")), &market, None, &config);
    assert_eq!(found.failure, Some(Failure::TooFewPrices));
    assert_eq!(found.anchor.unwrap().source, Source::CardmarketFallback);
    near(found.risk.unwrap().low_sample, 0.05);
}

#[test]
fn graded_and_reverse_listings_are_counted_apart() {
    let mut listings = offers(&["10", "11", "50", "3", "4"]);
    listings[2].title = "Dracaufeu 4/102 PSA 9".into();
    listings[3].title = "Dracaufeu 4/102 Reverse".into();
    listings[4].title = "Dracaufeu 4/102 lot".into();
    let found = valued(&card(None), &listings, None);
    assert_eq!(
        found.listings,
        [
            Ok(Bucket::Main),
            Ok(Bucket::Main),
            Ok(Bucket::Graded),
            Ok(Bucket::Reverse),
            Err(Rejection::Lot)
        ]
    );
    assert_eq!(found.main.unwrap().sample_size, 2);
    near(found.graded.unwrap().p50, 50.0);
    near(found.reverse.unwrap().p50, 3.0);
}

#[test]
fn where_there_are_only_reverse_listings_they_stand_for_the_card() {
    let mut listings = offers(&["3", "50"]);
    listings[0].title = "Dracaufeu 4/102 Reverse".into();
    listings[1].title = "Dracaufeu 4/102 CGC 10".into();
    let found = valued(&card(None), &listings, None);
    assert!(found.main_is_reverse);
    assert_eq!(found.anchor.unwrap().eur, eur("3"));
    assert_eq!(found.reverse, None);
    assert_eq!(found.listings[0], Ok(Bucket::Main));
    assert!(!valued(&card(None), &offers(&["3"]), None).main_is_reverse);
}

#[test]
fn currencies_are_exchanged_and_unknown_ones_rejected() {
    let mut listings = offers(&["10", "10", "0"]);
    listings[0].price.currency = "USD".parse().unwrap();
    listings[1].price.currency = "XAU".parse().unwrap();
    let rates = Rates([("USD".to_owned(), eur("0.92"))].into());
    let market = Market { listings: &listings, active_count: 3, rates: &rates, now: NOW };
    let found = value(&card(None), &market, None, &PricingConfig::default());
    assert_eq!(found.anchor.unwrap().eur, eur("9.2"));
    assert_eq!(found.listings[1], Err(Rejection::UnknownCurrency));
    assert_eq!(found.listings[2], Err(Rejection::NoPrice));
}

/// Ages 0, 6, 7, 30 and 31 days, and one from the future, which is not counted.
/// Median 7. Less than 7 days: 2 of 5. More than 30: 1 of 5.
#[test]
fn ages_are_whole_days() {
    let mut listings = offers(&["10"; 6]);
    for (listing, hours) in listings.iter_mut().zip([1, 24 * 7 - 1, 24 * 7, 24 * 30, 24 * 31, -1]) {
        listing.listed_at = Some(NOW - SignedDuration::from_hours(hours));
    }
    let ages = valued(&card(None), &listings, None).main.unwrap().ages.unwrap();
    near(ages.median_days, 7.0);
    near(ages.recent_7d, 40.0);
    near(ages.old_30d, 20.0);
    assert_eq!(valued(&card(None), &offers(&["10"]), None).main.unwrap().ages, None);
}

#[test]
fn a_query_of_the_shops_own_waives_the_number() {
    let mut other = offers(&["10"]);
    other[0].title = "Dracaufeu sans numéro".into();
    let mut card = card(None);
    assert_eq!(valued(&card, &other, None).listings, [Err(Rejection::OtherNumber)]);
    card.ebay_query_override = Some("dracaufeu".into());
    assert_eq!(valued(&card, &other, None).listings, [Ok(Bucket::Main)]);
    card.ebay_query_override = None;
    card.card_number_format = NumberFormat::Promo;
    assert_eq!(valued(&card, &other, None).listings, [Ok(Bucket::Main)]);
    card.variant = Variant::Reverse;
    assert_eq!(valued(&card, &other, None).listings, [Err(Rejection::NotReverse)]);
}
