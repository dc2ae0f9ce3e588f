//! Everything a rule may want to know about a card, in one round trip.

use cards::Variant;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeSet;

use super::{PRICE_COLUMNS, PriceRow};
use crate::catalogue::{CARD_COLUMNS, CARD_TABLES, CardRef, Reader, StoredCard};
use crate::{Client, Error, Result};

/// What is known about a card before it is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Inputs {
    pub card: StoredCard,
    /// All variants of its number in the catalogue, its own included.
    pub known_variants: Vec<Variant>,
    /// The price list's row, if it was ever priced.
    pub price: Option<PriceRow>,
    /// The three newest snapshots, newest first.
    pub past: Vec<Past>,
    /// Confirmed sales of the last 60 days with postage, EUR, in no order.
    pub sold_eur: Vec<Decimal>,
    /// The listings of the newest snapshot: those that are missing now may have been sold.
    pub listings: Option<RawListings>,
    /// The database's clock.
    pub now: Timestamp,
}

/// What an earlier snapshot found.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    pub taken_at: Timestamp,
    /// By rule: `{"stage1": …, "classic": …}`.
    pub statistics: Value,
    pub anchor: Option<Decimal>,
}

/// Listings as the caller compressed them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawListings {
    pub snapshot_id: i64,
    pub taken_at: Timestamp,
    pub bytes: Vec<u8>,
}

/// Days for which a sale is evidence.
const SOLD_DAYS: i32 = 60;

/// Reads what is known about a card; `None` when there is no such card.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn inputs(client: &Client, card: CardRef<'_>) -> Result<Option<Inputs>> {
    let (id, tcgdex_id) = match card {
        CardRef::Id(id) => (Some(id), None),
        CardRef::Tcgdex(tcgdex_id) => (None, Some(tcgdex_id)),
    };
    // The order names the card as well, so that no other index than the card's can serve it. Both
    // columns of the listings are known before they are looked for, so that one month is read.
    let statement = format!(
        "with newest as (
            select id, taken_at, statistics, anchor from market_snapshots
            where card_id = (select coalesce($1, (select id from cards where tcgdex_id = $2)))
            order by card_id, id desc limit 3
        )
        select clock_timestamp(),
            array(select variant from cards o where o.set_id = c.set_id and o.local_id = c.local_id),
            array(select effective_price from sold_listings
                  where card_id = c.id
                    and detected_sold_at > clock_timestamp() - make_interval(days => $3)),
            array(select taken_at from newest order by id desc),
            array(select statistics from newest order by id desc),
            array(select anchor from newest order by id desc),
            l.snapshot_id, l.taken_at, l.listings,
            p.card_id is not null, {PRICE_COLUMNS}, {CARD_COLUMNS}
        from {CARD_TABLES}
        left join buy_prices p on p.card_id = c.id
        left join snapshot_listings l
            on (l.snapshot_id, l.taken_at) = (select id, taken_at from newest order by id desc limit 1)
        where c.id = (select coalesce($1, (select id from cards where tcgdex_id = $2)))"
    );
    let statement = client.prepare_cached(&statement).await?;
    let row = client.query_opt(&statement, &[&id, &tcgdex_id, &SOLD_DAYS]).await?;
    row.map(|row| read(&mut Reader::new(&row))).transpose()
}

fn read(reader: &mut Reader<'_>) -> Result<Inputs> {
    let now = reader.get();
    let variants: Vec<&str> = reader.get();
    let sold_eur = reader.get();
    let taken: Vec<Timestamp> = reader.get();
    let statistics: Vec<Value> = reader.get();
    let anchors: Vec<Option<Decimal>> = reader.get();
    let snapshot: (Option<i64>, Option<Timestamp>, Option<Vec<u8>>) =
        (reader.get(), reader.get(), reader.get());
    let has_price = reader.get();
    let price = PriceRow::read_opt(reader, has_price);
    let card = reader.card()?;
    let past = taken.into_iter().zip(statistics).zip(anchors);
    Ok(Inputs {
        card,
        known_variants: known_variants(&variants)?,
        price,
        past: past
            .map(|((taken_at, statistics), anchor)| Past { taken_at, statistics, anchor })
            .collect(),
        sold_eur,
        listings: match snapshot {
            (Some(snapshot_id), Some(taken_at), Some(bytes)) => {
                Some(RawListings { snapshot_id, taken_at, bytes })
            }
            _ => None,
        },
        now,
    })
}

fn known_variants(words: &[&str]) -> Result<Vec<Variant>> {
    let variants: std::result::Result<BTreeSet<Variant>, _> =
        words.iter().map(|word| word.parse()).collect();
    let variants = variants
        .map_err(|error: cards::variant::UnknownVariant| Error::Value(error.to_string()))?;
    Ok(variants.into_iter().collect())
}
