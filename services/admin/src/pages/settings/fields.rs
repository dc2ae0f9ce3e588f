//! The fields of the form, in the order in which they are shown.

use store::settings::{DEFINITIONS, Definition, Kind, Shown};

use super::pricing;
use crate::field::{Field, FieldError};
use crate::form::Form;
use crate::say::{Argument as _, Lang, Say};

/// Every setting.
pub(super) struct Fields {
    pub(super) enabled: bool,
    pub(super) hour: Field,
    pub(super) minute: Field,
    pub(super) zone: Field,
    pub(super) quota: Vec<Field>,
    pub(super) rhythm: Vec<Field>,
    pub(super) pricing: Field,
}

const ENABLED: &str = "batch_enabled";
const QUOTA: &[&str] =
    &["daily_api_limit", "interactive_reserve_percent", "ebay_requests_per_second", "ebay_burst"];
const RHYTHM: &[&str] = &["low_value_threshold", "low_value_refresh_days", "max_error_retries"];

impl Fields {
    /// What is in force.
    pub(super) fn stored(say: &Say, shown: &[Shown]) -> Fields {
        let value = |key: &str| {
            let found = shown.iter().find(|setting| setting.key == key);
            found.map(|setting| setting.value.clone()).unwrap_or_default()
        };
        let enabled = value(ENABLED) == "true";
        Fields::new(say, enabled, |definition| localised(say, definition, value(definition.key)))
    }

    /// What somebody typed, with what is wrong about it.
    pub(super) fn typed(say: &Say, form: &Form) -> Fields {
        let typed = |definition: &Definition| form.get(definition.key).to_owned();
        let mut fields = Fields::new(say, form.has(ENABLED), typed);
        for field in fields.each_mut() {
            let Some(definition) = store::settings::find(field.key) else { continue };
            if !form.has(field.key) {
                continue;
            }
            let text = plain(definition, &field.value);
            field.error = definition
                .kind
                .canonical(&text)
                .err()
                .map(|_| refusal(say, definition, field.value.trim()));
        }
        fields
    }

    fn new(say: &Say, enabled: bool, value: impl Fn(&Definition) -> String) -> Fields {
        let field = |key: &&str| field(say, key, &value);
        Fields {
            enabled,
            hour: Field { class: "tiny", ..field(&"batch_hour") },
            minute: Field { class: "tiny", ..field(&"batch_minute") },
            zone: field(&"batch_timezone"),
            quota: QUOTA.iter().map(field).collect(),
            rhythm: RHYTHM.iter().map(field).collect(),
            pricing: field(&"pricing"),
        }
    }

    /// Hour and minute stand in one line.
    pub(super) fn clock(&self) -> [&Field; 2] {
        [&self.hour, &self.minute]
    }

    fn each(&self) -> impl Iterator<Item = &Field> {
        let first = [&self.hour, &self.minute, &self.zone];
        first.into_iter().chain(&self.quota).chain(&self.rhythm).chain([&self.pricing])
    }

    fn each_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        let first = [&mut self.hour, &mut self.minute, &mut self.zone];
        first.into_iter().chain(&mut self.quota).chain(&mut self.rhythm).chain([&mut self.pricing])
    }

    pub(super) fn errors(&self) -> Vec<FieldError> {
        self.each().filter_map(Field::fault).collect()
    }

    /// What to store. Fields that the form did not send keep their value.
    pub(super) fn values(&self, form: &Form) -> Vec<(&'static str, String)> {
        let fields = self.each().filter(|field| form.has(field.key));
        let mut values: Vec<_> = fields
            .filter_map(|field| {
                let definition = store::settings::find(field.key)?;
                Some((definition.key, plain(definition, &field.value)))
            })
            .collect();
        values.push((ENABLED, self.enabled.to_string()));
        values
    }
}

fn field(say: &Say, key: &str, value: impl Fn(&Definition) -> String) -> Field {
    let definition = DEFINITIONS.iter().find(|definition| definition.key == key);
    let Some(definition) = definition else { return Field::default() };
    let words = |what: &str| say.try_t(&format!("setting-{key}{what}")).unwrap_or_default();
    let (class, mode) = match definition.kind {
        Kind::Whole { .. } => ("num", "numeric"),
        Kind::Decimal { .. } => ("num", "decimal"),
        _ => ("", ""),
    };
    Field {
        label: words(""),
        key: definition.key,
        hint: words("-hint"),
        unit: words("-unit"),
        class,
        mode,
        ..Field::text(definition.key, String::new(), value(definition))
    }
}

/// Decimals as the visitor writes them.
fn localised(say: &Say, definition: &Definition, value: String) -> String {
    match (definition.kind, say.lang) {
        (Kind::Decimal { .. }, Lang::Fr) => value.replace('.', ","),
        _ => value,
    }
}

/// Numbers as they are stored: a comma is a point, and spaces between digits are none.
fn plain(definition: &Definition, typed: &str) -> String {
    let tight = || typed.chars().filter(|c| !c.is_whitespace());
    match definition.kind {
        Kind::Whole { .. } => tight().collect(),
        Kind::Decimal { .. } => tight().map(|c| if c == ',' { '.' } else { c }).collect(),
        _ => typed.trim().to_owned(),
    }
}

/// The rule, and what was given.
fn refusal(say: &Say, definition: &Definition, given: &str) -> String {
    let own = format!("setting-{}-rule", definition.key);
    let (min, max) = match definition.kind {
        Kind::Whole { min, max } => (say.n(min), say.n(max)),
        Kind::Decimal { min, max } => {
            (localised(say, definition, min.to_string()), max.to_string())
        }
        Kind::Zone => return say.t1("rule-zone", "given", given),
        Kind::Pricing => return pricing::refusal(say, given),
        Kind::Flag => (String::new(), String::new()),
    };
    let key = if say.has(&own) { own.as_str() } else { "rule-number" };
    say.f(key, &[("min", min.argument()), ("max", max.argument()), ("given", given.argument())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_on_the_page_with_a_label() {
        for lang in Lang::ALL {
            let say = Say::new(lang, "UTC");
            let fields = Fields::typed(&say, &Form::default());
            let mut keys: Vec<&str> = fields.each().map(|field| field.key).collect();
            keys.push(ENABLED);
            keys.sort_unstable();
            let mut defined: Vec<&str> = DEFINITIONS.iter().map(|setting| setting.key).collect();
            defined.sort_unstable();
            assert_eq!(keys, defined);
            assert!(fields.each().all(|field| !field.label.is_empty()));
        }
    }

    #[test]
    fn what_was_typed_stays_beside_what_is_wrong_with_it() {
        let say = Say::new(Lang::Fr, "UTC");
        let form = Form::of_query(
            "batch_hour=25&batch_minute=0&batch_timezone=Mars&daily_api_limit=5%20000\
             &interactive_reserve_percent=10&ebay_requests_per_second=0,5&low_value_threshold=10\
             &low_value_refresh_days=60&max_error_retries=3&pricing=%7B%7D",
        );
        let fields = Fields::typed(&say, &form);
        let wrong: Vec<&str> = fields.errors().iter().map(|error| error.field).collect();
        assert_eq!(wrong, ["batch_hour", "batch_timezone"]);
        assert_eq!(fields.hour.value, "25");
        assert!(fields.hour.error.as_ref().unwrap().contains("25"));
        let values = fields.values(&form);
        assert!(values.contains(&("ebay_requests_per_second", "0.5".into())));
        assert!(values.contains(&("daily_api_limit", "5000".into())));
        assert!(values.contains(&("batch_enabled", "false".into())));
    }
}
