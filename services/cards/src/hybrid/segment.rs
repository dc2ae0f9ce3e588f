//! Cards that are priced alike.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Variant;

/// A group of cards; what is absent does not matter. The order is the one of its fields.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Segment {
    pub serie_id: Option<String>,
    pub band: Option<Band>,
    pub variant: Option<Variant>,
}

/// Range of reference prices.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Below 3 EUR: postage and the work of listing make most of the price.
    Bulk,
    /// From 3 EUR.
    Low,
    /// From 10 EUR.
    Middle,
    /// From 30 EUR.
    High,
    /// From 100 EUR.
    Top,
}

impl Band {
    pub fn of(cardmarket_eur: Decimal) -> Self {
        let from = [(100, Self::Top), (30, Self::High), (10, Self::Middle), (3, Self::Low)];
        let is_in = |(eur, _): &(i64, Self)| cardmarket_eur >= Decimal::from(*eur);
        from.into_iter().find(is_in).map_or(Self::Bulk, |(_, band)| band)
    }
}

impl Segment {
    /// The segments of a card, the narrowest first: series × band × variant, band × variant,
    /// band, all cards.
    pub fn around(serie_id: &str, cardmarket_eur: Decimal, variant: Variant) -> [Self; 4] {
        let band = Some(Band::of(cardmarket_eur));
        let variant = Some(variant);
        [
            Self { serie_id: Some(serie_id.to_owned()), band, variant },
            Self { serie_id: None, band, variant },
            Self { serie_id: None, band, variant: None },
            Self::default(),
        ]
    }
}
