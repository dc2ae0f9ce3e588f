//! What is wrong with the rules of the prices, which are typed as JSON.

use cards::config::{ConfigError, PricingConfig};
use serde_json::error::Category;

use crate::say::Say;

/// Why `text` is refused.
pub(super) fn refusal(say: &Say, text: &str) -> String {
    match serde_json::from_str::<PricingConfig>(text) {
        Ok(config) => config.validate().err().map_or_else(String::new, |it| out_of_range(say, &it)),
        Err(error) => unreadable(say, &error),
    }
}

fn unreadable(say: &Say, error: &serde_json::Error) -> String {
    let words = error.to_string();
    let name = words.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    match (error.classify(), name) {
        (Category::Data, Some(name)) => say.t1("rule-pricing-unknown", "name", name),
        (category, _) => {
            let key = match category {
                Category::Data => "rule-pricing-value",
                _ => "rule-pricing-json",
            };
            say.t2(key, ("line", error.line()), ("column", error.column()))
        }
    }
}

/// Rules have words of their own, by their letters and digits: `range-from-0-to-1`.
fn out_of_range(say: &Say, error: &ConfigError) -> String {
    let parts = error.rule.split(|c: char| !c.is_ascii_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let key = format!("range-{}", parts.join("-").to_ascii_lowercase());
    let rule = say.try_t(&key).unwrap_or_else(|| error.rule.to_owned());
    say.t2("rule-pricing-range", ("name", error.field), ("rule", rule))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    /// One text for each rule there is.
    const BAD: [(&str, &str); 13] = [
        (r#"{"classify": {"condition_factors": {"damaged": "0"}}}"#, "état"),
        (r#"{"robust": {"window_log": 0}}"#, "plus que 0"),
        (r#"{"robust": {"max_width": 0.01}}"#, "min_width"),
        (r#"{"robust": {"min_group": 0}}"#, "au moins 1"),
        (r#"{"robust": {"variance_floor": -1}}"#, "au moins 0"),
        (r#"{"robust": {"confidence": []}}"#, "palier"),
        (r#"{"classic": {"trim_high_rate": 1}}"#, "trim_high_rate"),
        (r#"{"classic": {"mismatch_lower": -1}}"#, "mismatch_upper"),
        (r#"{"classic": {"min_confidence": 101}}"#, "de 0 à 100"),
        (r#"{"buy": {"fees_rate": "1"}}"#, "moins de 1"),
        (r#"{"buy": {"coefficients": {"neuf": "2"}}}"#, "de 0 à 1"),
        (r#"{"buy": {"step_eur": "0"}}"#, "plus que 0"),
        (r#"{"buy": {"max_buy_eur": "0"}}"#, "min_buy_eur"),
    ];

    #[test]
    fn every_rule_is_told_in_both_languages() {
        let (fr, en) = (Say::new(Lang::Fr, "UTC"), Say::new(Lang::En, "UTC"));
        for (text, words) in BAD {
            let config: PricingConfig = serde_json::from_str(text).unwrap();
            let error = config.validate().unwrap_err();
            let told = refusal(&fr, text);
            assert!(told.contains(words) && told.contains(error.field), "{told}");
            let told = refusal(&en, text);
            assert!(told.contains(&error.rule.replace('`', "")), "{told}");
        }
    }

    #[test]
    fn what_is_no_configuration_is_told_by_its_place() {
        let say = Say::new(Lang::Fr, "UTC");
        let told = refusal(&say, "{\n  \"buy\": }");
        assert!(told.contains("JSON") && told.contains("ligne 2"), "{told}");
        assert!(refusal(&say, r#"{"byu": {}}"#).contains("« byu »"));
        let told = refusal(&say, r#"{"buy": {"step_eur": []}}"#);
        assert!(told.contains("ligne 1"), "{told}");
        assert_eq!(refusal(&say, "{}"), "");
    }
}
