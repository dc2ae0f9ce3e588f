//! The printings that a shop buys at different prices.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A printing of a card. Every variant is priced on its own.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Variant {
    #[default]
    Normal,
    Reverse,
    Holo,
    /// First edition, with its stamp.
    FirstEd,
}

/// A word that names no variant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no variant; write NORMAL, REVERSE, HOLO or FIRST_ED")]
pub struct UnknownVariant(pub String);

impl Variant {
    pub const ALL: [Self; 4] = [Self::Normal, Self::Reverse, Self::Holo, Self::FirstEd];

    /// As files, rows and JSON write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "NORMAL",
            Self::Reverse => "REVERSE",
            Self::Holo => "HOLO",
            Self::FirstEd => "FIRST_ED",
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Variant {
    type Err = UnknownVariant;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|variant| variant.as_str() == text)
            .ok_or_else(|| UnknownVariant(text.to_owned()))
    }
}
