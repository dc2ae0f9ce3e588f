//! A dump of the card database: it speaks with the authority of a source.

use std::collections::{HashMap, HashSet};

use cards::Card;
use cards::card::{FIRST_EDITION_SETS, missing_first_editions};
use cards::import::{Dump, read_dump};
use store::Client;
use store::catalogue::{Authority, StoredCard, Upserted, find_many, sets};

use super::{CsvImport, Draft};
use crate::Failure;

pub(super) async fn read(client: &Client, file: &[u8]) -> Result<Draft, Failure> {
    let Dump { sets: found, mut cards, bad_lines, ignored_columns } =
        read_dump(file).map_err(Failure::reject)?;
    cards.extend(missing_first_editions(&cards, &FIRST_EDITION_SETS));
    let known: HashSet<String> =
        sets(client).await?.into_iter().map(|stored| stored.set.id).collect();
    let is_new = |id: &String| !known.contains(id);
    let import = CsvImport {
        new_sets: found.iter().map(|set| set.id.clone()).filter(is_new).collect(),
        cards: compare(client, &cards).await?,
        bad_lines,
        ignored_columns,
        ..CsvImport::default()
    };
    Ok(Draft { authority: Authority::Source, sets: found, cards, import })
}

/// What writing these cards would do.
async fn compare(client: &Client, cards: &[Card]) -> Result<Upserted, Failure> {
    let ids: Vec<&str> = cards.iter().map(|card| card.tcgdex_id.as_str()).collect();
    let known = find_many(client, &[], &ids).await?;
    let known: HashMap<&str, &StoredCard> =
        known.iter().map(|stored| (stored.card.tcgdex_id.as_str(), stored)).collect();
    let mut counts = Upserted::default();
    for card in cards {
        match known.get(card.tcgdex_id.as_str()) {
            None => counts.created += 1,
            Some(stored) if says_more(card, &stored.card) => counts.updated += 1,
            Some(_) => counts.unchanged += 1,
        }
    }
    Ok(counts)
}

/// Whether a source's card differs from the known one; what it leaves out stays.
fn says_more(card: &Card, known: &Card) -> bool {
    let differs = |new: &Option<String>, old: &Option<String>| new.is_some() && new != old;
    (&card.set_id, &card.local_id, &card.name) != (&known.set_id, &known.local_id, &known.name)
        || card.variant != known.variant
        || differs(&card.name_en, &known.name_en)
        || differs(&card.card_number_full, &known.card_number_full)
        || differs(&card.rarity, &known.rarity)
        || (card.cardmarket_id.is_some() && card.cardmarket_id != known.cardmarket_id)
}
