//! From rows to cards.

use std::fmt::Display;
use std::str::FromStr;

use cards::card::{Card, Cardmarket, Overrides};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::StoredCard;
use crate::{Error, Result};

/// What [`Reader::card`] reads, in its order.
pub(crate) const CARD_COLUMNS: &str = "
    c.id, c.tcgdex_id, c.set_id, c.local_id, c.name, c.name_en, s.name, s.code,
    c.card_number_full, c.variant, c.rarity, c.cardmarket_id,
    c.name_override, c.local_id_override, c.set_name_override, c.card_number_full_override,
    c.card_count_official_override, c.card_number_format, c.card_number_padded,
    c.ebay_query_override, c.cm_trend, c.cm_avg1, c.cm_avg7, c.cm_avg30, c.is_active,
    c.error_count, c.last_error, c.last_error_at, c.ebay_query, c.cm_updated_at,
    s.hidden or e.hidden, c.updated_at";

/// Where [`CARD_COLUMNS`] come from.
pub(crate) const CARD_TABLES: &str = "
    cards c join sets s on s.id = c.set_id join series e on e.id = s.serie_id";

/// Reads the columns of a row one after the other: names would be looked up once per value.
pub(crate) struct Reader<'a> {
    row: &'a Row,
    next: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(row: &'a Row) -> Reader<'a> {
        Reader { row, next: 0 }
    }

    pub(crate) fn get<T: FromSql<'a>>(&mut self) -> T {
        self.next += 1;
        self.row.get(self.next - 1)
    }

    /// Passes over columns.
    pub(crate) fn skip(&mut self, n: usize) {
        self.next += n;
    }

    /// A column of words that the code knows.
    pub(crate) fn word<T: FromStr<Err: Display>>(&mut self) -> Result<T> {
        self.get::<&str>().parse().map_err(|error: T::Err| Error::Value(error.to_string()))
    }

    pub(crate) fn cardmarket(&mut self) -> Cardmarket {
        Cardmarket { trend: self.get(), avg1: self.get(), avg7: self.get(), avg30: self.get() }
    }

    pub(crate) fn card(&mut self) -> Result<StoredCard> {
        let id = self.get();
        let card = Card {
            tcgdex_id: self.get(),
            set_id: self.get(),
            local_id: self.get(),
            name: self.get(),
            name_en: self.get(),
            set_name: self.get(),
            set_code: self.get(),
            card_number_full: self.get(),
            variant: self.word()?,
            rarity: self.get(),
            cardmarket_id: self.get(),
            overrides: Overrides {
                name: self.get(),
                local_id: self.get(),
                set_name: self.get(),
                card_number_full: self.get(),
                card_count_official: self.get(),
            },
            card_number_format: self.word()?,
            card_number_padded: self.get(),
            ebay_query_override: self.get(),
            cardmarket: self.cardmarket(),
            is_active: self.get(),
            error_count: self.get::<i32>().unsigned_abs(),
            last_error: self.get(),
            last_error_at: self.get(),
        };
        let ebay_query = self.get();
        let cardmarket_at = self.get();
        let is_hidden = self.get::<bool>() || !card.is_active;
        Ok(StoredCard { id, card, ebay_query, cardmarket_at, is_hidden, updated_at: self.get() })
    }
}
