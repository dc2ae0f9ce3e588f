//! Titles as sellers write them.

use crate::generate::Random;

use super::kind::Kind;
use super::market::{Offer, Subject};

/// eBay cuts what is longer.
const MAX_TITLE_CHARS: usize = 80;

const OPENINGS: [&str; 6] = ["Carte Pokémon", "Pokémon", "Carte", "POKEMON", "Carte Pokemon", ""];
const STATES: [&str; 8] = ["NM", "Near Mint", "Excellent état", "neuve", "", "TBE", "Mint", "EX"];
const PLAYED: [&str; 5] = ["jouée", "Bon état", "état moyen", "Played", "abîmée"];
const LANGUAGES: [&str; 6] = ["FR", "Française", "VF", "Français", "fr", ""];
const SLABS: [&str; 6] = ["PSA 10", "PSA 9", "PCA 9.5", "CGC 9", "PSA 8", "Gradée PCA 10"];
const LOTS: [&str; 5] = ["Lot de 10 cartes", "Lot", "x4", "Playset x4", "Bundle 20 cartes"];
const PROXIES: [&str; 5] = ["Proxy", "Orica", "Custom", "Carte dorée métal", "Fan art"];
const FOREIGN: [&str; 6] = ["Japonaise", "JAP", "English", "Anglaise", "Deutsch", "Italienne"];
const SEALED: [&str; 4] = ["Booster scellé", "Code en ligne", "Pièce", "Tin Box scellée"];

/// The title of an offer. It holds all words of the query, as a search demands.
pub(super) fn title(subject: &Subject, offer: &Offer) -> String {
    let mut random = Random::new(offer.wording, 1);
    let random = &mut random;
    let (name, number) = (subject.name.as_str(), subject.number.as_str());
    let (opening, language) = (random.pick(&OPENINGS), random.pick(&LANGUAGES));
    let state = random.pick(&STATES);
    let words = match offer.kind {
        Kind::Honest | Kind::Dream => vec![opening, name, number, state, language],
        Kind::Played => vec![opening, name, number, random.pick(&PLAYED), language],
        Kind::Slab => vec![opening, name, number, random.pick(&SLABS), language],
        Kind::Lot => vec![random.pick(&LOTS), opening, name, number, language],
        Kind::Proxy => vec![opening, name, number, random.pick(&PROXIES)],
        Kind::Reverse => vec![opening, name, number, "Reverse", state, language],
        Kind::FirstEdition => vec![opening, name, number, "Édition 1", state, language],
        Kind::Foreign => vec![opening, name, number, random.pick(&FOREIGN), state],
        Kind::OtherNumber => vec![opening, name, "7/64", state, language],
        Kind::Variation => vec![opening, name, "au choix", number, language],
        Kind::Sealed => vec![random.pick(&SEALED), opening, name, number],
    };
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(MAX_TITLE_CHARS).collect()
}

const TOWNS: [&str; 12] = [
    "lyon", "paris", "lille", "nantes", "brest", "nice", "tours", "metz", "dijon", "rouen", "caen",
    "pau",
];
const TRADES: [&str; 10] =
    ["cartes", "cards", "poke", "collection", "tcg", "boutique", "shop", "coin_du_", "la_", "ed_"];

/// The name of a seller.
pub(super) fn seller_name(seller: u64) -> String {
    let mut random = Random::new(seller, 11);
    format!("{}{}{seller}", random.pick(&TRADES), random.pick(&TOWNS))
}

/// How many buyers have judged a seller; some are new.
pub(super) fn feedback_score(seller: u64) -> i64 {
    let mut random = Random::new(seller, 12);
    random.quantile(&[(0, 0), (60, 9), (300, 150), (700, 1_500), (950, 12_000), (1_000, 90_000)])
}
