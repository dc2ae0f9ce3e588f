//! Tables `market_snapshots`, `buy_prices`, `price_history`: what cards are worth, and what is paid.
//!
//! Cards are priced with two round trips: [`inputs()`] reads everything that a rule may want to know,
//! [`write_all()`] keeps the snapshot, the price, its history and the end of the batch's item, all or
//! nothing, and once per command.

mod anomalies;
mod inputs;
mod list;
mod publish;
mod read;
mod review;
mod write;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;

pub use anomalies::{Anomalies, Anomaly, Bounds, anomalies};
pub use inputs::{Inputs, Past, RawListings, inputs, inputs_before};
pub use list::{Cursor, Filter, Listed, Only, Sort, list};
pub use publish::{
    Decision, Estimate, KeptDecision, ManualDecision, decide, decisions, publish_estimates,
};
pub use read::{
    FEED_LAG_SECONDS, FeedCursor, Move, Shown, Version, changed_since, get, history, top_moves,
};
pub use review::{Waiting, count_sure, count_to_review, paid_at, undo, waiting};
pub use write::{Outcome, Priced, Publish, Written, write, write_all};

/// What the shop pays for a card by its state, EUR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Prices {
    pub neuf: Decimal,
    pub bon: Decimal,
    pub correct: Decimal,
}

/// A row of the price list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PriceRow {
    /// What is on show, if anything is.
    pub prices: Option<Prices>,
    /// What it was computed from, EUR.
    pub anchor: Option<Decimal>,
    pub anchor_source: Option<String>,
    pub rule: String,
    /// Taken off the shelf until somebody, or a later snapshot, decides.
    pub suspended: bool,
    /// When what is on show, its rule or its verdict last changed.
    pub since: Timestamp,
    /// Of the last decision, which may have left alone what is on show.
    pub verdict: String,
    pub reason: Option<String>,
    pub confidence: Option<f64>,
    /// What the card sells for by the last snapshot that could tell, published or not, EUR.
    pub estimate: Option<Decimal>,
    pub snapshot_id: Option<i64>,
    /// When the marketplace was last looked at.
    pub taken_at: Option<Timestamp>,
    pub updated_at: Timestamp,
}

/// What [`PriceRow::read`] reads, in its order, of a table that is called `p`.
pub(crate) const PRICE_COLUMNS: &str = "
    p.neuf, p.bon, p.correct, p.anchor, p.anchor_source, p.rule, p.suspended, p.since, p.verdict,
    p.reason, p.confidence, p.estimate, p.snapshot_id, p.taken_at, p.updated_at";

impl PriceRow {
    pub(crate) fn read(reader: &mut crate::catalogue::Reader<'_>) -> PriceRow {
        PriceRow {
            prices: Prices::read(reader),
            anchor: reader.get(),
            anchor_source: reader.get(),
            rule: reader.get(),
            suspended: reader.get(),
            since: reader.get(),
            verdict: reader.get(),
            reason: reader.get(),
            confidence: reader.get(),
            estimate: reader.get(),
            snapshot_id: reader.get(),
            taken_at: reader.get(),
            updated_at: reader.get(),
        }
    }

    /// As [`PriceRow::read`], of an outer join that may have found nothing: its columns are read
    /// all the same.
    pub(crate) fn read_opt(
        reader: &mut crate::catalogue::Reader<'_>,
        is_there: bool,
    ) -> Option<PriceRow> {
        if is_there {
            return Some(PriceRow::read(reader));
        }
        reader.skip(15);
        None
    }
}

impl Prices {
    fn read(reader: &mut crate::catalogue::Reader<'_>) -> Option<Prices> {
        let (neuf, bon, correct): (Option<_>, Option<_>, Option<_>) =
            (reader.get(), reader.get(), reader.get());
        Some(Prices { neuf: neuf?, bon: bon?, correct: correct? })
    }
}
