//! Who is heard.

use std::collections::HashMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

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
    let mut order: Vec<usize> = (0..asks.len()).collect();
    order.sort_unstable_by_key(|index| asks[*index]);
    let mut heard: HashMap<&str, Vec<f64>> = HashMap::with_capacity(asks.len());
    let mut voices = Vec::with_capacity(asks.len());
    for index in order {
        let ask = asks[index];
        let Some(log) = ask.eur.to_f64().filter(|eur| *eur > 0.0).map(f64::ln) else {
            continue;
        };
        let earlier = heard.entry(ask.seller).or_default();
        let differs = earlier.iter().all(|other| log - other >= config.same_price_log);
        if differs && earlier.len() < config.voices_per_seller {
            earlier.push(log);
            voices.push(Voice { log, ask: index });
        }
    }
    voices
}
