//! Who is heard.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::evidence::log;
use crate::config::RobustConfig;

/// What somebody asks for the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ask<'a> {
    /// Landed price of a near mint copy. Asks of zero or less are not heard.
    pub eur: Decimal,
    pub seller: &'a str,
    /// Decides between equal asks of one seller, so that their order does not.
    pub item_id: &'a str,
}

/// An ask that counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Voice {
    /// ln EUR.
    pub log: f64,
    /// Its position among the asks.
    pub ask: usize,
}

/// The voices behind asks, cheapest first: of each seller the cheapest asks that really differ.
pub fn voices(asks: &[Ask<'_>], config: &RobustConfig) -> Vec<Voice> {
    let mut voices: Vec<Voice> = asks
        .iter()
        .enumerate()
        .filter_map(|(index, ask)| log(ask.eur).map(|log| Voice { log, ask: index }))
        .collect();
    voices.sort_unstable_by(|one, other| {
        one.log.total_cmp(&other.log).then_with(|| asks[one.ask].cmp(&asks[other.ask]))
    });
    // How often each seller was heard, and the dearest ask that was.
    let mut heard: HashMap<&str, (usize, f64)> = HashMap::with_capacity(voices.len());
    voices.retain(|voice| {
        let (times, dearest) = heard.entry(asks[voice.ask].seller).or_insert((0, f64::MIN));
        let counts =
            *times < config.voices_per_seller && voice.log - *dearest >= config.same_price_log;
        if counts {
            (*times, *dearest) = (*times + 1, voice.log);
        }
        counts
    });
    voices
}
