use super::*;

/// 30 by 0, 50, 60, 70, 80, 90 and 100 %.
#[test]
fn more_listings_give_more() {
    for (n, expected) in [
        (0, 0),
        (1, 15),
        (2, 18),
        (4, 18),
        (5, 21),
        (9, 21),
        (10, 24),
        (19, 24),
        (20, 27),
        (29, 27),
        (30, 30),
        (200, 30),
    ] {
        assert_eq!(sample(n), expected, "{n} listings");
    }
}

/// 25 by 100, 90 (22.5), 70 (17.5), 50 (12.5) and 20 %, rounded down.
#[test]
fn a_narrow_market_gives_more() {
    for (ratio, expected) in [
        (1.0, 25),
        (1.5, 25),
        (1.51, 22),
        (2.0, 22),
        (2.01, 17),
        (3.0, 17),
        (3.01, 12),
        (4.0, 12),
        (4.01, 5),
        (99.0, 5),
    ] {
        assert_eq!(dispersion(ratio), expected, "dispersion {ratio}");
    }
}

/// 10 by 100, 80, 60, 40 and 10 %.
#[test]
fn a_stable_anchor_gives_more() {
    for (percentage, expected) in [
        (0.0, 10),
        (10.0, 10),
        (10.1, 8),
        (20.0, 8),
        (20.1, 6),
        (30.0, 6),
        (30.1, 4),
        (50.0, 4),
        (50.1, 1),
        (500.0, 1),
    ] {
        assert_eq!(stability(percentage), expected, "{percentage} %");
    }
}

/// 20 by 100, 60 and 30 %; half of 25 (12) and of 10 (5) where nothing is known.
#[test]
fn the_parts_are_added() {
    let none = score(None, false, Source::LastKnown, None);
    let expected = Confidence { sample: 0, dispersion: 12, reference: 0, source: 6, stability: 5 };
    assert_eq!((none, none.total()), (expected, 23));
    assert_eq!(score(None, true, Source::CardmarketFallback, Some(0.0)).total(), 12 + 15 + 12 + 10);
    assert_eq!(score(None, true, Source::EbayActive, Some(0.15)).total(), 12 + 15 + 20 + 8);
}
