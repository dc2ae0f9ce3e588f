//! How the number of a card is printed and asked for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Card, or};

/// Digits of a padded number, as recent sets print them.
const PADDED_DIGITS: usize = 3;

/// What of the number goes into a query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NumberFormat {
    /// The number alone: `25`.
    LocalOnly,
    /// Number and total: `25/102`.
    #[default]
    LocalTotal,
    /// The number and the word promo: `25 promo`.
    Promo,
}

/// A word that names no number format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no number format; write LOCAL_ONLY, LOCAL_TOTAL or PROMO")]
pub struct UnknownNumberFormat(pub String);

impl NumberFormat {
    pub const ALL: [Self; 3] = [Self::LocalOnly, Self::LocalTotal, Self::Promo];

    /// As files, rows and JSON write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LocalOnly => "LOCAL_ONLY",
            Self::LocalTotal => "LOCAL_TOTAL",
            Self::Promo => "PROMO",
        }
    }
}

impl fmt::Display for NumberFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for NumberFormat {
    type Err = UnknownNumberFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or_else(|| UnknownNumberFormat(text.to_owned()))
    }
}

/// The printed number: an overridden total first, then an overridden number, then the source's.
pub(super) fn full(card: &Card) -> Option<String> {
    let overrides = &card.overrides;
    if let Some(total) = present(overrides.card_count_official.as_ref()) {
        return Some(join(card.effective_local_id(), total, card.card_number_padded));
    }
    if let Some(full) = present(overrides.card_number_full.as_ref()) {
        return Some(full.to_owned());
    }
    let full = present(card.card_number_full.as_ref())?;
    match full.split_once('/') {
        // An overridden number keeps the source's total.
        Some((local_id, total)) => {
            let local_id = or(overrides.local_id.as_deref(), local_id);
            Some(join(local_id, total, card.card_number_padded))
        }
        None => Some(full.to_owned()),
    }
}

fn present(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

fn join(local_id: &str, total: &str, is_padded: bool) -> String {
    if is_padded {
        format!("{}/{}", pad(local_id), pad(total))
    } else {
        format!("{local_id}/{total}")
    }
}

/// Zeros in front of a number; anything that is not only digits stays as it is.
fn pad(number: &str) -> String {
    if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("{number:0>PADDED_DIGITS$}")
    } else {
        number.to_owned()
    }
}
