//! The prices, how far they can be trusted, and how old they are.

use jiff::{Span, Timestamp};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use store::prices;

use super::Known;
use crate::failure::Failure;
use crate::say::Say;
use crate::shop;

pub(super) struct Figures {
    pub(super) prices: Option<[Price; 3]>,
    pub(super) suspended: bool,
    /// What the card sells for.
    pub(super) anchor: Option<Decimal>,
    pub(super) confidence: Option<String>,
    pub(super) evidence: String,
    pub(super) taken_at: Option<Timestamp>,
    pub(super) looked: String,
}

/// What is paid for one state.
pub(super) struct Price {
    pub(super) label: String,
    pub(super) eur: Decimal,
    pub(super) then: String,
}

pub(super) async fn read(
    say: &Say,
    client: &store::Client,
    known: &Known,
) -> Result<Figures, Failure> {
    let then = say.now.checked_sub(Span::new().hours(24 * 30)).unwrap_or(say.now);
    let before = prices::paid_at(client, &[known.stored.id], then).await?;
    let price = known.price.as_ref();
    let shown = price.and_then(|price| price.prices);
    let evidence = &known.evidence;
    Ok(Figures {
        prices: shown.map(|prices| three(say, &prices, before.get(&known.stored.id))),
        suspended: price.is_some_and(|price| price.suspended),
        anchor: price.and_then(|price| price.anchor.or(price.estimate)),
        confidence: price
            .and_then(|price| price.confidence)
            .map(|share| shop::confidence(say, share).percent),
        evidence: say.t2(
            "card-evidence",
            ("n", evidence.kept.len()),
            ("sellers", evidence.n_sellers),
        ),
        taken_at: price.and_then(|price| price.taken_at),
        looked: known
            .look
            .as_ref()
            .map(|look| say.t1("card-total", "n", i64::from(look.total)))
            .unwrap_or_default(),
    })
}

fn three(say: &Say, prices: &prices::Prices, before: Option<&Decimal>) -> [Price; 3] {
    let share = |eur: Decimal| {
        let share = eur.checked_div(prices.neuf).and_then(|share| share.to_f64());
        share.map_or_else(String::new, |share| {
            say.t1("card-share", "percent", say.percent(share, 0))
        })
    };
    let moved = before.and_then(|before| shop::moved(say, *before, prices.neuf, 1));
    let moved = moved.map(|moved| say.t1("card-moved", "percent", moved.text));
    [
        Price { label: say.t("price-neuf"), eur: prices.neuf, then: moved.unwrap_or_default() },
        Price { label: say.t("price-bon"), eur: prices.bon, then: share(prices.bon) },
        Price { label: say.t("price-correct"), eur: prices.correct, then: share(prices.correct) },
    ]
}
