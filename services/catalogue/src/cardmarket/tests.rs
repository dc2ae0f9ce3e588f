use super::*;

const FILE: &str = r#"{"version": 1, "createdAt": "2026-08-26T12:20:28+0200", "priceGuides": [
    {"idProduct": 273532, "idCategory": 51, "avg": 0.16, "low": 0.02, "trend": 0.1, "avg1": 0.1,
     "avg7": 0.16, "avg30": 1234567.89, "avg-holo": null, "low-holo": 0.1, "trend-holo": 0.65,
     "avg1-holo": 0, "avg7-holo": 0.0, "avg30-holo": 5},
    {"idProduct": 9, "idCategory": 51}
]}"#;

fn read(json: &str) -> (Result<PriceGuide, String>, Vec<PriceEntry>) {
    let mut entries = Vec::new();
    let header = parse(&mut json.as_bytes(), |entry| entries.push(entry));
    let guide = header.map_err(|error| error.to_string()).and_then(Header::check);
    (guide, entries)
}

#[test]
fn entries_are_handed_over() {
    let (guide, entries) = read(FILE);
    let created_at = "2026-08-26T10:20:28Z".parse().unwrap();
    assert_eq!(guide, Ok(PriceGuide { created_at, n_entries: 2 }));
    let [first, second] = &entries[..] else { panic!("{entries:?}") };
    assert_eq!(first.id_product, 273_532);
    let text = |price: Option<rust_decimal::Decimal>| price.map(|price| price.to_string());
    let plain = &first.prices.plain;
    assert_eq!(text(plain.trend).as_deref(), Some("0.1"), "no binary fraction comes through");
    assert_eq!(text(plain.avg30).as_deref(), Some("1234567.89"));
    let holo = &first.prices.holo;
    assert_eq!((holo.avg, holo.avg1, holo.avg7), (None, None, None), "null and zero are unknown");
    assert_eq!(text(holo.trend).as_deref(), Some("0.65"));
    assert_eq!(text(holo.avg30).as_deref(), Some("5"));
    assert_eq!(second.prices, CardPrices::default());
}

#[test]
fn the_order_of_fields_does_not_matter() {
    let file = r#"{"priceGuides": [{"idProduct": 1}], "new": {"a": [1]}, "version": 1,
        "createdAt": "2026-01-01T00:00:00+0100"}"#;
    assert_eq!(read(file).0.unwrap().n_entries, 1);
}

#[test]
fn a_file_that_is_not_as_documented_is_refused() {
    for (json, reason) in [
        (FILE.replace("\"version\": 1", "\"version\": 2"), "its version is Some(2)"),
        (FILE.replace("\"version\": 1,", ""), "its version is None"),
        (FILE.replace("2026-08-26T12:20:28+0200", "yesterday"), "its createdAt is `yesterday`"),
        (FILE.replace("273532", "\"273532\""), "invalid type: string"),
        (FILE.replace("\"trend\": 0.1,", "\"trend\": \"much\","), "invalid value: string"),
        (FILE[..FILE.len() - 3].to_owned(), "EOF"),
        (format!("{FILE}{FILE}"), "trailing characters"),
        ("[]".into(), "invalid type: sequence"),
        (r#"{"version": 1, "createdAt": "2026-01-01T00:00:00+0100"}"#.into(), "no priceGuides"),
        (
            r#"{"version": 1, "createdAt": "2026-01-01T00:00:00+0100", "priceGuides": []}"#.into(),
            "are empty",
        ),
        (r#"{"priceGuides": [], "priceGuides": []}"#.into(), "duplicate field"),
    ] {
        let refused = read(&json).0.unwrap_err();
        assert!(refused.contains(reason), "{reason}: {refused}");
    }
}
