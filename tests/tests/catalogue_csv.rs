//! A whole catalogue: read, given queries, and planned. `CATALOGUE_CSV` names a dump of the card
//! database; without it, a small one of our own is read.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

use std::collections::HashSet;
use std::fs::File;
use std::time::Instant;

use cards::card::{Card, Hidden, NumberFormat};
use cards::import::{Dump, Format, read_dump};
use cards::plan::{Candidate, Limits, PlanConfig, Waits, plan};
use cards::{Variant, query};
use jiff::Timestamp;
use settings::{Environment, Source};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/catalogue.csv");

#[expect(clippy::print_stdout, reason = "says what was tested, and how long it took")]
fn say(text: &str) {
    println!("{text}");
}

fn catalogue() -> Dump {
    let path = Environment.get("CATALOGUE_CSV").unwrap_or_else(|| {
        say("CATALOGUE_CSV is not set: the catalogue is a small one of our own");
        FIXTURE.to_owned()
    });
    read(&path)
}

fn read(path: &str) -> Dump {
    let start = Instant::now();
    let dump = read_dump(File::open(path).unwrap()).unwrap();
    say(&format!(
        "{} sets, {} cards, {} bad lines in {:.0?}",
        dump.sets.len(),
        dump.cards.len(),
        dump.bad_lines.len(),
        start.elapsed()
    ));
    dump
}

#[test]
fn every_line_becomes_cards_with_ids_of_their_own() {
    let dump = catalogue();
    assert_eq!(dump.bad_lines, [], "bad lines");
    let ids: HashSet<_> = dump.cards.iter().map(|card| &card.tcgdex_id).collect();
    assert_eq!(ids.len(), dump.cards.len(), "ids that are used twice");
    let sets: HashSet<_> = dump.sets.iter().map(|set| &set.id).collect();
    assert_eq!(sets.len(), dump.sets.len(), "sets that are made twice");
    assert!(dump.cards.iter().all(|card| sets.contains(&card.set_id)));
    // Every row is counted, and has a variant at least.
    let n_rows: u32 = dump.sets.iter().filter_map(|set| set.card_count).sum();
    let sources: HashSet<_> = dump.cards.iter().map(Card::source_id).collect();
    assert_eq!(sources.len(), n_rows as usize);
    let of = |variant| dump.cards.iter().filter(|card| card.variant == variant).count();
    say(&format!("variants: {:?}", Variant::ALL.map(|variant| (variant, of(variant)))));
    assert!(Variant::ALL.iter().all(|variant| of(*variant) > 0));
}

#[test]
fn every_card_can_be_asked_for() {
    let dump = catalogue();
    let start = Instant::now();
    let mut longest = 0;
    let hidden = Hidden::default();
    let mut unsearchable = 0;
    for card in &dump.cards {
        let serie = dump.sets.iter().find(|set| set.id == card.set_id).map(|set| &set.serie_id);
        let Some(query) = query::build(card) else {
            unsearchable += 1;
            assert!(hidden.hides(serie.unwrap(), &card.set_id), "no query for {card:?}");
            continue;
        };
        let n_chars = query.chars().count();
        longest = longest.max(n_chars);
        assert!(n_chars <= query::MAX_CHARS, "{query}");
        assert!(!query.contains(['"', '-', '(', ')', ',', '[', ']', 'δ', '☆', '♀']), "{query}");
        if let Some(full) = card.effective_number_full().filter(|full| !full.contains('%')) {
            let has_number = card.card_number_format != NumberFormat::LocalTotal
                || query.split(' ').any(|word| word == full);
            assert!(has_number, "{full} is not in {query}");
        }
        let target = card.target(&[card.variant]);
        assert!(!target.number.is_empty() && !target.name.is_empty());
    }
    say(&format!(
        "{} queries in {:.0?}, the longest of {longest} characters, {unsearchable} without a name",
        dump.cards.len(),
        start.elapsed()
    ));
}

#[test]
fn the_catalogue_is_planned_without_its_hidden_series() {
    let dump = catalogue();
    let hidden = Hidden::default();
    let is_hidden = |card: &Card| {
        let set = dump.sets.iter().find(|set| set.id == card.set_id).unwrap();
        hidden.hides(&set.serie_id, &set.id)
    };
    let candidates: Vec<_> = dump
        .cards
        .iter()
        .map(|card| Candidate {
            is_active: card.is_active,
            is_hidden: is_hidden(card),
            reference_eur: card.cardmarket.max(),
            calls: 1,
            ..Candidate::default()
        })
        .collect();
    let limits =
        Limits { budget_calls: 10, max_cards: None, calls_per_day: 10, waits: Waits::Kept };
    let start = Instant::now();
    let plan = plan(&candidates, &limits, &PlanConfig::default(), Timestamp::UNIX_EPOCH);
    say(&format!("planned in {:.1?}: {:?}", start.elapsed(), plan.counts));
    assert_eq!((plan.calls, plan.counts.picked), (10, 10));
    assert!(plan.counts.hidden > 0);
    assert!(plan.due.iter().all(|due| !candidates[due.place].is_hidden));
    // Ten today, and ten a day until all have had their turn.
    let n_days = (plan.due.len() - 10).div_ceil(10);
    assert_eq!(plan.days_until_fresh, u32::try_from(n_days).ok());
}

#[test]
fn the_small_catalogue_gets_these_queries() {
    let dump = read(FIXTURE);
    let query = |id: &str| {
        let card = dump.cards.iter().find(|card| card.tcgdex_id == id);
        query::build(card.unwrap_or_else(|| panic!("{id} is not in the fixture"))).unwrap()
    };
    for (id, expected) in [
        ("vx1-4-HOLO", "Salabraise 4/62"),
        ("vx1-4-FIRST_ED", "Salabraise 4/62 edition 1"),
        ("vx1-28-NORMAL", "Nidorond 28/62"),
        ("vx1-40-NORMAL", "M. Grimace 40/62"),
        ("vx1-58-NORMAL", "Et voilà la Team Éclipse ! 58/62"),
        ("ml4-1-REVERSE", "Cactéclair 1/95"),
        ("ml4-17-HOLO", "Mentalou 17/95"),
        ("ml4-18-HOLO", "Dracorail 18/95"),
        ("ml4-44-NORMAL", "Luminel 44/95"),
        ("ml4-45-NORMAL", "Ténébrosse 45/95"),
        ("ml4-93-HOLO", "Astrolux Niv.X 93/95"),
        ("ml4-95-HOLO", "Séisme & Tempête LÉGENDE haut 95/95"),
        ("ml4-96-HOLO", "Machine Ancienne Glace 96/95"),
        ("ml4-SL7-HOLO", "Griffelune SL7"),
        ("ml4-12a-NORMAL", "Pélicandre 12a/95"),
        ("alpha-%3F-HOLO", "Signome ?/28"),
        ("rc6-76-HOLO", "Mega Dracorail EX 76/108"),
        ("rc6-RC1-NORMAL", "Pétalou RC1/RC25"),
        ("rc6-91-NORMAL", "Potion Super 91/108"),
        ("rc9tg-TG01-HOLO", "Goupillune TG01/TG30"),
        ("nf03-004-HOLO", "Salabraise ex 004/088"),
        ("nf03-100-HOLO", "Salabraise ex 100/088"),
        ("nf03-031-NORMAL", "Mini Volt 031/088"),
        ("nfp-NF021-HOLO", "Dracorail VMAX NF021 promo"),
        ("nf04-01-NORMAL", "Tidecaller 01/64"),
        ("nf04-04-NORMAL", "Hôtel Au repos des Voyageurs 04/64"),
        ("nf04-05-NORMAL", "Lame d'Air la Vive 05/64"),
    ] {
        assert_eq!(query(id), expected, "{id}");
    }
    assert_eq!(Format::detect(&std::fs::read(FIXTURE).unwrap()), Format::Dump);
}
