//! The robust rule on simulated markets: how much it publishes, and how much of that is wrong.

use cards::config::RobustConfig;
use tests::card_market::{Card, Cell, Contamination, Correlation, Law, Market, Special, Tally};

const SEED: u64 = 20_261_122;
const CARDS: u64 = 400;

/// What the rule does with today's listings and the reference alone.
#[derive(Debug, Default)]
struct Cold {
    standard: Tally,
    careful: Tally,
}

fn cold(cells: &[Cell]) -> Cold {
    let config = RobustConfig::default();
    let mut found = Cold::default();
    for (seed, cell) in (SEED..).zip(cells) {
        for card in 0..CARDS {
            let card = Card::of(&Market::draw_cold(cell, seed, card), &config);
            found.standard.decision(&card.cold(config.publish_min_standard, &config));
            found.careful.decision(&card.cold(config.publish_min_careful, &config));
        }
    }
    found
}

/// And what it does with earlier snapshots and sales, at the standard threshold.
fn warm(cells: &[Cell], cards: u64) -> Tally {
    let config = RobustConfig::default();
    let mut found = Tally::default();
    for (seed, cell) in (SEED..).zip(cells) {
        for card in 0..cards {
            let card = Card::of(&Market::draw(cell, seed, card), &config);
            found.decision(&card.warm(config.publish_min_standard, &config));
        }
    }
    found
}

/// 60 of the 360 regular kinds with a usable reference and 12 listings or more: two laws for each
/// contamination and size, so that every law and reference comes equally often.
fn regular_cells() -> Vec<Cell> {
    let references = [0.6, 1.0, 1.6];
    let mut cells = Vec::new();
    for (size, n) in [12, 20, 50].into_iter().enumerate() {
        for (kind, contamination) in Contamination::regular().into_iter().enumerate() {
            for half in 0..2 {
                let law = Law::REGULAR[(kind + 2 * half + size) % 4];
                let reference = Some(references[(kind + half + size) % 3]);
                cells.push(Cell { law, contamination, special: None, reference, n });
            }
        }
    }
    cells
}

#[test]
fn regular_markets_are_published_and_right() {
    let cells = regular_cells();
    assert_eq!(cells.len(), 60);
    let found = cold(&cells);
    assert!(found.standard.published_share() >= 0.88, "{:?}", found.standard);
    assert!(found.standard.wrong_share() <= 0.005, "{:?}", found.standard);
    assert!(found.careful.published_share() >= 0.70, "{:?}", found.careful);
    assert!(found.careful.wrong_share() <= 0.002, "{:?}", found.careful);
}

#[test]
fn history_and_sales_make_more_of_them_right() {
    let found = warm(&regular_cells(), 50);
    assert!(found.published_share() >= 0.90, "{found:?}");
    assert!(found.wrong_share() <= 0.002, "{found:?}");
}

fn narrow(reference: Option<f64>, n: usize) -> Cell {
    let contamination = Contamination::far(0.10, 0.20, Correlation::Independent);
    Cell { law: Law::NARROW, contamination, special: None, reference, n }
}

#[test]
fn a_reference_three_times_off_is_blamed_and_nothing_is_published() {
    for reference in [0.3, 3.0] {
        let found = cold(&[narrow(Some(reference), 50)]).standard;
        assert!(found.published_share() <= 0.02, "{reference}: {found:?}");
        assert!(f64::from(found.review_reference) >= 0.9 * f64::from(found.cards), "{found:?}");
    }
}

#[test]
fn markets_that_are_two_markets_go_to_a_person() {
    let of = |special| Cell { special: Some(special), ..narrow(Some(1.0), 20) };
    let hidden = [Special::Played, Special::CheapVariant].map(of);
    let found = cold(&hidden);
    assert!(found.standard.published_share() <= 0.35, "{:?}", found.standard);
    assert!(found.careful.published_share() <= 0.12, "{:?}", found.careful);
    let moved = [Special::Doubled, Special::Halved].map(of);
    let found = warm(&moved, 200);
    assert!(found.published_share() <= 0.08, "{found:?}");
}

#[test]
fn five_listings_are_published_only_with_other_evidence() {
    let few = [narrow(Some(1.0), 5)];
    let (alone, with_more) = (cold(&few).standard, warm(&few, CARDS));
    assert!(alone.published_share() <= 0.15, "{alone:?}");
    assert!(with_more.published_share() >= 0.45, "{with_more:?}");
}
