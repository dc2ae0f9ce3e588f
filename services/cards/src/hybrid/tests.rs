use super::*;
use proptest::prelude::*;

fn sample(serie_id: &str, ebay_cents: i64, cardmarket_cents: i64) -> Sample<'_> {
    Sample {
        serie_id,
        variant: Variant::Normal,
        ebay_eur: Decimal::new(ebay_cents, 2),
        cardmarket_eur: Decimal::new(cardmarket_cents, 2),
    }
}

fn eur(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

#[test]
fn the_factor_is_the_median_and_wrong_pairs_do_not_move_it() {
    // Ratios 1.2 three times, 1.25 and a reference that is ten times too low.
    let ratios = [1_200, 1_200, 1_200, 1_250, 10_000];
    let factors = learn(ratios.map(|ebay| sample("sv", ebay, 1_000)), 5);
    let factor = factors.find("sv", eur(1_000), Variant::Normal).unwrap();
    assert!((factor.k - 1.2).abs() < 1e-12);
    assert_eq!(factor.n_samples, 5);
    // Distances of the logarithms: 0, 0, 0, 0.04, 2.1: their median is 0.
    assert!(factor.spread.abs() < 1e-12);
    let even = learn([1_000, 4_000].map(|ebay| sample("sv", ebay, 1_000)), 2);
    let factor = even.find("sv", eur(1_000), Variant::Normal).unwrap();
    // ln 1 and ln 4: the middle is ln 2, both lie ln 2 from it.
    assert!((factor.k - 2.0).abs() < 1e-12);
    assert!((factor.spread - 1.4826 * 2_f64.ln()).abs() < 1e-12);
}

#[test]
fn a_segment_with_too_few_samples_hands_over_to_a_wider_one() {
    let mut samples = vec![sample("sv", 1_500, 1_000); 3];
    samples.extend(vec![sample("xy", 1_100, 1_000); 4]);
    samples.push(Sample { variant: Variant::Holo, ..sample("xy", 1_300, 1_000) });
    samples.extend(vec![sample("xy", 600, 100); 2]);
    let factors = learn(samples, 3);
    let find = |serie: &str, cents, variant| {
        let factor = factors.find(serie, eur(cents), variant).unwrap();
        (factor.segment.clone(), factor.n_samples)
    };
    let middle = Some(Band::Middle);
    let normal = Some(Variant::Normal);
    let (segment, n) = find("sv", 1_000, Variant::Normal);
    let serie_id = Some("sv".to_owned());
    assert_eq!((segment, n), (Segment { serie_id, band: middle, variant: normal }, 3));
    // An unknown series: the band and the variant of all series.
    let (segment, n) = find("zz", 2_999, Variant::Normal);
    assert_eq!((segment, n), (Segment { serie_id: None, band: middle, variant: normal }, 7));
    // One holo is not enough: the band.
    let (segment, n) = find("xy", 1_000, Variant::Holo);
    assert_eq!((segment, n), (Segment { serie_id: None, band: middle, variant: None }, 8));
    // Kept in any order and read back, they are the same.
    assert_eq!(factors.as_slice().iter().rev().cloned().collect::<Factors>(), factors);
    // Two bulk cards are not enough: all cards.
    assert_eq!(find("xy", 100, Variant::Normal), (Segment::default(), 10));
}

#[test]
fn an_estimate_is_the_reference_times_the_factor_rounded_down() {
    let factors = learn(vec![sample("sv", 1_200, 1_000); 12], MIN_SAMPLES);
    let estimate = |cents| factors.estimate("sv", Variant::Normal, eur(cents));
    assert_eq!(estimate(1_000).unwrap().price_eur, eur(1_200));
    // 10.99 × 1.2 = 13.188.
    let estimated = estimate(1_099).unwrap();
    assert_eq!((estimated.price_eur, estimated.factor.n_samples), (eur(1_318), 12));
    assert_eq!(estimate(0), None);
    assert_eq!(estimate(-5), None);
    let few = learn(vec![sample("sv", 1_200, 1_000); 11], MIN_SAMPLES);
    assert_eq!(few.estimate("sv", Variant::Normal, eur(1_000)), None);
}

#[test]
fn pairs_without_a_price_teach_nothing() {
    let samples = [sample("sv", 0, 100), sample("sv", 100, 0), sample("sv", -5, -5)];
    assert_eq!(learn(samples, 1), Factors::default());
}

#[test]
fn bands_begin_at_their_price() {
    let bands = [299, 300, 999, 1_000, 2_999, 3_000, 9_999, 10_000].map(|c| Band::of(eur(c)));
    let ascending = [Band::Low, Band::Middle, Band::High];
    let twice = ascending.into_iter().flat_map(|band| [band, band]);
    let expected: Vec<_> = [Band::Bulk].into_iter().chain(twice).chain([Band::Top]).collect();
    assert_eq!(bands, expected[..]);
}

proptest! {
    #[test]
    fn the_order_of_samples_says_nothing_and_scaling_scales(
        cents in prop::collection::vec((1_i64..50_000, 1_i64..50_000), 1..40),
    ) {
        let learnt = |factor: i64, pairs: &[(i64, i64)]| {
            let samples = pairs.iter().map(|&(ebay, cm)| sample("sv", ebay * factor, cm));
            learn(samples.collect::<Vec<_>>(), 1)
        };
        let factors = learnt(1, &cents);
        let reversed: Vec<_> = cents.iter().rev().copied().collect();
        prop_assert_eq!(&factors, &learnt(1, &reversed));
        for (once, twice) in factors.as_slice().iter().zip(learnt(2, &cents).as_slice()) {
            prop_assert!((twice.k / once.k - 2.0).abs() < 1e-9);
        }
    }
}
