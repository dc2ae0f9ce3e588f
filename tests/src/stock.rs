//! A shop's cards: one set of as many as a test wants.

use cards::card::Set;
use cards::{Card, Variant};
use store::Client;
use store::catalogue::{Authority, Incoming, upsert_cards, upsert_sets};

/// Puts cards 1 to `n_cards` of set `set1` of series `base` into the catalogue, all of one name, so
/// that only the number tells them apart.
///
/// # Errors
/// When the database cannot be written.
pub async fn stock(client: &mut Client, n_cards: usize) -> store::Result<()> {
    let set =
        Set { id: "set1".into(), name: "Set".into(), serie_id: "base".into(), ..Set::default() };
    upsert_sets(client, &[set]).await?;
    let cards: Vec<Card> = (1..=n_cards).map(card).collect();
    let incoming: Vec<Incoming<'_>> =
        cards.iter().map(|card| Incoming { card, ebay_query: None }).collect();
    upsert_cards(client, Authority::Shop, &incoming).await?;
    Ok(())
}

fn card(n: usize) -> Card {
    Card {
        tcgdex_id: Card::id_of(&format!("set1-{n}"), Variant::Normal),
        set_id: "set1".into(),
        local_id: n.to_string(),
        name: "Pikachu".into(),
        set_name: "Set".into(),
        card_number_full: Some(format!("{n}/102")),
        is_active: true,
        ..Card::default()
    }
}
