//! What a setting may hold.

use std::fmt;

use cards::config::PricingConfig;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

/// The values that a setting accepts. Bounds belong to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Flag,
    Whole {
        min: i64,
        max: i64,
    },
    Decimal {
        min: Decimal,
        max: Decimal,
    },
    /// A time zone by its IANA name.
    Zone,
    /// A [`PricingConfig`] as JSON.
    Pricing,
}

impl Kind {
    /// The text as it is stored, or what would be right.
    ///
    /// # Errors
    /// When the text is none of the kind's values.
    pub fn canonical(self, text: &str) -> Result<String, String> {
        let text = text.trim();
        let value = match self {
            Kind::Flag => text.parse::<bool>().ok().map(|flag| flag.to_string()),
            Kind::Whole { min, max } => text
                .parse::<i64>()
                .ok()
                .filter(|whole| (min..=max).contains(whole))
                .map(|whole| whole.to_string()),
            Kind::Decimal { min, max } => text
                .parse::<Decimal>()
                .ok()
                .filter(|decimal| (min..=max).contains(decimal))
                .map(|decimal| decimal.normalize().to_string()),
            Kind::Zone => zone(text),
            Kind::Pricing => return pricing(text),
        };
        value.ok_or_else(|| format!("write {self}"))
    }
}

fn zone(text: &str) -> Option<String> {
    let zone = TimeZone::get(text).ok()?;
    zone.iana_name().map(str::to_owned)
}

fn pricing(text: &str) -> Result<String, String> {
    let config: PricingConfig =
        serde_json::from_str(text).map_err(|error| format!("write {}: {error}", Kind::Pricing))?;
    config.validate().map_err(|error| error.to_string())?;
    Ok(text.to_owned())
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Flag => formatter.write_str("true or false"),
            Kind::Whole { min, max } => write!(formatter, "a whole number from {min} to {max}"),
            Kind::Decimal { min, max } => write!(formatter, "a number from {min} to {max}"),
            Kind::Zone => formatter.write_str("an IANA time zone such as Europe/Paris"),
            Kind::Pricing => formatter.write_str("a pricing configuration in JSON"),
        }
    }
}
