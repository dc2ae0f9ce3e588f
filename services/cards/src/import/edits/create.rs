//! A row that creates a card.

use crate::Variant;
use crate::card::{Card, NumberFormat, Set};

/// A card to be made by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Create {
    pub set_id: String,
    pub local_id: String,
    pub name: String,
    /// Names the set if it has to be made; shown instead of the set's own name if it exists.
    pub set_name: Option<String>,
    /// What stands after the slash of the printed number.
    pub card_count_official: Option<String>,
    pub variant: Variant,
    pub card_number_format: NumberFormat,
    pub card_number_padded: bool,
    pub ebay_query: Option<String>,
}

impl Create {
    /// The unique id that the card will have.
    pub fn tcgdex_id(&self) -> String {
        Card::id_of(&format!("{}-{}", self.set_id, self.local_id), self.variant)
    }

    /// The set to make when the catalogue has none of this id.
    pub fn new_set(&self) -> Set {
        let total = self.card_count_official.as_ref();
        Set {
            id: self.set_id.clone(),
            name: self.set_name.clone().unwrap_or_else(|| self.set_id.clone()),
            serie_id: Set::UNKNOWN_SERIE.to_owned(),
            card_count_official: total.and_then(|total| total.parse().ok()),
            ..Set::default()
        }
    }

    /// The card, in `set`: the catalogue's, or [`Create::new_set`].
    pub fn card(&self, set: &Set) -> Card {
        let of_set = || set.card_count_official.filter(|&count| count > 0);
        let total =
            self.card_count_official.clone().or_else(|| of_set().map(|count| count.to_string()));
        Card {
            tcgdex_id: self.tcgdex_id(),
            set_id: self.set_id.clone(),
            local_id: self.local_id.clone(),
            name: self.name.clone(),
            set_name: self.set_name.clone().unwrap_or_else(|| set.name.clone()),
            card_number_full: total.map(|total| format!("{}/{total}", self.local_id)),
            variant: self.variant,
            card_number_format: self.card_number_format,
            card_number_padded: self.card_number_padded,
            ebay_query_override: self.ebay_query.clone(),
            is_active: true,
            ..Card::default()
        }
    }
}
