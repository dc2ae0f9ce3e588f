use super::*;

#[test]
fn defaults_are_values_of_their_kinds() {
    for definition in DEFINITIONS {
        let value = definition.kind.canonical(definition.default);
        assert_eq!(value.as_deref(), Ok(definition.default), "{}", definition.key);
        assert_eq!(find(definition.key).map(|found| found.default), Some(definition.default));
    }
    let settings = Settings::default();
    assert_eq!((settings.batch_hour, settings.daily_api_limit), (3, 5000));
    assert_eq!(settings.pricing, PricingConfig::default());
}

#[test]
fn every_setting_is_read_from_its_own_key() {
    let texts = [
        ("batch_enabled", "false"),
        ("batch_hour", "4"),
        ("batch_minute", "5"),
        ("batch_timezone", "America/New_York"),
        ("daily_api_limit", "6"),
        ("low_value_threshold", "7.5"),
        ("low_value_refresh_days", "8"),
        ("max_error_retries", "9"),
        ("ebay_requests_per_second", "0.5"),
        ("ebay_burst", "10"),
        ("interactive_reserve_percent", "11"),
        ("pricing", r#"{"rule": "classic"}"#),
    ];
    assert_eq!(texts.map(|(key, _)| key).as_slice(), keys().as_slice());
    let texts = texts.map(|(key, text)| (key.to_owned(), text.to_owned()));
    let settings = Settings::from_texts(&texts).unwrap();
    let expected = Settings {
        batch_enabled: false,
        batch_hour: 4,
        batch_minute: 5,
        batch_timezone: "America/New_York".into(),
        daily_api_limit: 6,
        low_value_threshold: Decimal::new(75, 1),
        low_value_refresh_days: 8,
        max_error_retries: 9,
        ebay_requests_per_second: 0.5,
        ebay_burst: 10,
        interactive_reserve_percent: 11,
        pricing: PricingConfig { rule: cards::config::Rule::Classic, ..PricingConfig::default() },
    };
    assert_eq!(settings, expected);
}

fn keys() -> Vec<&'static str> {
    DEFINITIONS.iter().map(|definition| definition.key).collect()
}

#[test]
fn a_wrong_value_is_refused_with_what_would_be_right() {
    for (key, text, rule) in [
        ("batch_enabled", "yes", "write true or false"),
        ("batch_hour", "24", "write a whole number from 0 to 23"),
        ("batch_hour", "-1", "write a whole number from 0 to 23"),
        ("batch_minute", "60", "write a whole number from 0 to 59"),
        ("batch_minute", "", "write a whole number from 0 to 59"),
        ("batch_timezone", "Europe/Pariss", "write an IANA time zone such as Europe/Paris"),
        ("daily_api_limit", "-1", "write a whole number from 0 to 1000000"),
        ("ebay_requests_per_second", "0.05", "write a number from 0.1 to 10000"),
        ("ebay_requests_per_second", "NaN", "write a number from 0.1 to 10000"),
        ("ebay_burst", "0", "write a whole number from 1 to 1000"),
        ("interactive_reserve_percent", "91", "write a whole number from 0 to 90"),
        ("pricing", r#"{"rule": "best"}"#, "write a pricing configuration in JSON: "),
        ("pricing", r#"{"buy": {"step_eur": "0"}}"#, "`buy.step_eur` is out of range: above 0"),
        ("batch_hours", "3", "is no setting: there are batch_enabled, "),
    ] {
        let refusals = check(&[(key, text)]);
        assert_eq!(refusals.len(), 1, "{key} = {text}");
        assert!(refusals[0].reason.contains(rule), "{}", refusals[0].reason);
    }
}

#[test]
fn a_value_is_stored_in_one_form() {
    let stored = |key: &str, text: &str| definition::canonical(key, text).unwrap().1;
    assert_eq!(stored("batch_hour", " 07 "), "7");
    assert_eq!(stored("low_value_threshold", "7.50"), "7.5");
    assert_eq!(stored("batch_timezone", "europe/paris"), "Europe/Paris");
}

#[test]
fn a_stored_value_that_cannot_be_used_is_named() {
    let error = Settings::from_texts(&[("batch_hour".into(), "25".into())]).unwrap_err();
    assert!(error.to_string().contains("`batch_hour` cannot be `25`"), "{error}");
}
