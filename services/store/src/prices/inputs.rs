//! Everything a rule may want to know about cards, in one round trip.

use cards::Variant;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use tokio_postgres::types::ToSql;

use super::{PRICE_COLUMNS, PriceRow};
use crate::catalogue::{CARD_COLUMNS, CARD_TABLES, Reader, StoredCard};
use crate::snapshots::Snapshot;
use crate::{Client, Error, Result};

/// What is known about a card before it is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Inputs {
    pub card: StoredCard,
    /// All variants of its number in the catalogue, its own included.
    pub known_variants: Vec<Variant>,
    /// The price list's row, if it was ever priced.
    pub price: Option<PriceRow>,
    /// The three newest snapshots that are at least half a day old, newest first.
    pub past: Vec<Past>,
    /// What the card sold for by the newest snapshot of all, EUR.
    pub last_anchor: Option<Decimal>,
    /// Confirmed sales of the last 60 days with postage, EUR, in no order.
    pub sold_eur: Vec<Decimal>,
    /// The listings of the newest snapshot: those that are missing now may have been sold.
    pub listings: Option<RawListings>,
    /// The database's clock; of [`inputs_before`], when the look was taken.
    pub now: Timestamp,
}

impl Inputs {
    /// Whether a person has withdrawn the card, and nobody has decided otherwise since.
    pub fn is_switched_off(&self) -> bool {
        self.price.as_ref().is_some_and(|price| price.reason.as_deref() == Some("SWITCHED_OFF"))
    }
}

/// What an earlier snapshot found.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    pub taken_at: Timestamp,
    /// By rule: `{"stage1": …, "classic": …}`.
    pub statistics: Value,
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
/// A younger snapshot saw the same listings, and would confirm them by themselves.
const PAST_HOURS: i32 = 12;

/// The price list, card by card: a plan that was made while it was empty would read all of it.
const ON_SHOW: &str = "
    left join lateral (select * from buy_prices where card_id = c.id limit 1) p on true";

/// What was on show at `$5`. The history tells only what people see: an anchor that moved under the
/// same buy prices is the newest snapshot's.
const WAS_ON_SHOW: &str = "
    left join lateral (
        select h.card_id, h.neuf, h.bon, h.correct, coalesce(m.anchor, h.anchor) as anchor,
               h.anchor_source, h.rule, h.suspended, h.at as since, h.verdict, h.reason,
               h.confidence, null::numeric as estimate, h.snapshot_id,
               null::timestamptz as taken_at, h.at as updated_at
        from price_history h
        left join lateral (
            select anchor from market_snapshots m
            where m.card_id = h.card_id and m.id < $4 and m.taken_at > h.at and m.rule = h.rule
              and h.verdict in ('OK', 'LOW_CONF')
            order by m.card_id, m.id desc limit 1
        ) m on true
        where h.card_id = c.id and h.at <= $5
        order by h.card_id, h.id desc limit 1
    ) p on true";

/// Reads what is known about these cards, by number; those that are not there are left out.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn inputs(client: &Client, card_ids: &[i64]) -> Result<HashMap<i64, Inputs>> {
    query(client, ON_SHOW, card_ids, i64::MAX, None).await
}

/// Reads what was known about a card when a look was taken: earlier snapshots and sales, the price
/// that was on show, and the look's own reference prices. The card itself is as it is now, and the
/// price has no estimate.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn inputs_before(client: &Client, look: &Snapshot) -> Result<Option<Inputs>> {
    let mut known =
        query(client, WAS_ON_SHOW, &[look.card_id], look.id, Some(look.taken_at)).await?;
    let mut inputs = known.remove(&look.card_id);
    if let Some(inputs) = &mut inputs {
        inputs.card.card.cardmarket = look.cardmarket;
    }
    Ok(inputs)
}

/// `before` and `at` end what is known: a snapshot, and an instant unless that is now.
async fn query(
    client: &Client,
    price: &str,
    card_ids: &[i64],
    before: i64,
    at: Option<Timestamp>,
) -> Result<HashMap<i64, Inputs>> {
    // The order names the card as well, so that no other index than the card's can serve it. The
    // listings are looked for by both of their columns, card by card, so that one month is read. A
    // sale of the same instant was found by that very look.
    let statement = format!(
        "select coalesce($5, clock_timestamp()),
            array(select variant from cards o where o.set_id = c.set_id and o.local_id = c.local_id),
            array(select effective_price from sold_listings
                  where card_id = c.id and detected_sold_at < coalesce($5, clock_timestamp())
                    and detected_sold_at
                        > coalesce($5, clock_timestamp()) - make_interval(days => $3)),
            coalesce(past.taken_at, '{{}}'), coalesce(past.statistics, '{{}}'), newest.anchor,
            l.snapshot_id, l.taken_at, l.listings,
            p.card_id is not null, {PRICE_COLUMNS}, {CARD_COLUMNS}
        from {CARD_TABLES}
        {price}
        left join lateral (
            select id, taken_at, anchor from market_snapshots
            where card_id = c.id and id < $4
            order by card_id, id desc limit 1
        ) newest on true
        left join lateral (
            select array_agg(taken_at order by id desc) as taken_at,
                   array_agg(statistics order by id desc) as statistics
            from (
                select id, taken_at, statistics from market_snapshots
                where card_id = c.id and id < $4
                  and taken_at <= coalesce($5, clock_timestamp()) - make_interval(hours => $2)
                order by card_id, id desc limit 3
            ) looks
        ) past on true
        left join lateral (
            select snapshot_id, taken_at, listings from snapshot_listings
            where snapshot_id = newest.id and taken_at = newest.taken_at limit 1
        ) l on true
        where c.id = any($1)"
    );
    let statement = client.prepare_cached(&statement).await?;
    let params: [&(dyn ToSql + Sync); 5] = [&card_ids, &PAST_HOURS, &SOLD_DAYS, &before, &at];
    let rows = client.query(&statement, &params).await?;
    let cards = rows.iter().map(|row| read(&mut Reader::new(row)));
    cards.map(|inputs| inputs.map(|inputs| (inputs.card.id, inputs))).collect()
}

fn read(reader: &mut Reader<'_>) -> Result<Inputs> {
    let now = reader.get();
    let variants: Vec<&str> = reader.get();
    let sold_eur = reader.get();
    let taken: Vec<Timestamp> = reader.get();
    let statistics: Vec<Value> = reader.get();
    let last_anchor = reader.get();
    let snapshot: (Option<i64>, Option<Timestamp>, Option<Vec<u8>>) =
        (reader.get(), reader.get(), reader.get());
    let has_price = reader.get();
    let price = PriceRow::read_opt(reader, has_price);
    let card = reader.card()?;
    let past = taken.into_iter().zip(statistics);
    Ok(Inputs {
        card,
        known_variants: known_variants(&variants)?,
        price,
        past: past.map(|(taken_at, statistics)| Past { taken_at, statistics }).collect(),
        last_anchor,
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
