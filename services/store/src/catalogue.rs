//! Tables `series`, `sets`, `cards`: the catalogue.
//!
//! Sources write in bulk ([`upsert_sets`], [`upsert_cards`]) and never touch what the shop has
//! corrected; the shop writes card by card ([`save`]).

mod edit;
mod find;
mod overview;
mod row;
mod upsert;

use cards::Card;
use jiff::Timestamp;

pub use edit::{fail, hide_series, hide_set, save, set_queries, succeed, update_cardmarket};
pub use find::{CardRef, Key, StoredSet, Wanted, find, find_many, keys, series, sets, stream};
pub use overview::{SerieOverview, SetOverview, overview};
pub use upsert::{Authority, Incoming, Upserted, upsert_cards, upsert_sets};

pub(crate) use row::{CARD_COLUMNS, CARD_TABLES, Reader};

/// A card with what only the database knows about it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredCard {
    pub id: i64,
    pub card: Card,
    /// As last built; `None` when it is to be built again.
    pub ebay_query: Option<String>,
    /// The figures of Cardmarket are of this instant.
    pub cardmarket_at: Option<Timestamp>,
    /// The card, its set or its series is hidden or inactive: it is neither planned nor exported.
    pub is_hidden: bool,
    pub updated_at: Timestamp,
}
