//! A card and listings for tests.

use rust_decimal::Decimal;

use crate::classify::Target;
use crate::code::Currency;
use crate::listing::{BuyingOption, Listing, Money, Shipping};
use crate::variant::Variant;

pub(crate) fn eur(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(crate) fn money(text: &str) -> Money {
    Money { amount: eur(text), currency: Currency::EUR }
}

/// Dracaufeu 4/102 of the first set, unlimited.
pub(crate) fn dracaufeu() -> Target {
    Target {
        name: "Dracaufeu".to_owned(),
        aliases: vec!["Charizard".to_owned()],
        number: "4".to_owned(),
        total: Some("102".to_owned()),
        set_name: Some("Set de Base".to_owned()),
        variant: Variant::Normal,
        known_variants: vec![Variant::Normal],
    }
}

/// An offer of that card that nothing is wrong with: postage is free.
pub(crate) fn offer(id: usize, price: &str) -> Listing {
    Listing {
        item_id: format!("v1|{id}|0"),
        title: "Carte Pokémon Dracaufeu 4/102 Set de Base FR".to_owned(),
        price: money(price),
        shipping: Shipping::Fixed(money("0")),
        condition_id: Some("4000".to_owned()),
        condition: Some("Non gradée - Quasi neuf ou mieux".to_owned()),
        seller: format!("seller-{id}"),
        seller_feedback_score: Some(250),
        country: "FR".parse().ok(),
        buying_options: vec![BuyingOption::FixedPrice],
        is_variation: false,
        is_sponsored: false,
        listed_at: None,
        url: None,
    }
}

pub(crate) fn titled(title: &str) -> Listing {
    Listing { title: title.to_owned(), ..offer(1, "20") }
}
