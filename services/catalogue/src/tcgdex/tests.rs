use super::*;
use crate::Config;

const CARD: &str = r#"{
    "category": "Pokémon", "id": "base1-4", "illustrator": "Mitsuhiro Arita", "localId": "4",
    "name": "Dracaufeu", "rarity": "Rare",
    "set": {"cardCount": {"official": 102, "total": 102}, "id": "base1", "name": "Set de Base"},
    "variants": {"firstEdition": true, "holo": true, "normal": false, "reverse": false,
        "wPromo": false},
    "hp": 120, "updated": "2025-08-16T20:39:54Z",
    "pricing": {
        "cardmarket": {"updated": "2026-08-14T08:02:25.004Z", "unit": "EUR", "idProduct": 273699,
            "avg": 402.79, "trend": 397.58, "avg30": 458.43, "avg-holo": null, "trend-holo": 0},
        "tcgplayer": {"unit": "USD", "holofoil": {"marketPrice": 845.87}}
    }
}"#;

#[test]
fn a_card_is_read() {
    let card: Card = serde_json::from_str(CARD).unwrap();
    assert_eq!((card.id.as_str(), card.local_id.as_str()), ("base1-4", "4"));
    assert_eq!(card.set.card_count.official, 102);
    assert!(card.variants.first_edition && card.variants.holo && !card.variants.reverse);
    let cardmarket = card.cardmarket.unwrap();
    assert_eq!(cardmarket.id_product, Some(273_699));
    assert_eq!(cardmarket.prices.plain.trend.unwrap().to_string(), "397.58");
    assert_eq!(cardmarket.prices.plain.avg1, None);
    assert_eq!(cardmarket.prices.holo, crate::PriceSet::default());
}

#[test]
fn what_may_be_missing_may_be_missing() {
    let json = r#"{"id": "exu-?", "localId": 7, "name": "Zarbi", "rarity": null,
        "set": {"cardCount": {"official": 28, "total": 28}, "id": "exu", "name": "Zarbi"}"#;
    let card: Card = serde_json::from_str(&format!("{json}}}")).unwrap();
    assert_eq!((card.local_id.as_str(), card.cardmarket), ("7", None));
    assert_eq!(card.variants, Variants::default());
    for pricing in ["null", "{}", r#"{"cardmarket": null}"#] {
        let card: Card =
            serde_json::from_str(&format!(r#"{json}, "pricing": {pricing}}}"#)).unwrap();
        assert_eq!(card.cardmarket, None, "{pricing}");
    }
}

#[test]
fn a_set_is_read() {
    let json = r#"{"cardCount": {"firstEd": 102, "holo": 16, "normal": 86, "official": 102,
        "reverse": 0, "total": 102}, "cards": [{"id": "base1-4", "localId": "4",
        "name": "Dracaufeu", "image": "https://x"}], "id": "base1", "name": "Set de Base",
        "legal": {"expanded": false, "standard": false}, "releaseDate": "1999-01-09",
        "serie": {"id": "base", "name": "Base"}, "tcgOnline": "BS"}"#;
    let set: Set = serde_json::from_str(json).unwrap();
    assert_eq!((set.series.id.as_str(), set.cards.len()), ("base", 1));
    assert_eq!(set.release_date.unwrap().to_string(), "1999-01-09");
    assert_eq!(set.tcg_online.as_deref(), Some("BS"));
    let without = json.replace(r#", "tcgOnline": "BS""#, "");
    assert_eq!(serde_json::from_str::<Set>(&without).unwrap().tcg_online, None);
}

#[test]
fn ids_cannot_leave_their_place_in_the_address() {
    for base in ["https://api.tcgdex.net/v2/fr", "https://api.tcgdex.net/v2/fr/"] {
        let client = Client::new(Config { tcgdex_url: base.into(), ..Config::default() }).unwrap();
        let url = |id| client.tcgdex_url(&["cards", id]).unwrap();
        assert_eq!(url("base1-4"), "https://api.tcgdex.net/v2/fr/cards/base1-4");
        assert_eq!(url("exu-?"), "https://api.tcgdex.net/v2/fr/cards/exu-%3F");
        assert_eq!(url("a/b#c%d"), "https://api.tcgdex.net/v2/fr/cards/a%2Fb%23c%25d");
    }
    let config = Config { tcgdex_url: "nowhere".into(), ..Config::default() };
    assert!(matches!(Client::new(config), Err(Error::Invalid(_))));
}
