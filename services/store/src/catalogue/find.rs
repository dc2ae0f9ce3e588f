//! Finds cards.

use cards::card::Set;
use cards::{Card, Variant};
use futures::{Stream, StreamExt};
use tokio_postgres::types::ToSql;

use super::{CARD_COLUMNS, CARD_TABLES, Reader, StoredCard};
use crate::{Client, Result};

/// How a card is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardRef<'a> {
    Id(i64),
    /// `base1-4-HOLO`.
    Tcgdex(&'a str),
}

/// By what sources know a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub id: i64,
    pub tcgdex_id: String,
    pub cardmarket_id: Option<i64>,
    pub variant: Variant,
}

/// Which cards to stream.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    pub set_id: Option<&'a str>,
    /// Only cards whose query is to be built.
    pub without_query: bool,
    /// Leave out inactive cards, hidden sets and hidden series.
    pub visible: bool,
}

/// One card.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn find(client: &Client, card: CardRef<'_>) -> Result<Option<StoredCard>> {
    let (id, tcgdex_id) = match card {
        CardRef::Id(id) => (Some(id), None),
        CardRef::Tcgdex(tcgdex_id) => (None, Some(tcgdex_id)),
    };
    let statement = format!(
        "select {CARD_COLUMNS} from {CARD_TABLES}
         where c.id = (select coalesce($1, (select id from cards where tcgdex_id = $2)))"
    );
    let statement = client.prepare_cached(&statement).await?;
    let row = client.query_opt(&statement, &[&id, &tcgdex_id]).await?;
    row.map(|row| Reader::new(&row).card()).transpose()
}

/// Cards by either name, in no order; unknown ones are left out.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn find_many(
    client: &Client,
    ids: &[i64],
    tcgdex_ids: &[&str],
) -> Result<Vec<StoredCard>> {
    let statement = format!(
        "select {CARD_COLUMNS} from {CARD_TABLES}
         where c.id in (select unnest($1::bigint[])
                        union select id from cards where tcgdex_id = any ($2::text[]))"
    );
    let rows = client.query(&statement, &[&ids, &tcgdex_ids]).await?;
    rows.iter().map(|row| Reader::new(row).card()).collect()
}

/// Streams cards in the order of their ids, without holding them all.
///
/// # Errors
/// When the database cannot be read; also each item.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn stream(
    client: &Client,
    wanted: Wanted<'_>,
) -> Result<impl Stream<Item = Result<StoredCard>> + use<>> {
    let statement = format!(
        "select {CARD_COLUMNS} from {CARD_TABLES}
         where ($1::text is null or c.set_id = $1)
           and (not $2 or c.ebay_query is null)
           and (not $3 or not (s.hidden or e.hidden or not c.is_active))
         order by c.id"
    );
    let params: [&(dyn ToSql + Sync); 3] = [&wanted.set_id, &wanted.without_query, &wanted.visible];
    let rows = client.query_raw(&statement, params).await?;
    Ok(rows.map(|row| Reader::new(&row?).card()))
}

/// The keys of all cards, for matching a source's figures with them.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn keys(client: &Client) -> Result<Vec<Key>> {
    let statement = "select id, tcgdex_id, cardmarket_id, variant from cards order by id";
    let rows = client.query(statement, &[]).await?;
    rows.iter()
        .map(|row| {
            let mut reader = Reader::new(row);
            Ok(Key {
                id: reader.get(),
                tcgdex_id: reader.get(),
                cardmarket_id: reader.get(),
                variant: reader.word()?,
            })
        })
        .collect()
}

/// The ids of all series, and whether each is hidden.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn series(client: &Client) -> Result<Vec<(String, bool)>> {
    let rows = client.query("select id, hidden from series order by id", &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// A set with what the shop decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSet {
    pub set: Set,
    pub code: Option<String>,
    /// The set itself, or its series.
    pub is_hidden: bool,
    pub n_cards: i64,
}

/// All sets, newest first, with their cards counted.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn sets(client: &Client) -> Result<Vec<StoredSet>> {
    let statement = "
        select s.id, s.name, s.name_en, s.serie_id, e.name, s.released, s.total_count,
               s.official_count, s.code, s.hidden or e.hidden, coalesce(n.n_cards, 0)
        from sets s join series e on e.id = s.serie_id
        left join (select set_id, count(*) as n_cards from cards group by 1) n on n.set_id = s.id
        order by s.released desc nulls last, s.id";
    let rows = client.query(statement, &[]).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let mut reader = Reader::new(row);
            let set = Set {
                id: reader.get(),
                name: reader.get(),
                name_en: reader.get(),
                serie_id: reader.get(),
                serie_name: reader.get(),
                release_date: reader.get(),
                card_count: reader.get::<Option<i32>>().map(i32::unsigned_abs),
                card_count_official: reader.get::<Option<i32>>().map(i32::unsigned_abs),
            };
            StoredSet { set, code: reader.get(), is_hidden: reader.get(), n_cards: reader.get() }
        })
        .collect())
}

impl<'a> From<&'a Card> for CardRef<'a> {
    fn from(card: &'a Card) -> Self {
        CardRef::Tcgdex(&card.tcgdex_id)
    }
}
