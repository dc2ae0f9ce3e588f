use std::collections::HashSet;

use super::*;

const DAY: i64 = 20_000;

fn market() -> Market {
    Market { seed: 1, places: Some(300) }
}

fn ids(market: &Market, subject: &Subject, day: i64) -> HashSet<String> {
    market.offers(subject, day).map(|offer| offer.item_id()).collect()
}

#[test]
fn the_same_seed_gives_the_same_market() {
    let subject = market().subject("Dracaufeu 4/102");
    assert_eq!((subject.name.as_str(), subject.number.as_str()), ("Dracaufeu", "4/102"));
    let prices = |market: Market| {
        let subject = market.subject("Dracaufeu 4/102");
        market.offers(&subject, DAY).map(|offer| offer.price_cents).collect::<Vec<_>>()
    };
    assert_eq!(prices(market()), prices(market()));
    assert_ne!(prices(market()), prices(Market { seed: 2, ..market() }));
}

#[test]
fn the_number_is_found_in_any_query() {
    for (query, number) in [
        ("Dracaufeu 4/102", "4/102"),
        ("Porygon2 137/165 edition 1", "137/165"),
        ("Pikachu SWSH020", "SWSH020"),
        ("Zarbi", ""),
    ] {
        assert_eq!(market().subject(query).number, number);
    }
    assert_eq!(market().subject("(Dracaufeu, Charizard) 4/102").name, "Dracaufeu");
}

#[test]
fn a_price_follows_the_card_however_its_number_is_written() {
    let price = |name, number| market().true_price(name, number);
    assert!((price("Dracaufeu", "4/102") - price("Dracaufeu", "004/102")).abs() < 1e-9);
    assert!((price("Mega Dracaufeu EX", "4") - price("M Dracaufeu-EX", "4/106")).abs() < 1e-9);
    assert!((price("Dracaufeu", "4/102") - price("Dracaufeu", "5/102")).abs() > 1e-9);
}

#[test]
fn honest_sellers_ask_around_the_true_price() {
    let market = market();
    let subject = market.subject("Dracaufeu 4/102");
    let offers = market.offers(&subject, DAY).filter(|offer| offer.kind == Kind::Honest);
    let mut cents: Vec<_> = offers.map(|offer| offer.price_cents).collect();
    cents.sort_unstable();
    assert!((100..220).contains(&cents.len()), "about half of 300: {}", cents.len());
    let median = cents[cents.len() / 2];
    let expected = whole(subject.true_price * 105.0);
    assert!(median.abs_diff(expected) * 8 < expected, "{median} cents, expected {expected}");
}

#[test]
fn most_listings_come_from_a_seller_seen_before() {
    let market = market();
    let subject = market.subject("Dracaufeu 4/102");
    let sellers: HashSet<_> = market.offers(&subject, DAY).map(|offer| offer.seller).collect();
    assert!((50..150).contains(&sellers.len()), "{} sellers of 300 listings", sellers.len());
}

#[test]
fn listings_vanish_and_others_come() {
    let market = market();
    let subject = market.subject("Dracaufeu 4/102");
    let today = ids(&market, &subject, DAY);
    assert_eq!(today.len(), 300, "all ids differ");
    let tomorrow = ids(&market, &subject, DAY + 1);
    let n_vanished = today.difference(&tomorrow).count();
    assert!((1..60).contains(&n_vanished), "{n_vanished} a day");
    assert_eq!(tomorrow.len(), 300);
}

#[test]
fn the_fate_of_a_listing_is_known_and_stays() {
    let market = market();
    let subject = market.subject("Dracaufeu 4/102");
    let (mut n_sold, mut n_ended, mut n_gone) = (0, 0, 0);
    for offer in market.offers(&subject, DAY) {
        let id = ItemId::parse(&offer.item_id()).unwrap();
        assert_eq!(id.subject_id, subject.id);
        let Fate::Running(same) = market.fate(id, &subject, DAY) else { panic!("it runs") };
        assert_eq!((same.price_cents, same.seller), (offer.price_cents, offer.seller));
        match market.fate(id, &subject, DAY + 121) {
            Fate::Running(_) => panic!("no listing lasts so long"),
            Fate::Over { is_sold, days_ago, offer: same } => {
                assert_eq!(same.price_cents, offer.price_cents);
                assert!((0..=121).contains(&days_ago), "{days_ago}");
                n_sold += i32::from(is_sold);
                n_ended += i32::from(!is_sold);
            }
            Fate::Gone => n_gone += 1,
        }
    }
    assert!(n_sold > n_ended && n_ended > 10 && n_gone > 10, "{n_sold}, {n_ended}, {n_gone}");
}

#[test]
fn an_id_that_nobody_gave_is_none() {
    assert_eq!(ItemId::parse("334691749565"), None);
    assert_eq!(ItemId::parse("v1|x|0"), None);
    let subject = market().subject("x");
    let far = ItemId { subject_id: subject.id, place: 2_999, turn: 0 };
    assert!(matches!(market().fate(far, &subject, DAY), Fate::Gone));
}
