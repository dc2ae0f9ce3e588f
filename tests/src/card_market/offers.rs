//! Markets as listings, as a marketplace would show them.

use cards::{BuyingOption, Currency, Listing, Money, Shipping};
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::{Ask, Market};

/// What everybody writes who offers the card.
const PLAIN: &str = "Carte Pokémon Dracaufeu 4/102 Set de Base FR";

/// What a search for the card really brings; about half of it is no offer of it.
const MESSY: [&str; 20] = [
    PLAIN,
    "Dracaufeu 4/102 - Wizards - Édition 2 - Français - Near Mint",
    "DRACAUFEU 4/102 HOLO RARE SET DE BASE 1999 WIZARDS VF NM",
    "Carte Pokemon - Dracaufeu 004/102 - Set de base - FR - Très bon état",
    "Pokémon Dracaufeu 120 PV n°4/102 bloc Wizards sortie de booster",
    "Dracaufeu (4 / 102) édition illimitée, jamais jouée, sans pli",
    "★ Dracaufeu ★ 4/102 carte de ma collection, envoi soigné",
    "Carte Dracaufeu 4/102 excellent état légères traces au dos",
    "Dracaufeu 4/102 Set de base Pokémon très rare card FR original",
    "DRACAUFEU 4/102 BASE SET FR MINT",
    "Dracaufeu 4/102 PSA 9 Set de Base FR Wizards 1999",
    "LOT Dracaufeu 4/102 + Tortank 2/102 + Florizarre 15/102",
    "Charizard 4/102 Base Set Unlimited English Holo",
    "Dracaufeu 4/102 édition 1 - 1ère édition FR Wizards",
    "Carte métal dorée Dracaufeu 4/102 proxy custom",
    "Dracaufeu 6/165 EV3.5 151 FR",
    "リザードン Dracaufeu japonais carte ancienne 1996",
    "Dracaufeu 4/102 mauvais état pliée abîmée",
    "Booster Set de Base scellé illustration Dracaufeu",
    "Carte Pokémon au choix Set de base /102 Dracaufeu Tortank Mewtwo",
];

impl Market {
    /// Listings that every title filter lets pass, as seen at `now`.
    pub fn listings(&self, now: Timestamp) -> Vec<Listing> {
        self.asks.iter().enumerate().map(|(id, ask)| offer(id, ask, PLAIN, now)).collect()
    }

    /// The same asks under titles of all kinds.
    pub fn messy_listings(&self, now: Timestamp) -> Vec<Listing> {
        let asks = self.asks.iter().enumerate();
        asks.map(|(id, ask)| offer(id, ask, MESSY[id % MESSY.len()], now)).collect()
    }
}

fn offer(id: usize, ask: &Ask, title: &str, now: Timestamp) -> Listing {
    let eur = |amount| Money { amount, currency: Currency::EUR };
    Listing {
        item_id: format!("v1|{}|0", 100_000_000_000 + id),
        title: title.to_owned(),
        price: eur(super::trial::eur(ask.log)),
        shipping: Shipping::Fixed(eur(Decimal::ZERO)),
        condition_id: Some("4000".to_owned()),
        condition: Some("Non gradée - Quasi neuf ou mieux".to_owned()),
        seller: format!("seller-{}", ask.seller),
        seller_feedback_score: Some(250),
        country: "FR".parse().ok(),
        buying_options: vec![BuyingOption::FixedPrice, BuyingOption::BestOffer],
        is_variation: false,
        is_sponsored: false,
        listed_at: now.checked_sub(SignedDuration::from_secs_f64(ask.age_days * 86_400.0)).ok(),
        url: None,
    }
}
