//! The verdict on a card.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;

use super::evidence::log;
use super::weigh::{Weighed, weigh};
use super::{Decision, Evidence, Reason, Stage1, Verdict};
use crate::config::RobustConfig;

/// What the shop asks of a price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Score from which a price is published; see [`crate::config::PricingConfig::publish_min`].
    pub publish_min: f64,
    /// Cards below are not bought.
    pub min_value_eur: Decimal,
}

/// Decides on a card. `today` is `None` when there are no voices.
pub fn decide(
    today: Option<&Stage1>,
    evidence: &Evidence,
    limits: &Limits,
    config: &RobustConfig,
) -> Decision {
    let Some(today) = today.filter(|today| today.group >= config.min_group) else {
        return without_group(evidence);
    };
    let weighed = weigh(today, evidence, config);
    let figures = weighed.figures;
    let published = evidence.published_eur.and_then(log);
    let (verdict, reason) = verdict(&weighed, published, limits, config);
    let price = floor_to_cents(figures.price);
    let suspends = matches!(verdict, Verdict::Review | Verdict::ReviewRef)
        && published.is_some_and(|published| figures.price < published - config.suspend_log);
    let sells = matches!(verdict, Verdict::Ok | Verdict::LowConf);
    let is_cheap = sells && price.is_some_and(|price| price < limits.min_value_eur);
    let (verdict, reason) =
        if is_cheap { (Verdict::Disabled, Some(Reason::BelowMin)) } else { (verdict, reason) };
    Decision {
        verdict,
        reason,
        price_eur: price,
        confidence: Some(config.confidence_at(figures.score)),
        figures: Some(figures),
        suspend_published: suspends,
    }
}

fn without_group(evidence: &Evidence) -> Decision {
    let is_known = evidence.reference_eur.is_some_and(|reference| !reference.is_zero())
        || !evidence.history.is_empty()
        || !evidence.sold_eur.is_empty();
    if is_known {
        Decision::unpriced(Verdict::Review, Reason::TooFew)
    } else {
        Decision::unpriced(Verdict::Disabled, Reason::NoData)
    }
}

/// A conflict with the reference comes before a move, and a move before the score.
fn verdict(
    weighed: &Weighed,
    published: Option<f64>,
    limits: &Limits,
    config: &RobustConfig,
) -> (Verdict, Option<Reason>) {
    let figures = &weighed.figures;
    if weighed.reference_disagrees {
        let others = figures.links.precision.min(figures.links.spread);
        let listings_are_sure = figures.votes_without_reference >= config.blame_reference_votes
            && others >= limits.publish_min;
        let verdict = if listings_are_sure { Verdict::ReviewRef } else { Verdict::Review };
        return (verdict, Some(Reason::RefDisagrees));
    }
    let moves =
        published.is_some_and(|published| (figures.price - published).abs() > config.move_log);
    if moves && !weighed.newest_confirms {
        return (Verdict::Review, Some(Reason::Move));
    }
    let (weakest, score) = figures.links.weakest();
    if score >= limits.publish_min {
        return (Verdict::Ok, None);
    }
    if score >= limits.publish_min - config.low_conf_band {
        return (Verdict::LowConf, Some(weakest.into()));
    }
    (Verdict::Review, Some(weakest.into()))
}

/// Never up: a shop that pays by this price must not pay for a rounding. `None` for what is no
/// amount at all.
pub(crate) fn floor_to_cents(log: f64) -> Option<Decimal> {
    let mut price = Decimal::from_f64((log.exp() * 100.0).floor())?;
    price.set_scale(price.scale() + 2).ok()?;
    Some(price)
}
