//! An expansion, and which of them the shop does not deal in.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An expansion.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set {
    /// Such as `base1` or `sv08`.
    pub id: String,
    pub name: String,
    pub name_en: Option<String>,
    pub serie_id: String,
    pub serie_name: Option<String>,
    pub release_date: Option<Date>,
    /// Cards that exist, secret ones included.
    pub card_count: Option<u32>,
    /// The total printed on the cards.
    pub card_count_official: Option<u32>,
}

impl Set {
    /// Series of a set that only a CSV row named.
    pub const UNKNOWN_SERIE: &'static str = "unknown";
}

/// Series and sets that are kept out of plans and lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hidden {
    pub series: BTreeSet<String>,
    pub sets: BTreeSet<String>,
}

impl Default for Hidden {
    /// The mobile game, restaurant giveaways, trainer kits and miscellany: nothing that is traded
    /// by the single card.
    fn default() -> Self {
        let series = ["tcgp", "mc", "tk", "misc"];
        Self { series: series.map(str::to_owned).into(), sets: BTreeSet::new() }
    }
}

impl Hidden {
    pub fn hides(&self, serie_id: &str, set_id: &str) -> bool {
        self.series.contains(serie_id) || self.sets.contains(set_id)
    }
}
