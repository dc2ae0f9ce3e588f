//! The list of settings.

use std::fmt::Display;
use std::str::FromStr;

use cards::config::PricingConfig;
use rust_decimal::Decimal;

use super::{Kind, Refusal};
use crate::{Error, Result};

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    pub key: &'static str,
    pub kind: Kind,
    pub default: &'static str,
    pub about: &'static str,
}

/// Every setting there is.
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        key: "batch_enabled",
        kind: Kind::Flag,
        default: "true",
        about: "whether the nightly batch runs",
    },
    Definition {
        key: "batch_hour",
        kind: Kind::Whole { min: 0, max: 23 },
        default: "3",
        about: "hour at which the nightly batch begins, in batch_timezone",
    },
    Definition {
        key: "batch_minute",
        kind: Kind::Whole { min: 0, max: 59 },
        default: "0",
        about: "minute at which the nightly batch begins",
    },
    Definition {
        key: "batch_timezone",
        kind: Kind::Zone,
        default: "Europe/Paris",
        about: "time zone of batch_hour",
    },
    Definition {
        key: "daily_api_limit",
        kind: Kind::Whole { min: 0, max: 1_000_000 },
        default: "5000",
        about: "calls to eBay in one of its days; its own limit holds if that is lower",
    },
    Definition {
        key: "low_value_threshold",
        kind: Kind::Decimal { min: Decimal::ZERO, max: Decimal::ONE_THOUSAND },
        default: "10",
        about: "cards below this price in EUR are refreshed less often",
    },
    Definition {
        key: "low_value_refresh_days",
        kind: Kind::Whole { min: 0, max: 3_650 },
        default: "60",
        about: "days between two refreshes of a card of low value",
    },
    Definition {
        key: "max_error_retries",
        kind: Kind::Whole { min: 0, max: 100 },
        default: "3",
        about: "failures in a row after which a card waits like one of low value",
    },
    Definition {
        key: "ebay_requests_per_second",
        kind: Kind::Decimal {
            min: Decimal::from_parts(1, 0, 0, false, 1),
            max: Decimal::from_parts(10_000, 0, 0, false, 0),
        },
        default: "5",
        about: "calls to eBay per second, of all workers together",
    },
    Definition {
        key: "ebay_burst",
        kind: Kind::Whole { min: 1, max: 1_000 },
        default: "1",
        about: "calls to eBay that may be made at once after a pause, of all workers together",
    },
    Definition {
        key: "interactive_reserve_percent",
        kind: Kind::Whole { min: 0, max: 90 },
        default: "10",
        about: "share of daily_api_limit that batches leave to people",
    },
    Definition {
        key: "pricing",
        kind: Kind::Pricing,
        default: "{}",
        about: "rule and constants of the prices; what is left out has its default",
    },
];

/// The setting of this key.
pub fn find(key: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.key == key)
}

/// The text as it is stored.
pub(super) fn canonical(
    key: &str,
    text: &str,
) -> std::result::Result<(&'static Definition, String), Refusal> {
    let refusal = |reason| Refusal { key: key.to_owned(), reason };
    let Some(definition) = find(key) else {
        let known: Vec<_> = DEFINITIONS.iter().map(|definition| definition.key).collect();
        let reason = format!("`{key}` is no setting: there are {}", known.join(", "));
        return Err(refusal(reason));
    };
    let value = definition.kind.canonical(text);
    let value = value.map_err(|rule| refusal(format!("`{key}` cannot be `{text}`: {rule}")))?;
    Ok((definition, value))
}

/// Stored texts, with the defaults behind them.
pub(super) struct Texts<'a>(pub(super) &'a [(String, String)]);

impl Texts<'_> {
    pub(super) fn parse<T: FromStr<Err: Display>>(&self, key: &str) -> Result<T> {
        let text = self.checked(key)?;
        text.parse().map_err(|error| Error::Value(format!("setting `{key}`: {error}")))
    }

    pub(super) fn pricing(&self) -> Result<PricingConfig> {
        let text = self.checked("pricing")?;
        serde_json::from_str(&text)
            .map_err(|error| Error::Value(format!("setting `pricing`: {error}")))
    }

    fn checked(&self, key: &str) -> Result<String> {
        let stored = self.0.iter().find(|(known, _)| known == key);
        let default = || find(key).map_or("", |definition| definition.default);
        let text = stored.map_or_else(default, |(_, text)| text.as_str());
        let (_, value) = canonical(key, text)
            .map_err(|refusal| Error::Value(format!("stored setting {}", refusal.reason)))?;
        Ok(value)
    }
}
