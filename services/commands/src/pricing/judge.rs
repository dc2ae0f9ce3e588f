//! A sample of listings and what is known about the card, judged by the rule of the shop.

use cards::Listing;
use cards::appraisal::{Appraisal, Appraiser, Sample};
use cards::buy::{Buy, BuyPrices};
use cards::classic::{self, Status};
use cards::config::{PricingConfig, Rule};
use cards::landed::Rates;
use cards::robust::{Evidence, PastSnapshot, Stage1, Verdict, reference};
use jiff::{SpanTotal, Timestamp, Unit};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Value, json};
use store::prices::{Inputs, Past, Prices, Publish};

/// What a rule says, in the words of the tables.
#[derive(Clone, Debug)]
pub(crate) struct Judgement {
    pub(crate) rule: &'static str,
    pub(crate) verdict: String,
    pub(crate) reason: Option<String>,
    /// What the card sells for, or the proposal for review.
    pub(crate) anchor_eur: Option<Decimal>,
    pub(crate) anchor_source: Option<String>,
    pub(crate) confidence: Option<f64>,
    pub(crate) buy: Option<BuyPrices>,
    pub(crate) publish: Publish,
    /// `{"stage1": …, "decision": …, "classic": …}`.
    pub(crate) statistics: Value,
}

/// Judges by the rule of the settings. The statistics of the robust rule are kept in any case: they
/// are the memory of later days.
pub(crate) fn judge(
    known: &Inputs,
    listings: &[Listing],
    total: u64,
    appraiser: &Appraiser,
    rates: &Rates,
) -> Judgement {
    let judgement = robust(&appraise(known, listings, appraiser, rates));
    match value(known, listings, total, appraiser.config(), rates) {
        Some(valuation) => by_classic(&valuation, judgement.statistics),
        None => judgement,
    }
}

/// Values by the classic rule, if it is the shop's.
pub(super) fn value(
    known: &Inputs,
    listings: &[Listing],
    total: u64,
    config: &PricingConfig,
    rates: &Rates,
) -> Option<classic::Valuation> {
    let market = classic::Market { listings, active_count: total, rates, now: known.now };
    let is_classic = config.rule == Rule::Classic;
    is_classic.then(|| classic::value(&known.card.card, &market, known.last_anchor, config))
}

/// Appraises by the robust rule.
pub(super) fn appraise(
    known: &Inputs,
    listings: &[Listing],
    appraiser: &Appraiser,
    rates: &Rates,
) -> Appraisal {
    let target = known.card.card.target(&known.known_variants);
    let evidence = evidence(known);
    let paid_before = known.price.as_ref().and_then(|price| price.prices).map(paid);
    appraiser.appraise(&Sample {
        target: &target,
        listings,
        rates,
        evidence: &evidence,
        paid_before: paid_before.as_ref(),
    })
}

fn robust(appraisal: &Appraisal) -> Judgement {
    let decision = &appraisal.decision;
    let prices = appraisal.buy.as_ref().map(|buy| buy.prices);
    let publish = match (decision.verdict, prices) {
        (Verdict::Ok | Verdict::LowConf, Some(prices)) => Publish::Prices(shown(prices)),
        (Verdict::Disabled, _) => Publish::Withdraw,
        _ if decision.suspend_published => Publish::Suspend,
        _ => Publish::Keep,
    };
    Judgement {
        rule: "robust",
        verdict: word(&decision.verdict),
        reason: decision.reason.as_ref().map(word),
        anchor_eur: decision.price_eur,
        anchor_source: decision.price_eur.map(|_| "EBAY_ACTIVE".to_owned()),
        confidence: decision.confidence,
        buy: prices,
        publish,
        statistics: json!({ "stage1": appraisal.stage1, "decision": decision }),
    }
}

fn by_classic(valuation: &classic::Valuation, mut statistics: Value) -> Judgement {
    let prices = valuation.buy.as_ref().map(|buy: &Buy| buy.prices);
    let publish = match (valuation.status, prices) {
        (Some(Status::Ok | Status::LowConf), Some(prices)) => Publish::Prices(shown(prices)),
        (Some(Status::Disabled), _) => Publish::Withdraw,
        _ => Publish::Keep,
    };
    statistics["classic"] = json!({
        "main": valuation.main,
        "reverse": valuation.reverse,
        "graded": valuation.graded,
        "active_count": valuation.active_count,
        "variation_rate": valuation.variation_rate,
        "is_anomaly": valuation.is_anomaly,
    });
    let no_anchor = || valuation.failure.as_ref().map_or_else(|| "NO_DATA".to_owned(), word);
    Judgement {
        rule: "classic",
        verdict: valuation.status.as_ref().map_or_else(|| "DISABLED".to_owned(), word),
        reason: valuation.status.is_none().then(no_anchor),
        anchor_eur: valuation.anchor.as_ref().map(|anchor| anchor.eur.round_dp(2)),
        anchor_source: valuation.anchor.as_ref().map(|anchor| word(&anchor.source)),
        confidence: valuation.confidence.map(|confidence| f64::from(confidence.total()) / 100.0),
        buy: prices,
        publish,
        statistics,
    }
}

fn evidence(known: &Inputs) -> Evidence {
    let guide = known.card.card.cardmarket;
    let on_show = known.price.as_ref().filter(|price| price.prices.is_some());
    Evidence {
        reference_eur: reference(&[guide.trend, guide.avg7, guide.avg30]),
        history: known.past.iter().filter_map(|past| snapshot(past, known.now)).collect(),
        sold_eur: known.sold_eur.clone(),
        published_eur: on_show.and_then(|price| price.anchor),
    }
}

/// A snapshot whose statistics another version of the rule wrote is no evidence.
fn snapshot(past: &Past, now: Timestamp) -> Option<PastSnapshot> {
    let stage1: Stage1 = serde_json::from_value(past.statistics.get("stage1")?.clone()).ok()?;
    let age = now.since(past.taken_at).ok()?;
    let age_days = age.total(SpanTotal::from(Unit::Hour)).ok()? / 24.0;
    Some(PastSnapshot { age_days, stage1 })
}

fn shown(prices: BuyPrices) -> Prices {
    Prices { neuf: prices.neuf, bon: prices.bon, correct: prices.correct }
}

fn paid(prices: Prices) -> BuyPrices {
    BuyPrices { neuf: prices.neuf, bon: prices.bon, correct: prices.correct }
}

/// The word that serde writes for a unit variant.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        other => unreachable!("a unit variant is a text, not {other:?}"),
    }
}
