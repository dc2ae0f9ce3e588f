//! A card as titles are held against it.

use crate::Variant;
use crate::card::{Card, NumberFormat};
use crate::classify::Target;

impl Card {
    /// What a title must say to offer this card. `known_variants` are all variants of its number
    /// in the catalogue.
    pub fn target(&self, known_variants: &[Variant]) -> Target {
        let full = match self.card_number_format {
            NumberFormat::LocalTotal => self.effective_number_full(),
            // These cards show no total.
            NumberFormat::LocalOnly | NumberFormat::Promo => None,
        };
        let (number, total) = match full.as_deref().and_then(|full| full.split_once('/')) {
            Some((number, total)) => (number.to_owned(), Some(total.to_owned())),
            None => (self.effective_local_id().to_owned(), None),
        };
        // The source's name stays a name of the card when the shop prefers another.
        let aliases = [Some(&self.name), self.name_en.as_ref()];
        let is_alias = |name: &&String| !name.is_empty() && *name != self.effective_name();
        Target {
            name: self.effective_name().to_owned(),
            aliases: aliases.into_iter().flatten().filter(is_alias).cloned().collect(),
            number,
            total,
            set_name: Some(self.effective_set_name().to_owned()).filter(|name| !name.is_empty()),
            variant: self.variant,
            known_variants: known_variants.to_vec(),
        }
    }
}
