//! A line of the table.

use jiff::Timestamp;
use rust_decimal::Decimal;
use store::prices::Listed;

use crate::icon::Mark;
use crate::say::Say;
use crate::shop::{self, Confidence, Moved};

pub(super) struct CardRow {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) context: String,
    /// What the card sells for.
    pub(super) anchor: Option<Decimal>,
    pub(super) reference: Option<Decimal>,
    /// What the shop pays for it, mint.
    pub(super) price: Option<Decimal>,
    pub(super) moved: Option<Moved>,
    pub(super) confidence: Option<Confidence>,
    pub(super) mark: Mark,
    pub(super) taken_at: Option<Timestamp>,
}

/// `before` is what was paid a month ago.
pub(super) fn row(say: &Say, listed: &Listed, before: Option<&Decimal>) -> CardRow {
    let (stored, price) = (&listed.card, listed.price.as_ref());
    let paid = price.and_then(|price| price.prices).map(|prices| prices.neuf);
    CardRow {
        id: stored.id,
        name: stored.card.effective_name().to_owned(),
        context: shop::context(say, &stored.card),
        anchor: price.and_then(|price| price.anchor.or(price.estimate)),
        reference: stored.card.cardmarket.max(),
        price: paid,
        moved: before.zip(paid).and_then(|(before, paid)| shop::moved(say, *before, paid, 1)),
        confidence: price
            .and_then(|price| price.confidence)
            .map(|share| shop::confidence(say, share)),
        mark: shop::mark(say, stored, price),
        taken_at: price.and_then(|price| price.taken_at),
    }
}
