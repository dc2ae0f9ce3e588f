//! A dump of the card database: `,`, one row per card, each with all its variants.

mod variants;

use std::collections::HashMap;
use std::io;

use jiff::civil::Date;

use super::file::{File, Line};
use super::{BadLine, FileError, numbering};
use crate::card::{Card, Set};
use variants::Printing;

/// Columns of the layout.
pub const COLUMNS: [&str; 13] = [
    "tcgdex_id",
    "serie_id",
    "set_id",
    "set_fr",
    "set_en",
    "official_count",
    "released",
    "local_id",
    "name_fr",
    "name_en",
    "rarity",
    "cardmarket_id",
    "variants_raw",
];

/// What a dump holds. Sets and cards are in the order of the file, variants of a card together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dump {
    pub sets: Vec<Set>,
    pub cards: Vec<Card>,
    pub bad_lines: Vec<BadLine>,
    /// Columns that are not known, hence not read.
    pub ignored_columns: Vec<String>,
}

/// Reads a whole dump.
///
/// # Errors
/// When the first line is missing, unreadable, or lacks a column.
pub fn read_dump(reader: impl io::Read) -> Result<Dump, FileError> {
    let mut file = File::open(reader, b',', &COLUMNS, &COLUMNS)?;
    let mut dump = Dump { ignored_columns: file.ignored().to_vec(), ..Dump::default() };
    let mut sets: Vec<(Set, Vec<Card>)> = Vec::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    while let Some(line) = file.next_line() {
        let row = line.and_then(|mut line| {
            let row = Row::read(&mut line);
            line.finish(row)
        });
        match row {
            Ok(row) => {
                let position = *positions.entry(row.set.id.clone()).or_insert(sets.len());
                if position == sets.len() {
                    sets.push((row.set, Vec::new()));
                }
                let (set, cards) = &mut sets[position];
                set.card_count = Some(set.card_count.unwrap_or(0) + 1);
                cards.extend(row.printings.iter().map(|printing| printed(&row.card, *printing)));
            }
            Err(bad) => dump.bad_lines.push(bad),
        }
    }
    for (set, mut cards) in sets {
        numbering::settle(&set, &mut cards);
        dump.cards.append(&mut cards);
        dump.sets.push(set);
    }
    Ok(dump)
}

struct Row {
    set: Set,
    /// With the source's id, and of no variant yet.
    card: Card,
    printings: Vec<Printing>,
}

impl Row {
    fn read(line: &mut Line<'_>) -> Self {
        let (source_id, set_id) = (line.text("tcgdex_id", 90), line.text("set_id", 50));
        let (name_fr, name_en) = (line.text("name_fr", 200), line.text("name_en", 200));
        let (set_fr, set_en) = (line.text("set_fr", 200), line.text("set_en", 200));
        let local_id = line.text("local_id", 20);
        let serie_id = line.text("serie_id", 50);
        let set = Set {
            id: line.required("set_id", set_id),
            serie_id: line.required("serie_id", serie_id),
            name: line.required("set_fr", set_fr.or_else(|| set_en.clone())),
            name_en: set_en,
            release_date: line.value("released", "1999-06-30", |text| text.parse::<Date>().ok()),
            card_count_official: line.value("official_count", "102", |text| text.parse().ok()),
            ..Set::default()
        };
        let card = Card {
            tcgdex_id: line.required("tcgdex_id", source_id),
            set_id: set.id.clone(),
            local_id: line.required("local_id", local_id),
            name: line.required("name_fr", name_fr.or_else(|| name_en.clone())),
            name_en,
            set_name: set.name.clone(),
            rarity: line.text("rarity", 50).filter(|rarity| rarity != "None"),
            cardmarket_id: line.value("cardmarket_id", "273798", |text| text.parse().ok()),
            is_active: true,
            ..Card::default()
        };
        let raw = line.text("variants_raw", MAX_VARIANTS_CHARS);
        Self { printings: variants::read(&raw.unwrap_or_default()), set, card }
    }
}

/// Far above what a card of the database has.
const MAX_VARIANTS_CHARS: usize = 20_000;

fn printed(card: &Card, printing: Printing) -> Card {
    Card {
        tcgdex_id: Card::id_of(&card.tcgdex_id, printing.variant),
        variant: printing.variant,
        cardmarket_id: printing.cardmarket_id.or(card.cardmarket_id),
        ..card.clone()
    }
}

#[cfg(test)]
mod tests;
