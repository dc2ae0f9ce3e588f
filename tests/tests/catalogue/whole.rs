//! A whole catalogue. `CATALOGUE_CSV` names a dump of the card database; without it, a small one of
//! our own is written.

use std::fs::File;
use std::time::Instant;

use cards::import::read_dump;
use settings::{Environment, Source};
use store::batches::{self, Scope};
use store::catalogue::{self, Authority};

use crate::Shop;

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/catalogue.csv");

#[expect(clippy::print_stdout, reason = "says what was tested, and how long it took")]
fn say(what: &str, since: Instant) {
    println!("{what} in {:.0?}", since.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_catalogue_is_written_once() {
    let path = Environment.get("CATALOGUE_CSV").unwrap_or_else(|| FIXTURE.to_owned());
    let dump = read_dump(File::open(&path).unwrap()).unwrap();
    let n_cards = dump.cards.len() as u64;
    let shop = Shop::new().await;
    let start = Instant::now();
    assert_eq!(shop.upsert_sets(&dump.sets).await, [dump.sets.len() as u64, 0, 0]);
    assert_eq!(shop.upsert(Authority::Source, &dump.cards).await, [n_cards, 0, 0]);
    say(&format!("{n_cards} cards of {path}"), start);
    let start = Instant::now();
    assert_eq!(shop.upsert(Authority::Source, &dump.cards).await, [0, 0, n_cards]);
    say("the same again", start);

    let client = shop.client().await;
    let start = Instant::now();
    let inputs = batches::plan_inputs(&client, Scope::default()).await.unwrap();
    say("inputs of a plan", start);
    assert_eq!(inputs.len() as u64, n_cards);
    assert!(inputs.is_sorted_by_key(|input| input.card_id));
    let first = &dump.cards[0];
    let stored = shop.find(&first.tcgdex_id).await;
    assert_eq!(&stored.card, first);
    let of_set = Scope { set_id: Some(&first.set_id), ..Scope::default() };
    let of_set = batches::plan_inputs(&client, of_set).await.unwrap();
    let expected = dump.cards.iter().filter(|card| card.set_id == first.set_id).count();
    assert_eq!(of_set.len(), expected);
    assert_eq!(catalogue::keys(&client).await.unwrap().len() as u64, n_cards);
}
