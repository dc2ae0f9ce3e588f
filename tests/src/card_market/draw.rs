//! Draws a market.

use super::laws::Draws;
use super::{Ask, Cell, Contamination, Correlation, Kind, Market, Special};
use crate::generate::Random;

/// Contaminated listings of the one-seller kind come from these; others from here on.
const CHEAP_SELLER: usize = 1;
const DEAR_SELLER: usize = 2;
const FIRST_SELLER: usize = 10;

/// Ages of the earlier snapshots, in days.
const SNAPSHOTS: [f64; 3] = [7.0, 14.0, 21.0];

/// Draws the listings of one card; what is fixed per card is kept here.
struct Drawer<'a> {
    cell: &'a Cell,
    draws: Draws,
    /// Middle of the honest asks today.
    middle: f64,
    cheap_centre: f64,
    dear_centre: f64,
    next_seller: usize,
}

impl Market {
    /// The market of one card of this kind, with earlier days and sales.
    pub fn draw(cell: &Cell, seed: u64, card: u64) -> Self {
        let (mut market, mut drawer) = Drawer::market(cell, seed, card);
        let earlier = |age_days| (age_days, drawer.earlier(&market.asks, age_days));
        market.history = SNAPSHOTS.map(earlier).to_vec();
        market.sold = (0..3).map(|_| drawer.sale()).collect();
        market
    }

    /// The same market, today and with its reference only.
    pub fn draw_cold(cell: &Cell, seed: u64, card: u64) -> Self {
        Drawer::market(cell, seed, card).0
    }
}

impl<'a> Drawer<'a> {
    fn market(cell: &'a Cell, seed: u64, card: u64) -> (Market, Self) {
        let mut draws = Draws(Random::new(seed, card));
        let cheap_centre = cheap(&mut draws, &cell.contamination);
        let dear_centre = dear(&mut draws);
        let middle = -cell.law.shape.fifth() * cell.law.sd;
        let next_seller = FIRST_SELLER;
        let mut drawer = Drawer { cell, draws, middle, cheap_centre, dear_centre, next_seller };
        let (asks, reference) = (drawer.today(), drawer.reference());
        (Market { asks, reference, history: Vec::new(), sold: Vec::new() }, drawer)
    }

    fn drift(&self) -> f64 {
        self.cell.special.map_or(0.0, Special::drift)
    }

    fn today(&mut self) -> Vec<Ask> {
        let mut asks: Vec<Ask> = Vec::with_capacity(self.cell.n);
        for _ in 0..self.cell.n {
            let ask = self.ask(&asks, false);
            asks.push(ask);
        }
        asks
    }

    /// The listings as they were `age_days` ago: what is older was there, the rest was other
    /// listings of the same kind. Before a drift, everybody asked the old price.
    fn earlier(&mut self, today: &[Ask], age_days: f64) -> Vec<Ask> {
        let drift = self.drift();
        let mut asks: Vec<Ask> = Vec::with_capacity(today.len());
        for ask in today {
            let was_there = ask.age_days > age_days;
            let back = if ask.kind == Kind::Honest { drift } else { 0.0 };
            let there = Ask { log: ask.log - back, ..*ask };
            let ask = if was_there { there } else { self.ask(&asks, true) };
            asks.push(ask);
        }
        asks
    }

    fn ask(&mut self, others: &[Ask], is_past: bool) -> Ask {
        let drift = if is_past { self.drift() } else { 0.0 };
        let contamination = self.cell.contamination;
        let u = self.draws.uniform();
        let mut ask = if u < contamination.cheap {
            self.contaminated(Kind::Cheap)
        } else if u < contamination.cheap + contamination.dear {
            self.contaminated(Kind::Dear)
        } else {
            self.honest(others, is_past)
        };
        ask.log -= drift;
        ask
    }

    fn contaminated(&mut self, kind: Kind) -> Ask {
        let (centre, seller, age_days) = match kind {
            Kind::Dear => (self.dear_centre, DEAR_SELLER, 90.0),
            _ => (self.cheap_centre, CHEAP_SELLER, 12.0),
        };
        let (distance, seller) = match self.cell.contamination.correlation {
            Correlation::OneSeller => (centre, seller),
            Correlation::OnePrice => (centre + 0.06 * self.draws.normal(), self.seller()),
            Correlation::Independent if kind == Kind::Dear => {
                (dear(&mut self.draws), self.seller())
            }
            Correlation::Independent => {
                (cheap(&mut self.draws, &self.cell.contamination), self.seller())
            }
        };
        let age_days = self.draws.exponential(age_days);
        Ask { log: self.middle + distance, seller, age_days, kind }
    }

    fn honest(&mut self, others: &[Ask], is_past: bool) -> Ask {
        let is_honest = |ask: &&Ask| matches!(ask.kind, Kind::Honest | Kind::Stale);
        let honest: Vec<&Ask> = others.iter().filter(is_honest).collect();
        let age_days = self.draws.exponential(25.0);
        if !honest.is_empty() && self.draws.happens(0.15) {
            let copied = *honest[self.draws.index(honest.len())];
            // The other asks of a past day are at the old level already.
            let level = if is_past { self.drift() } else { 0.0 };
            let log = copied.log + level + self.draws.between(-0.02, 0.02);
            return Ask { log, age_days, ..copied };
        }
        let law = self.cell.law;
        let log = self.middle + law.sd * self.draws.shape(law.shape);
        let seller = self.seller();
        let ask = Ask { log, seller, age_days, kind: Kind::Honest };
        self.special(ask, is_past)
    }

    /// Makes an honest ask one of the other market, where there are two.
    fn special(&mut self, ask: Ask, is_past: bool) -> Ask {
        let Some(special) = self.cell.special else {
            return ask;
        };
        let other = |log: f64| Ask { log: ask.log + log, ..ask };
        let stale = Ask {
            log: ask.log - special.drift(),
            kind: Kind::Stale,
            age_days: ask.age_days + 8.0,
            ..ask
        };
        match special {
            Special::Played if self.draws.happens(0.35) => other(0.5_f64.ln()),
            Special::DearVariant if self.draws.happens(0.35) => other(1.8_f64.ln()),
            Special::CheapVariant if self.draws.happens(0.35) => other(0.55_f64.ln()),
            Special::Doubled if !is_past && self.draws.happens(0.25) => stale,
            Special::Halved if !is_past && self.draws.happens(0.40) => stale,
            _ => ask,
        }
    }

    fn seller(&mut self) -> usize {
        self.next_seller += 1;
        self.next_seller
    }

    /// Trend and averages, which follow a drift slowly.
    fn reference(&mut self) -> Option<[f64; 3]> {
        let bias = self.cell.reference?.ln() + 0.10 * self.draws.normal();
        let drift = self.drift();
        Some([0.5, 0.5, 0.85].map(|lag| bias + 0.04 * self.draws.normal() - lag * drift))
    }

    fn sale(&mut self) -> f64 {
        let is_old = self.draws.happens(0.5);
        let level = if is_old { -self.drift() } else { 0.0 };
        if self.draws.happens(0.10) {
            return level + self.draws.between(0.2, 0.6).ln();
        }
        level - 0.03 + 0.18 * self.draws.normal()
    }
}

fn cheap(draws: &mut Draws, contamination: &Contamination) -> f64 {
    let (low, high) = if contamination.is_near { (0.30, 0.70) } else { (0.03, 0.30) };
    draws.between(low, high).ln()
}

fn dear(draws: &mut Draws) -> f64 {
    draws.between(2.2, 10.5).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card_market::Law;

    fn cell(special: Option<Special>) -> Cell {
        let contamination = Contamination::far(0.10, 0.20, Correlation::OnePrice);
        Cell { law: Law::NORMAL, contamination, special, reference: Some(1.0), n: 20 }
    }

    #[test]
    fn the_same_seed_gives_the_same_market() {
        let cell = cell(Some(Special::Doubled));
        assert_eq!(Market::draw(&cell, 1, 2), Market::draw(&cell, 1, 2));
        assert_ne!(Market::draw(&cell, 1, 2).asks, Market::draw(&cell, 1, 3).asks);
        assert_ne!(Market::draw(&cell, 1, 2).asks, Market::draw(&cell, 2, 2).asks);
    }

    /// Shares of asks below the truth, of cheap and of dear ones, in 1,000 markets.
    #[test]
    fn shares_are_as_stated() {
        let asks: Vec<Ask> =
            (0..1_000).flat_map(|card| Market::draw(&cell(None), 1, card).asks).collect();
        let share = |kind: &[Kind], below: f64| {
            let of_kind = || asks.iter().filter(|ask| kind.contains(&ask.kind));
            let below = of_kind().filter(|ask| ask.log < below).count();
            (of_kind().count() * 100 / asks.len(), below * 100 / of_kind().count())
        };
        assert!(matches!(share(&[Kind::Honest], 0.0), (69..=71, 18..=21)));
        assert!(matches!(share(&[Kind::Cheap], -0.7), (9..=10, 100)));
        assert!(matches!(share(&[Kind::Dear], 0.7), (19..=20, 0)));
    }

    #[test]
    fn before_a_drift_everybody_asked_the_old_price() {
        for (special, old) in [(Special::Doubled, 0.5_f64), (Special::Halved, 2.0)] {
            let cell = Cell { contamination: Contamination::NONE, ..cell(Some(special)) };
            let mut logs: Vec<f64> = (0..200)
                .flat_map(|card| Market::draw(&cell, 1, card).history)
                .flat_map(|(_, asks)| asks)
                .map(|ask| ask.log)
                .collect();
            logs.sort_by(f64::total_cmp);
            let fifth = logs[logs.len() / 5];
            assert!((fifth - old.ln()).abs() < 0.02, "{special:?}: {fifth}");
        }
    }
}
