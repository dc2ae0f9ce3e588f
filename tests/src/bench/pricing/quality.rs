//! How much each rule publishes, and how much of that is wrong.

use std::fmt::Write as _;

use cards::card::{Card as Catalogued, Cardmarket, NumberFormat};
use cards::classic::{self, Valuation};
use cards::config::{PricingConfig, RobustConfig};
use cards::landed::Rates;

use super::NOW;
use crate::card_market::{Card, Cell, Market, Tally, eur};

const SEED: u64 = 7_042;
const REFERENCES: [(&str, Option<f64>); 6] = [
    ("× 0.3", Some(0.3)),
    ("× 0.6", Some(0.6)),
    ("× 1", Some(1.0)),
    ("× 1.6", Some(1.6)),
    ("× 3", Some(3.0)),
    ("none", None),
];
const SIZES: [usize; 5] = [5, 8, 12, 20, 50];

/// The rules side by side.
#[derive(Default)]
struct Rules {
    classic: Tally,
    standard: Tally,
    standard_warm: Tally,
    careful: Tally,
    careful_warm: Tally,
}

/// Regular markets by the error of the reference and the number of listings, `cards` of each kind.
pub(super) fn table(cards: u64) -> String {
    let mut text = format!(
        "\nPricing rules on {} markets for each line: published % / wrong % of the published. \
         Warm is with three earlier snapshots and three sales.\n\n\
         | reference | listings | classic | standard | standard, warm | careful | careful, warm | \
         `REVIEW_REF` %, standard |\n|---|---|---|---|---|---|---|---|\n",
        40 * cards,
    );
    for (name, reference) in REFERENCES {
        for n in SIZES {
            let rules = measure(&Cell::regular(&[reference], &[n]), cards);
            writeln!(text, "{}", line(name, n, &rules)).unwrap();
        }
    }
    text
}

fn line(name: &str, n: usize, rules: &Rules) -> String {
    let columns =
        [rules.classic, rules.standard, rules.standard_warm, rules.careful, rules.careful_warm]
            .map(|tally| {
                let (published, wrong) = (tally.published_share(), tally.wrong_share());
                format!("{:.0} / {:.2}", 100.0 * published, 100.0 * wrong)
            })
            .join(" | ");
    let standard = rules.standard;
    let blamed = 100.0 * f64::from(standard.review_reference) / f64::from(standard.cards);
    format!("| {name} | {n} | {columns} | {blamed:.0} |")
}

fn measure(cells: &[Cell], cards: u64) -> Rules {
    let config = PricingConfig::default();
    let RobustConfig { publish_min_standard: standard, publish_min_careful: careful, .. } =
        config.robust;
    let mut rules = Rules::default();
    for (seed, cell) in (SEED..).zip(cells) {
        for card in 0..cards {
            let market = Market::draw(cell, seed, card);
            let card = Card::of(&market, &config.robust);
            rules.standard.decision(&card.cold(standard, &config.robust));
            rules.standard_warm.decision(&card.warm(standard, &config.robust));
            rules.careful.decision(&card.cold(careful, &config.robust));
            rules.careful_warm.decision(&card.warm(careful, &config.robust));
            let valuation = classic(&market, &config);
            let price = valuation.anchor.as_ref().map(|anchor| anchor.eur);
            rules.classic.count(is_published(&valuation, &config), price);
        }
    }
    rules
}

/// The classic rule, which knows no snapshots but the anchor before.
fn classic(market: &Market, config: &PricingConfig) -> Valuation {
    let guide = market.reference.map(|logs| logs.map(eur));
    let [trend, avg7, avg30] = guide.map_or([None; 3], |guide| guide.map(Some));
    let card = Catalogued {
        name: "Dracaufeu".to_owned(),
        local_id: "4".to_owned(),
        card_number_full: Some("4/102".to_owned()),
        card_number_format: NumberFormat::LocalTotal,
        cardmarket: Cardmarket { trend, avg1: None, avg7, avg30 },
        ..Catalogued::default()
    };
    let listings = market.listings(NOW);
    let market = classic::Market {
        listings: &listings,
        active_count: listings.len() as u64,
        rates: &Rates::default(),
        now: NOW,
    };
    classic::value(&card, &market, None, config)
}

/// With all the points for an anchor that did not move, so that no history counts against it.
fn is_published(valuation: &Valuation, config: &PricingConfig) -> bool {
    let confidence = valuation.confidence.unwrap_or_default();
    confidence.total() - confidence.stability + 10 >= config.classic.min_confidence
}
