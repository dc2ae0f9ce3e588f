//! The cards that `TCGdex` and Cardmarket know: some sets of our own making, or a file.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;

use cards::Variant;
use cards::import::read_dump;

/// A set with its cards.
#[derive(Clone, Debug)]
pub(super) struct Set {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) series_id: String,
    pub(super) series_name: String,
    pub(super) n_official: usize,
    pub(super) released: String,
    pub(super) cards: Vec<Card>,
}

#[derive(Clone, Debug)]
pub(super) struct Card {
    pub(super) local_id: String,
    pub(super) name: String,
    pub(super) rarity: String,
    pub(super) id_product: Option<u64>,
    pub(super) variants: Variants,
}

#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, named by the source")]
pub(super) struct Variants {
    pub(super) normal: bool,
    pub(super) reverse: bool,
    pub(super) holo: bool,
    pub(super) first_edition: bool,
}

/// Number and name of the cards are invented: only the sets are real ones.
const SETS: [(&str, &str, &str, &str, usize, &str); 6] = [
    ("base1", "Set de Base", "base", "Base", 102, "1999-01-09"),
    ("base2", "Jungle", "base", "Base", 64, "1999-06-16"),
    ("swsh3", "Ténèbres Embrasées", "swsh", "Épée et Bouclier", 189, "2020-08-14"),
    ("sv03.5", "151", "sv", "Écarlate et Violet", 165, "2023-09-22"),
    ("2019sm", "Collection McDonald's 2019", "mc", "Collection McDonald's", 12, "2019-10-15"),
    ("A1", "Puissance Génétique", "tcgp", "Pocket", 30, "2024-10-30"),
];

const NAMES: [&str; 40] = [
    "Bulbizarre",
    "Herbizarre",
    "Florizarre",
    "Salamèche",
    "Reptincel",
    "Dracaufeu",
    "Carapuce",
    "Carabaffe",
    "Tortank",
    "Chenipan",
    "Papilusion",
    "Dardargnan",
    "Roucool",
    "Rattata",
    "Pikachu",
    "Raichu",
    "Nidoran♀",
    "Nidoqueen",
    "Mélofée",
    "Goupix",
    "Feunard",
    "Rondoudou",
    "Nosferapti",
    "Abra",
    "Alakazam",
    "Machoc",
    "Mackogneur",
    "Racaillou",
    "Ponyta",
    "Magnéti",
    "Canarticho",
    "Fantominus",
    "Ectoplasma",
    "Onix",
    "M. Mime",
    "Magicarpe",
    "Léviator",
    "Évoli",
    "Ronflex",
    "Mewtwo",
];
const RARITIES: [&str; 4] = ["Commune", "Peu Commune", "Rare", "Holo Rare"];
const MODERN_SUFFIXES: [&str; 4] = [" V", " VMAX", "-EX", " ex"];

/// The sets that come with the simulator.
pub(super) fn invented() -> Vec<Set> {
    SETS.into_iter().enumerate().map(|(index, set)| invent(index, set)).collect()
}

fn invent(
    index: usize,
    (id, name, series_id, series_name, n_official, released): (&str, &str, &str, &str, usize, &str),
) -> Set {
    let is_old = series_id == "base";
    // New sets have some cards beyond the number that is printed.
    let n_cards = if is_old { n_official } else { n_official + n_official / 12 };
    let cards = (1..=n_cards).map(|number| {
        let base = NAMES[(number * 7 + index * 13) % NAMES.len()];
        let is_special = !is_old && number % 9 == 0;
        let suffix = if is_special { MODERN_SUFFIXES[number / 9 % 4] } else { "" };
        let is_holo = is_special || number % 10 == 4;
        Card {
            // Since 2023 numbers are padded to three digits.
            local_id: if id.starts_with("sv") {
                format!("{number:03}")
            } else {
                number.to_string()
            },
            name: format!("{base}{suffix}"),
            rarity: if is_holo { RARITIES[3] } else { RARITIES[number % 3] }.into(),
            id_product: (number % 25 != 0).then_some((100_000 + index * 1_000 + number) as u64),
            variants: Variants {
                normal: !is_holo,
                reverse: !is_old && !is_holo,
                holo: is_holo,
                first_edition: is_old,
            },
        }
    });
    Set {
        id: id.into(),
        name: name.into(),
        series_id: series_id.into(),
        series_name: series_name.into(),
        n_official,
        released: released.into(),
        cards: cards.collect(),
    }
}

/// Reads sets and cards from a dump of the card database, as `catalogue.import` does.
pub(super) fn from_csv(path: &Path) -> io::Result<Vec<Set>> {
    let dump = read_dump(File::open(path)?).map_err(io::Error::other)?;
    let mut sets: Vec<Set> = dump.sets.iter().map(empty).collect();
    let positions: HashMap<String, usize> =
        sets.iter().enumerate().map(|(index, set)| (set.id.clone(), index)).collect();
    for printing in &dump.cards {
        let cards = &mut sets[positions[&printing.set_id]].cards;
        // The printings of a card follow each other.
        if cards.last().is_none_or(|card| card.local_id != printing.local_id) {
            cards.push(unprinted(printing));
        }
        let variants = &mut cards.last_mut().unwrap().variants;
        match printing.variant {
            Variant::Normal => variants.normal = true,
            Variant::Reverse => variants.reverse = true,
            Variant::Holo => variants.holo = true,
            Variant::FirstEd => variants.first_edition = true,
        }
    }
    Ok(sets)
}

fn empty(set: &cards::card::Set) -> Set {
    Set {
        id: set.id.clone(),
        name: set.name.clone(),
        series_id: set.serie_id.clone(),
        series_name: set.serie_name.clone().unwrap_or_else(|| set.serie_id.clone()),
        n_official: set.card_count_official.map_or(0, |count| count as usize),
        released: set.release_date.map_or_else(String::new, |date| date.to_string()),
        cards: Vec::new(),
    }
}

fn unprinted(card: &cards::Card) -> Card {
    Card {
        local_id: card.local_id.clone(),
        name: card.name.clone(),
        rarity: card.rarity.clone().unwrap_or_default(),
        id_product: card.cardmarket_id.and_then(|id| u64::try_from(id).ok()),
        variants: Variants::default(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_file_becomes_sets() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/catalogue.csv");
        let sets = from_csv(Path::new(path)).unwrap();
        let ids: HashSet<_> = sets
            .iter()
            .flat_map(|set| set.cards.iter().map(|card| (&set.id, &card.local_id)))
            .collect();
        let n_cards: usize = sets.iter().map(|set| set.cards.len()).sum();
        assert_eq!(ids.len(), n_cards, "every card once, however many printings it has");
        assert!(sets.len() > 5 && n_cards > 20);
        let cards = || sets.iter().flat_map(|set| &set.cards);
        assert!(cards().any(|card| card.variants.first_edition && card.variants.holo));
        assert!(cards().any(|card| card.variants.normal && card.variants.reverse));
        assert!(cards().any(|card| card.id_product.is_some()));
    }
}
