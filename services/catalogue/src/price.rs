//! Cardmarket's figures for one product, in euros.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer};

/// Averages of sales and the trend. Absent is "not known", never zero: Cardmarket writes both a
/// null and a zero for that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PriceSet {
    pub avg: Option<Decimal>,
    pub low: Option<Decimal>,
    pub trend: Option<Decimal>,
    /// Of the last day.
    pub avg1: Option<Decimal>,
    /// Of the last seven days.
    pub avg7: Option<Decimal>,
    /// Of the last thirty days.
    pub avg30: Option<Decimal>,
}

/// A card's figures, of all languages and states together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CardPrices {
    pub plain: PriceSet,
    /// Of the reverse, or of the only version when that is a holo.
    pub holo: PriceSet,
}

/// The figures under their names in JSON.
#[derive(Deserialize)]
pub(crate) struct WirePrices {
    #[serde(default, deserialize_with = "known")]
    avg: Option<Decimal>,
    #[serde(default, deserialize_with = "known")]
    low: Option<Decimal>,
    #[serde(default, deserialize_with = "known")]
    trend: Option<Decimal>,
    #[serde(default, deserialize_with = "known")]
    avg1: Option<Decimal>,
    #[serde(default, deserialize_with = "known")]
    avg7: Option<Decimal>,
    #[serde(default, deserialize_with = "known")]
    avg30: Option<Decimal>,
    #[serde(default, rename = "avg-holo", deserialize_with = "known")]
    avg_holo: Option<Decimal>,
    #[serde(default, rename = "low-holo", deserialize_with = "known")]
    low_holo: Option<Decimal>,
    #[serde(default, rename = "trend-holo", deserialize_with = "known")]
    trend_holo: Option<Decimal>,
    #[serde(default, rename = "avg1-holo", deserialize_with = "known")]
    avg1_holo: Option<Decimal>,
    #[serde(default, rename = "avg7-holo", deserialize_with = "known")]
    avg7_holo: Option<Decimal>,
    #[serde(default, rename = "avg30-holo", deserialize_with = "known")]
    avg30_holo: Option<Decimal>,
}

impl From<WirePrices> for CardPrices {
    fn from(wire: WirePrices) -> CardPrices {
        CardPrices {
            plain: PriceSet {
                avg: wire.avg,
                low: wire.low,
                trend: wire.trend,
                avg1: wire.avg1,
                avg7: wire.avg7,
                avg30: wire.avg30,
            },
            holo: PriceSet {
                avg: wire.avg_holo,
                low: wire.low_holo,
                trend: wire.trend_holo,
                avg1: wire.avg1_holo,
                avg7: wire.avg7_holo,
                avg30: wire.avg30_holo,
            },
        }
    }
}

/// A JSON number passes through its shortest decimal form, which is what was written.
fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    let price: Option<Decimal> = Option::deserialize(deserializer)?;
    Ok(price.filter(|price| *price > Decimal::ZERO))
}
