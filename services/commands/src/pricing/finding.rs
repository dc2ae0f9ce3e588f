//! What came of a look at the marketplace, ready to be written.

use std::sync::Arc;

use ebay::Page;
use serde_json::{Value, json};
use store::prices::{Inputs, Outcome, Priced, Written};
use uuid::Uuid;

use super::{Judgement, Order};

/// A card that was looked at and judged.
pub(crate) struct Finding {
    pub(super) order: Order,
    pub(super) command_id: Uuid,
    pub(super) known: Arc<Inputs>,
    pub(super) query: String,
    pub(super) seen: Seen,
    /// The listings of the page, compressed.
    pub(super) listings: Vec<u8>,
    pub(super) n_calls: i32,
    pub(super) judgement: Judgement,
}

/// How much there was on the page.
pub(super) struct Seen {
    total: u64,
    n_listings: usize,
    n_unreadable: usize,
}

impl From<&Page> for Seen {
    fn from(page: &Page) -> Seen {
        let (n_listings, n_unreadable) = (page.listings.len(), page.unreadable.len());
        Seen { total: page.total, n_listings, n_unreadable }
    }
}

impl Finding {
    /// The same in the words of the tables.
    pub(super) fn priced(&self) -> Priced<'_> {
        let judgement = &self.judgement;
        Priced {
            card_id: self.order.card_id,
            command_id: self.command_id,
            batch_id: self.order.batch_id,
            calls: self.n_calls,
            taken_at: self.known.now,
            query: &self.query,
            total: i32::try_from(self.seen.total).unwrap_or(i32::MAX),
            n_listings: i32::try_from(self.seen.n_listings).unwrap_or(i32::MAX),
            listings: Some(&self.listings),
            cardmarket: self.known.card.card.cardmarket,
            statistics: &judgement.statistics,
            outcome: Outcome {
                rule: judgement.rule,
                verdict: &judgement.verdict,
                reason: judgement.reason.as_deref(),
                anchor: judgement.anchor_eur,
                anchor_source: judgement.anchor_source.as_deref(),
                confidence: judgement.confidence,
            },
            publish: judgement.publish,
        }
    }

    /// What the command says about it.
    pub(super) fn result(&self, written: Written) -> Value {
        let (snapshot_id, has_changed) = match written {
            Written::New { snapshot_id, changed } => (Some(snapshot_id), changed),
            Written::Repeated => (None, false),
        };
        let judgement = &self.judgement;
        let (verdict, reason) = if self.known.is_switched_off() {
            ("DISABLED", Some("SWITCHED_OFF"))
        } else {
            (judgement.verdict.as_str(), judgement.reason.as_deref())
        };
        json!({
            "card": self.known.card.card.tcgdex_id,
            "query": self.query,
            "listings": self.seen.n_listings,
            "total": self.seen.total,
            "unreadable": self.seen.n_unreadable,
            "rule": judgement.rule,
            "verdict": verdict,
            "reason": reason,
            "anchor_eur": judgement.anchor_eur,
            "confidence": judgement.confidence,
            "buy_eur": judgement.buy,
            "snapshot_id": snapshot_id,
            "changed": has_changed,
            "calls": self.n_calls,
        })
    }
}
