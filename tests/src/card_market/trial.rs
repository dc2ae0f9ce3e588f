//! Prices markets, and counts how often the price was published and how often it was wrong.

use cards::config::RobustConfig;
use cards::robust::{
    Ask, Decision, Evidence, Limits, PastSnapshot, Stage1, Verdict, decide, reference, stage1,
    voices,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive as _, ToPrimitive as _};

use super::{Market, TRUE_EUR};

/// Prices further from the truth than this are wrong.
const TOLERANCE: f64 = 0.30;

/// What came of many cards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub cards: u32,
    pub published: u32,
    /// Of the published ones.
    pub wrong: u32,
    pub review_reference: u32,
}

/// One card as the rule sees it.
pub struct Card {
    today: Option<Stage1>,
    /// The reference alone.
    cold: Evidence,
    /// With three snapshots and three sales too.
    warm: Evidence,
}

/// The amount that a logarithm stands for, in cents.
///
/// # Panics
/// When it is beyond all money.
pub fn eur(log: f64) -> Decimal {
    Decimal::from_f64(TRUE_EUR * log.exp()).unwrap().round_dp(2)
}

fn statistics(asks: &[super::Ask], config: &RobustConfig) -> Option<Stage1> {
    let sellers: Vec<String> = asks.iter().map(|ask| ask.seller.to_string()).collect();
    let asks: Vec<Ask<'_>> = asks
        .iter()
        .zip(&sellers)
        .map(|(ask, seller)| Ask { eur: eur(ask.log), seller, item_id: "" })
        .collect();
    let logs: Vec<f64> = voices(&asks, config).iter().map(|voice| voice.log).collect();
    stage1(&logs, config)
}

impl Card {
    pub fn of(market: &Market, config: &RobustConfig) -> Self {
        let guide = market.reference.map(|logs| logs.map(|log| Some(eur(log))));
        let reference_eur = guide.and_then(|guide| reference(&guide));
        let past = market.history.iter().filter_map(|(age_days, asks)| {
            let stage1 = statistics(asks, config)?;
            Some(PastSnapshot { age_days: *age_days, stage1 })
        });
        let history: Vec<PastSnapshot> = past.collect();
        let cold = Evidence { reference_eur, ..Evidence::default() };
        // What the newest snapshot alone would have been published at.
        let published_eur = history.first().and_then(|newest| {
            let figures = run(Some(&newest.stage1), &Evidence::default(), 0.0, config).figures?;
            Decimal::from_f64(figures.estimate.exp())
        });
        let sold_eur = market.sold.iter().map(|log| eur(*log)).collect();
        let warm = Evidence { history, sold_eur, published_eur, ..cold.clone() };
        Self { today: statistics(&market.asks, config), cold, warm }
    }

    /// Decides on today's listings and the reference.
    pub fn cold(&self, publish_min: f64, config: &RobustConfig) -> Decision {
        run(self.today.as_ref(), &self.cold, publish_min, config)
    }

    /// The same with snapshots and sales.
    pub fn warm(&self, publish_min: f64, config: &RobustConfig) -> Decision {
        run(self.today.as_ref(), &self.warm, publish_min, config)
    }
}

fn run(
    today: Option<&Stage1>,
    evidence: &Evidence,
    publish_min: f64,
    config: &RobustConfig,
) -> Decision {
    let limits = Limits { publish_min, min_value_eur: Decimal::ZERO };
    decide(today, evidence, &limits, config)
}

impl Tally {
    /// Counts a card that was priced, and published or not.
    pub fn count(&mut self, is_published: bool, price_eur: Option<Decimal>) {
        self.cards += 1;
        if !is_published {
            return;
        }
        self.published += 1;
        let price = price_eur.and_then(|price| price.to_f64()).unwrap_or(0.0);
        self.wrong += u32::from((price / TRUE_EUR - 1.0).abs() > TOLERANCE);
    }

    pub fn decision(&mut self, decision: &Decision) {
        self.count(decision.verdict == Verdict::Ok, decision.price_eur);
        self.review_reference += u32::from(decision.verdict == Verdict::ReviewRef);
    }

    pub fn add(&mut self, other: Self) {
        self.cards += other.cards;
        self.published += other.published;
        self.wrong += other.wrong;
        self.review_reference += other.review_reference;
    }

    /// Share of the cards that was published, 0 to 1.
    pub fn published_share(&self) -> f64 {
        f64::from(self.published) / f64::from(self.cards.max(1))
    }

    /// Share of the published prices that was wrong, 0 to 1.
    pub fn wrong_share(&self) -> f64 {
        f64::from(self.wrong) / f64::from(self.published.max(1))
    }
}
