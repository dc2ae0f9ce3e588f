use super::*;
use crate::samples::eur;

fn chosen(
    listings: Option<(f64, f64)>,
    reference: Option<&str>,
    previous: Option<&str>,
) -> Option<(Decimal, Source, Option<Mismatch>)> {
    let stats = listings.map(|(p20, dispersion)| {
        let config = ClassicConfig::default();
        let stats = Stats::of(vec![p20], Vec::new(), &config).unwrap();
        Stats { dispersion, ..stats }
    });
    let config = ClassicConfig::default();
    choose(stats.as_ref(), reference.map(eur), previous.map(eur), &config)
        .map(|(anchor, _)| (anchor.eur, anchor.source, anchor.mismatch))
}

/// Bounds of a reference of 10: 4 and 25, both included; dispersion up to 4.
#[test]
fn the_reference_guards_the_anchor() {
    use Mismatch::{Dispersed, NoAnchor, TooHigh, TooLow};
    use Source::{CardmarketFallback, EbayActive, LastKnown};
    let ebay = |p20: &str| Some((eur(p20), EbayActive, None));
    let reference = |mismatch| Some((eur("10"), CardmarketFallback, Some(mismatch)));
    let ten = Some("10");
    assert_eq!(chosen(Some((25.0, 1.0)), ten, None), ebay("25"));
    assert_eq!(chosen(Some((25.01, 1.0)), ten, None), reference(TooHigh));
    assert_eq!(chosen(Some((4.0, 1.0)), ten, None), ebay("4"));
    assert_eq!(chosen(Some((3.99, 1.0)), ten, None), reference(TooLow));
    assert_eq!(chosen(Some((9.0, 4.0)), ten, None), ebay("9"));
    assert_eq!(chosen(Some((9.0, 4.01)), ten, None), reference(Dispersed));
    assert_eq!(chosen(None, ten, Some("7")), reference(NoAnchor));
    // Without a reference nothing is held against the listings.
    assert_eq!(chosen(Some((9.0, 99.0)), None, Some("1")), ebay("9"));
    assert_eq!(chosen(Some((9.0, 99.0)), Some("0"), None), ebay("9"));
    assert_eq!(chosen(None, None, Some("7")), Some((eur("7"), LastKnown, Some(NoAnchor))));
    assert_eq!(chosen(None, None, Some("0")), None);
    assert_eq!(chosen(None, None, None), None);
}
