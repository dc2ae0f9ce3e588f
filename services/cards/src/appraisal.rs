//! One card from its listings to its buy price, by the robust rule.

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use crate::buy::{Buy, BuyPrices, buy};
use crate::classify::{Classifier, Rejection, Target};
use crate::config::{ConfigError, PricingConfig};
use crate::landed::{Landed, Rates, land};
use crate::listing::Listing;
use crate::robust::{Ask, Decision, Evidence, Limits, Reason, Stage1, Verdict, Voice};
use crate::robust::{decide, stage1, voices};

/// Appraises cards under one configuration. Make one and keep it: it holds the vocabulary.
#[derive(Clone, Debug)]
pub struct Appraiser {
    config: PricingConfig,
    classifier: Classifier,
}

/// What is known about a card.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    pub target: &'a Target,
    pub listings: &'a [Listing],
    pub rates: &'a Rates,
    pub evidence: &'a Evidence,
    /// The buy prices on show.
    pub paid_before: Option<&'a BuyPrices>,
}

/// What a card is worth. [`crate::explain`] tells it in full.
#[derive(Clone, Debug, PartialEq)]
pub struct Appraisal {
    /// One for each listing, in their order.
    pub listings: Vec<Result<Landed, Rejection>>,
    /// The listings that count, cheapest first.
    pub voices: Vec<Voice>,
    /// To be kept with the snapshot: later days need it as history.
    pub stage1: Option<Stage1>,
    pub decision: Decision,
    /// From the price of the decision, also when that is only a proposal.
    pub buy: Option<Buy>,
}

impl Appraiser {
    /// # Errors
    /// When a value of the configuration is out of range.
    pub fn new(config: PricingConfig) -> Result<Self, ConfigError> {
        config.validate()?;
        let classifier = Classifier::new(&config.classify);
        Ok(Self { config, classifier })
    }

    pub fn config(&self) -> &PricingConfig {
        &self.config
    }

    pub fn appraise(&self, sample: &Sample<'_>) -> Appraisal {
        let config = &self.config;
        let judged = self.classifier.classify(sample.target, sample.listings);
        let landed = land(sample.listings, judged, sample.rates, &config.classify);
        let (places, asks) = asks(sample.listings, &landed);
        let mut voices = voices(&asks, &config.robust);
        for voice in &mut voices {
            voice.ask = places[voice.ask];
        }
        let logs: Vec<f64> = voices.iter().map(|voice| voice.log).collect();
        let stage1 = stage1(&logs, &config.robust);
        let limits = Limits {
            publish_min: config.publish_min(sample.target.has_known_variants()),
            min_value_eur: config.buy.min_card_value_eur,
        };
        let decision = decide(stage1.as_ref(), sample.evidence, &limits, &config.robust);
        let buy = decision.price_eur.map(|price| buy(price, sample.paid_before, &config.buy));
        let decision = unless_below_min(decision, buy.as_ref());
        Appraisal { listings: landed, voices, stage1, decision, buy }
    }
}

/// The asks of accepted listings, and the places of these among all.
fn asks<'a>(
    listings: &'a [Listing],
    landed: &[Result<Landed, Rejection>],
) -> (Vec<usize>, Vec<Ask<'a>>) {
    let accepted = listings.iter().zip(landed).enumerate().filter_map(|(place, pair)| {
        let (listing, Ok(landed)) = pair else {
            return None;
        };
        let ask =
            Ask { eur: landed.near_mint_eur, seller: &listing.seller, item_id: &listing.item_id };
        Some((place, ask))
    });
    accepted.unzip()
}

/// A card that the shop would pay its least price for is not bought.
fn unless_below_min(decision: Decision, buy: Option<&Buy>) -> Decision {
    let is_sold = matches!(decision.verdict, Verdict::Ok | Verdict::LowConf);
    if !is_sold || !buy.is_some_and(|buy| buy.is_below_min) {
        return decision;
    }
    Decision { verdict: Verdict::Disabled, reason: Some(Reason::BuyBelowMin), ..decision }
}
