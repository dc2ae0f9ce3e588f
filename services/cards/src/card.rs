//! A card of the catalogue: what its source said of it, and what the shop corrected.

mod first_edition;
mod number;
mod set;
mod target;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::Variant;

pub use first_edition::{FIRST_EDITION_SETS, missing_first_editions};
pub use number::{NumberFormat, UnknownNumberFormat};
pub use set::{Hidden, Set};

/// One printing of one card. Each variant of a card is a card of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Unique: the source's id and the variant, `base1-4-HOLO` ([`Card::id_of`]).
    pub tcgdex_id: String,
    pub set_id: String,
    /// Number within the set, as printed before the slash: `4`, `004`, `TG01`.
    pub local_id: String,
    /// In the language of the catalogue.
    pub name: String,
    pub name_en: Option<String>,
    pub set_name: String,
    /// Short code of the set in the online game.
    pub set_code: Option<String>,
    /// As printed: `4/102`. Absent where the card shows no total.
    pub card_number_full: Option<String>,
    pub variant: Variant,
    pub rarity: Option<String>,
    /// Product number at Cardmarket, the key of its price guide.
    pub cardmarket_id: Option<i64>,
    pub overrides: Overrides,
    pub card_number_format: NumberFormat,
    /// Numbers are printed with three digits: `4/88` is `004/088`.
    pub card_number_padded: bool,
    /// What the marketplace is asked, if the shop does not like the query that is built.
    pub ebay_query_override: Option<String>,
    pub cardmarket: Cardmarket,
    /// An inactive card is kept and never priced.
    pub is_active: bool,
    /// Failures in a row since the last success.
    pub error_count: u32,
    pub last_error: Option<String>,
    pub last_error_at: Option<Timestamp>,
}

/// What the shop put in place of the source's values. An import never touches these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overrides {
    pub name: Option<String>,
    pub local_id: Option<String>,
    pub set_name: Option<String>,
    /// The whole printed number, `H01/H32`.
    pub card_number_full: Option<String>,
    /// What stands after the slash, `H32`. Goes before `card_number_full`.
    pub card_count_official: Option<String>,
}

/// Reference prices of Cardmarket in EUR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cardmarket {
    pub trend: Option<Decimal>,
    /// Mean of the sales of the last day.
    pub avg1: Option<Decimal>,
    pub avg7: Option<Decimal>,
    pub avg30: Option<Decimal>,
}

impl Cardmarket {
    /// The dearer of trend and 30-day mean: what the classic rule compares with.
    pub fn max(&self) -> Option<Decimal> {
        self.trend.max(self.avg30)
    }
}

impl Card {
    /// The unique id of `variant` of the card that its source calls `source_id`.
    pub fn id_of(source_id: &str, variant: Variant) -> String {
        format!("{source_id}-{variant}")
    }

    /// The source's id, without the variant.
    pub fn source_id(&self) -> &str {
        self.tcgdex_id
            .strip_suffix(self.variant.as_str())
            .and_then(|id| id.strip_suffix('-'))
            .unwrap_or(&self.tcgdex_id)
    }

    pub fn effective_name(&self) -> &str {
        or(self.overrides.name.as_deref(), &self.name)
    }

    pub fn effective_local_id(&self) -> &str {
        or(self.overrides.local_id.as_deref(), &self.local_id)
    }

    pub fn effective_set_name(&self) -> &str {
        or(self.overrides.set_name.as_deref(), &self.set_name)
    }

    /// The printed number after overrides and padding, `004/088`; `None` where no total is known.
    pub fn effective_number_full(&self) -> Option<String> {
        number::full(self)
    }

    pub fn has_overrides(&self) -> bool {
        self.overrides != Overrides::default() || self.ebay_query_override.is_some()
    }
}

/// The override, unless it is missing or empty.
fn or<'a>(over: Option<&'a str>, value: &'a str) -> &'a str {
    over.filter(|text| !text.is_empty()).unwrap_or(value)
}

#[cfg(test)]
mod tests;
