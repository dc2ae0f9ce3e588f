//! What holds for any market.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Appraisal, Appraiser, Sample};
use crate::Currency;
use crate::config::PricingConfig;
use crate::landed::Rates;
use crate::listing::{Listing, Money, Shipping};
use crate::robust::{Evidence, PastSnapshot};
use crate::samples::{dracaufeu, offer};

/// A price in cents, and which of few sellers asks it.
type Ask = (i64, usize);

#[derive(Clone, Debug)]
struct Market {
    asks: Vec<Ask>,
    reference_cents: Option<i64>,
    /// Yesterday's asks.
    past: Vec<Ask>,
    sold_cents: Vec<i64>,
    published_cents: Option<i64>,
}

fn markets() -> impl Strategy<Value = Market> {
    // Mostly one market around 20 EUR, with strangers: else nothing would ever be priced.
    let cents = || prop_oneof![4 => 1_600_i64..2_600, 1 => 500_i64..20_000];
    let asks = || prop::collection::vec((cents(), 0_usize..30), 0..40);
    let others = (
        prop::option::of(cents()),
        asks(),
        prop::collection::vec(cents(), 0..5),
        prop::option::of(cents()),
    );
    (asks(), others).prop_map(|(asks, (reference_cents, past, sold_cents, published_cents))| {
        Market { asks, reference_cents, past, sold_cents, published_cents }
    })
}

fn eur(cents: i64, factor: i64) -> Decimal {
    Decimal::new(cents * factor, 2)
}

fn listings(asks: &[Ask], factor: i64) -> Vec<Listing> {
    let listing = |(id, (cents, seller)): (usize, &Ask)| Listing {
        price: Money { amount: eur(*cents, factor), currency: Currency::EUR },
        seller: format!("seller-{seller}"),
        shipping: if id % 7 == 3 { Shipping::Calculated } else { offer(id, "1").shipping },
        ..offer(id, "1")
    };
    asks.iter().enumerate().map(listing).collect()
}

fn appraise(listings: &[Listing], evidence: &Evidence) -> Appraisal {
    let (target, rates) = (dracaufeu(), Rates::default());
    let sample = Sample { target: &target, listings, rates: &rates, evidence, paid_before: None };
    let mut config = PricingConfig::default();
    // Amounts that do not scale with the market.
    config.buy.min_card_value_eur = Decimal::ZERO;
    config.buy.min_buy_eur = Decimal::ZERO;
    Appraiser::new(config).unwrap().appraise(&sample)
}

fn evidence(market: &Market, factor: i64) -> Evidence {
    let past = appraise(&listings(&market.past, factor), &Evidence::default()).stage1;
    Evidence {
        reference_eur: market.reference_cents.map(|cents| eur(cents, factor)),
        history: past.into_iter().map(|stage1| PastSnapshot { age_days: 7.0, stage1 }).collect(),
        sold_eur: market.sold_cents.iter().map(|cents| eur(*cents, factor)).collect(),
        published_eur: market.published_cents.map(|cents| eur(cents, factor)),
    }
}

/// Listings that are rejected for one reason or another.
fn rejected(which: usize, cents: i64) -> Listing {
    let price = Money { amount: eur(cents, 1), currency: Currency::EUR };
    let listing = Listing { price, ..offer(1_000 + which, "1") };
    let title = |title: &str| Listing { title: title.to_owned(), ..listing.clone() };
    match which {
        0 => title("Dracaufeu 4/102 PSA 10"),
        1 => title("Lot Dracaufeu 4/102"),
        2 => title("Dracaufeu 5/102"),
        3 => title("Dracaufeu 4/102 abîmée"),
        4 => Listing { country: "US".parse().ok(), ..listing },
        _ => Listing {
            price: Money { currency: "XTS".parse().unwrap(), ..listing.price },
            shipping: Shipping::Fixed(Money { amount: eur(9_900, 1), currency: Currency::EUR }),
            ..listing
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_listings_changes_nothing(market in markets(), seed in any::<u64>()) {
        let evidence = evidence(&market, 1);
        let listings = listings(&market.asks, 1);
        let mut order: Vec<usize> = (0..listings.len()).collect();
        order.sort_by_key(|index| (seed ^ *index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let permuted: Vec<Listing> = order.iter().map(|index| listings[*index].clone()).collect();
        let (one, other) = (appraise(&listings, &evidence), appraise(&permuted, &evidence));
        prop_assert_eq!(&one.decision, &other.decision);
        prop_assert_eq!(&one.stage1, &other.stage1);
        prop_assert_eq!(&one.buy, &other.buy);
        for (place, index) in order.iter().enumerate() {
            prop_assert_eq!(one.listings[*index], other.listings[place]);
        }
        let heard = |appraisal: &Appraisal, listings: &[Listing]| -> Vec<String> {
            let ids = appraisal.voices.iter().map(|voice| listings[voice.ask].item_id.clone());
            let mut ids: Vec<String> = ids.collect();
            ids.sort();
            ids
        };
        prop_assert_eq!(heard(&one, &listings), heard(&other, &permuted));
    }

    #[test]
    fn a_rejected_listing_changes_nothing(
        market in markets(),
        which in 0_usize..6,
        cents in 1_i64..100_000,
        place in any::<prop::sample::Index>(),
    ) {
        let evidence = evidence(&market, 1);
        let mut listings = listings(&market.asks, 1);
        let before = appraise(&listings, &evidence);
        let place = place.index(listings.len() + 1);
        listings.insert(place, rejected(which, cents));
        let after = appraise(&listings, &evidence);
        prop_assert!(after.listings[place].is_err());
        prop_assert_eq!(&before.decision, &after.decision);
        prop_assert_eq!(&before.stage1, &after.stage1);
        prop_assert_eq!(&before.buy, &after.buy);
    }

    #[test]
    fn a_market_times_a_factor_has_the_price_times_the_factor(
        market in markets(),
        factor in 2_i64..50,
    ) {
        let one = appraise(&listings(&market.asks, 1), &evidence(&market, 1)).decision;
        let scaled = appraise(&listings(&market.asks, factor), &evidence(&market, factor)).decision;
        prop_assert_eq!((one.verdict, one.reason), (scaled.verdict, scaled.reason));
        if let (Some(one), Some(scaled)) = (one.price_eur, scaled.price_eur) {
            let factor = Decimal::from(factor);
            // Both are rounded down to the cent, and a logarithm that lies just below a cent.
            let cent = Decimal::new(1, 2);
            prop_assert!(scaled > one * factor - cent, "{one} and {scaled}");
            prop_assert!(scaled < (one + cent) * factor + cent, "{one} and {scaled}");
        }
    }
}
