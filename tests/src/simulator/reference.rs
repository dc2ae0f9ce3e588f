//! `TCGdex`, Cardmarket's price guide, and the ECB's rates.

use std::collections::HashMap;

use jiff::{Timestamp, ToSpan as _, civil::Weekday, tz::TimeZone};
use serde_json::{Value, json};

use crate::generate::Random;

use super::cards::{Card, Set};
use super::draw::normal;
use super::http::Reply;
use super::market::Market;

/// Of a thousand products, how many Cardmarket has wrong by a factor of three.
const WRONG: u64 = 25;
/// Of a thousand products, how many have no trend.
const WITHOUT_TREND: u64 = 20;

/// Everything that is not eBay's.
#[derive(Debug)]
pub(super) struct Reference {
    sets: Vec<Set>,
    /// Set and card by the card's id.
    cards: HashMap<String, (usize, usize)>,
}

impl Reference {
    pub(super) fn new(sets: Vec<Set>) -> Reference {
        let mut cards = HashMap::new();
        for (set_index, set) in sets.iter().enumerate() {
            for (card_index, card) in set.cards.iter().enumerate() {
                cards.insert(format!("{}-{}", set.id, card.local_id), (set_index, card_index));
            }
        }
        Reference { sets, cards }
    }

    /// What `TCGdex` answers below its version and language.
    pub(super) fn tcgdex(&self, path: &str, market: &Market, now: Timestamp) -> Reply {
        let (kind, id) = path.split_once('/').unwrap_or((path, ""));
        let found = match (kind, id) {
            ("series", "") => Some(self.all_series()),
            ("series", id) => self.series(id),
            ("sets", "") => Some(self.sets.iter().map(set_brief).collect()),
            ("sets", id) => self.sets.iter().find(|set| set.id == id).map(set_json),
            ("cards", id) => self.cards.get(id).map(|(set_index, card_index)| {
                let set = &self.sets[*set_index];
                card_json(set, &set.cards[*card_index], market, now)
            }),
            _ => None,
        };
        match found {
            Some(json) => Reply::json(200, json.to_string()),
            None => Reply::of(
                "application/problem+json",
                404,
                r#"{"title":"The resource was not found","status":404}"#,
            ),
        }
    }

    fn all_series(&self) -> Value {
        let mut seen = Vec::new();
        for set in &self.sets {
            if !seen.iter().any(|(id, _)| *id == &set.series_id) {
                seen.push((&set.series_id, &set.series_name));
            }
        }
        seen.into_iter().map(|(id, name)| json!({"id": id, "name": name})).collect()
    }

    fn series(&self, id: &str) -> Option<Value> {
        let sets: Vec<_> = self.sets.iter().filter(|set| set.series_id == id).collect();
        let name = &sets.first()?.series_name;
        let sets: Vec<_> = sets.into_iter().map(set_brief).collect();
        Some(json!({"id": id, "name": name, "sets": sets}))
    }

    /// Cardmarket's file: every card that has a product, and other products up to `n_entries`.
    pub(super) fn price_guide(&self, market: &Market, n_entries: usize, now: Timestamp) -> String {
        let cards = self.sets.iter().flat_map(|set| &set.cards);
        let mut entries: Vec<_> = cards
            .filter_map(|card| Some(entry(card.id_product?, true_price(market, card)).to_string()))
            .collect();
        for index in entries.len()..n_entries {
            entries.push(entry(10_000_000 + index as u64, 3.0).to_string());
        }
        let created_at = now.to_zoned(TimeZone::get("Europe/Berlin").unwrap());
        format!(
            r#"{{"version":1,"createdAt":"{}","priceGuides":[{}]}}"#,
            created_at.strftime("%Y-%m-%dT02:49:07%z"),
            entries.join(","),
        )
    }
}

fn true_price(market: &Market, card: &Card) -> f64 {
    market.true_price(&card.name, &card.local_id)
}

fn set_brief(set: &Set) -> Value {
    json!({
        "id": set.id,
        "name": set.name,
        "cardCount": {"official": set.n_official, "total": set.cards.len().max(set.n_official)},
    })
}

fn set_json(set: &Set) -> Value {
    let cards: Vec<_> = set
        .cards
        .iter()
        .map(|card| {
            let id = format!("{}-{}", set.id, card.local_id);
            json!({"id": id, "localId": card.local_id, "name": card.name})
        })
        .collect();
    let mut json = set_brief(set);
    json["cards"] = cards.into();
    json["releaseDate"] = set.released.as_str().into();
    json["serie"] = json!({"id": set.series_id, "name": set.series_name});
    json["legal"] = json!({"expanded": false, "standard": false});
    // Not every set has one.
    if let Some(code) = online_code(&set.id) {
        json["tcgOnline"] = code.into();
    }
    json
}

fn online_code(set_id: &str) -> Option<&'static str> {
    match set_id {
        "base1" => Some("BS"),
        "swsh3" => Some("DAA"),
        _ => None,
    }
}

fn card_json(set: &Set, card: &Card, market: &Market, now: Timestamp) -> Value {
    let pricing = card.id_product.map(|id_product| {
        let mut figures = entry(id_product, true_price(market, card));
        figures["unit"] = "EUR".into();
        figures["updated"] = now.strftime("%Y-%m-%dT02:49:07.000Z").to_string().into();
        figures
    });
    json!({
        "id": format!("{}-{}", set.id, card.local_id),
        "localId": card.local_id,
        "name": card.name,
        "category": "Pokémon",
        "rarity": card.rarity,
        "set": set_brief(set),
        "variants": {
            "normal": card.variants.normal,
            "reverse": card.variants.reverse,
            "holo": card.variants.holo,
            "firstEdition": card.variants.first_edition,
            "wPromo": false,
        },
        "updated": "2026-01-01T00:00:00Z",
        "pricing": {"cardmarket": pricing, "tcgplayer": null},
    })
}

/// A product's figures: near the truth, mostly.
fn entry(id_product: u64, true_price: f64) -> Value {
    let mut random = Random::new(id_product, 5);
    let wrong = if random.per_mille(WRONG) { random.pick(&[1.0 / 3.0, 3.0]) } else { 1.0 };
    let center = true_price * wrong * (0.12 * normal(&mut random)).exp();
    let mut near = |spread: f64| -> Value {
        let price = center * (spread * normal(&mut random)).exp();
        ((price * 100.0).round() / 100.0).into()
    };
    let mut json = json!({
        "idProduct": id_product,
        "idCategory": 51,
        "avg": near(0.05),
        "low": near(0.3),
        "trend": near(0.03),
        "avg1": near(0.15),
        "avg7": near(0.08),
        "avg30": near(0.05),
        "avg-holo": near(0.3),
        "low-holo": null,
        "trend-holo": 0,
        "avg1-holo": 0,
        "avg7-holo": near(0.3),
        "avg30-holo": near(0.2),
    });
    if random.per_mille(WITHOUT_TREND) {
        json["trend"] = Value::Null;
    }
    json
}

const RATES: [(&str, &str); 6] = [
    ("USD", "1.0870"),
    ("JPY", "163.45"),
    ("GBP", "0.8547"),
    ("CHF", "0.9432"),
    ("PLN", "4.2650"),
    ("CAD", "1.4905"),
];

/// The ECB's file of the last working day.
pub(super) fn rates(now: Timestamp) -> Reply {
    let mut date = now.to_zoned(TimeZone::UTC).date();
    while matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) {
        date -= 1.day();
    }
    let cubes =
        RATES.map(|(currency, rate)| format!("<Cube currency='{currency}' rate='{rate}'/>"));
    let cubes = cubes.join("\n\t\t\t");
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gesmes:Envelope xmlns:gesmes=\
         \"http://www.gesmes.org/xml/2002-08-01\" xmlns=\
         \"http://www.ecb.int/vocabulary/2002-08-01/eurofxref\">\n\t<Cube>\n\t\t<Cube \
         time='{date}'>\n\t\t\t{cubes}\n\t\t</Cube>\n\t</Cube>\n</gesmes:Envelope>\n"
    );
    Reply::of("text/xml", 200, xml)
}
