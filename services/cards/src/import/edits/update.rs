//! A row that changes a card.

use crate::card::{Card, NumberFormat};

/// How a row names its card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardKey {
    /// The catalogue's own number.
    Number(i64),
    /// Such as `base1-4-HOLO`.
    TcgdexId(String),
}

/// Values to put in place of the source's; `None` leaves a field as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    pub key: CardKey,
    pub name: Option<String>,
    pub local_id: Option<String>,
    pub set_name: Option<String>,
    /// What stands after the slash of the printed number.
    pub card_count_official: Option<String>,
    pub card_number_format: Option<NumberFormat>,
    pub card_number_padded: Option<bool>,
    pub ebay_query: Option<String>,
}

impl Update {
    /// Changes `card` and names the columns whose value is new: none when the row says what is so
    /// already. A value that equals the source's removes the override.
    pub fn apply(&self, card: &mut Card) -> Vec<&'static str> {
        let before = card.clone();
        let over = &mut card.overrides;
        for (new, source, over) in [
            (&self.name, &card.name, &mut over.name),
            (&self.local_id, &card.local_id, &mut over.local_id),
            (&self.set_name, &card.set_name, &mut over.set_name),
        ] {
            if let Some(new) = new {
                *over = (new != source).then(|| new.clone());
            }
        }
        set(&mut over.card_count_official, self.card_count_official.as_ref());
        set(&mut card.ebay_query_override, self.ebay_query.as_ref());
        card.card_number_format = self.card_number_format.unwrap_or(card.card_number_format);
        card.card_number_padded = self.card_number_padded.unwrap_or(card.card_number_padded);
        changed(&before, card)
    }
}

fn set(field: &mut Option<String>, new: Option<&String>) {
    if new.is_some() {
        *field = new.cloned();
    }
}

fn changed(before: &Card, after: &Card) -> Vec<&'static str> {
    let (old, new) = (&before.overrides, &after.overrides);
    let fields = [
        ("name", old.name != new.name),
        ("local_id", old.local_id != new.local_id),
        ("set_name", old.set_name != new.set_name),
        ("set_cardcount_official", old.card_count_official != new.card_count_official),
        ("card_number_format", before.card_number_format != after.card_number_format),
        ("card_number_padded", before.card_number_padded != after.card_number_padded),
        ("ebay_query", before.ebay_query_override != after.ebay_query_override),
    ];
    fields.into_iter().filter(|(_, is_new)| *is_new).map(|(column, _)| column).collect()
}
