//! The price list, what has changed of it, and its history.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::{PRICE_COLUMNS, PriceRow, Prices};
use crate::catalogue::Reader;
use crate::{Client, Result};

/// A row of the price list with its card.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shown {
    pub card_id: i64,
    pub tcgdex_id: String,
    /// As the shop calls it.
    pub name: String,
    pub set_id: String,
    #[serde(flatten)]
    pub price: PriceRow,
}

/// Where a page of the feed ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedCursor {
    pub since: Timestamp,
    pub card_id: i64,
}

/// How old a change must be to be in the feed. A reader goes on after the newest change that it was
/// shown; one that began earlier and commits later would be missed. Prices are written by single
/// statements of some milliseconds.
pub const FEED_LAG_SECONDS: f64 = 5.0;

/// The price list's row of a card.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn get(client: &Client, card_id: i64) -> Result<Option<PriceRow>> {
    let statement = format!("select {PRICE_COLUMNS} from buy_prices p where card_id = $1");
    let statement = client.prepare_cached(&statement).await?;
    let row = client.query_opt(&statement, &[&card_id]).await?;
    Ok(row.map(|row| PriceRow::read(&mut Reader::new(&row))))
}

/// What has changed after `after`, oldest change first, at most `limit` rows that changed more than
/// `lag_seconds` ago ([`FEED_LAG_SECONDS`]). A card is in it once, as it is now. To start at an
/// instant, let the cursor's card be 0.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn changed_since(
    client: &Client,
    after: FeedCursor,
    lag_seconds: f64,
    limit: i64,
) -> Result<Vec<Shown>> {
    let statement = format!(
        "select p.card_id, c.tcgdex_id, coalesce(nullif(c.name_override, ''), c.name), c.set_id,
                {PRICE_COLUMNS}
         from buy_prices p join cards c on c.id = p.card_id
         where (p.since, p.card_id) > ($1, $2)
           and p.since <= clock_timestamp() - make_interval(secs => $3)
         order by p.since, p.card_id limit $4"
    );
    let params: [&(dyn ToSql + Sync); 4] = [&after.since, &after.card_id, &lag_seconds, &limit];
    let rows = client.query(&statement, &params).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let mut reader = Reader::new(row);
            Shown {
                card_id: reader.get(),
                tcgdex_id: reader.get(),
                name: reader.get(),
                set_id: reader.get(),
                price: PriceRow::read(&mut reader),
            }
        })
        .collect())
}

/// What was on show from an instant on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Version {
    pub id: i64,
    pub at: Timestamp,
    /// `snapshot`, `estimate` or `decision`.
    pub source: String,
    pub rule: String,
    pub verdict: String,
    pub reason: Option<String>,
    pub anchor: Option<Decimal>,
    pub anchor_source: Option<String>,
    pub prices: Option<Prices>,
    pub suspended: bool,
    pub confidence: Option<f64>,
    pub snapshot_id: Option<i64>,
}

/// The history of a card, newest first, older than the version `before`.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn history(
    client: &Client,
    card_id: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Version>> {
    let statement = "
        select id, at, source, rule, verdict, reason, anchor, anchor_source, neuf, bon, correct,
               suspended, confidence, snapshot_id
        from price_history where card_id = $1 and ($2::bigint is null or id < $2)
        order by card_id, id desc limit $3";
    let statement = client.prepare_cached(statement).await?;
    let rows = client.query(&statement, &[&card_id, &before, &limit]).await?;
    Ok(rows.iter().map(version).collect())
}

fn version(row: &Row) -> Version {
    let mut reader = Reader::new(row);
    Version {
        id: reader.get(),
        at: reader.get(),
        source: reader.get(),
        rule: reader.get(),
        verdict: reader.get(),
        reason: reader.get(),
        anchor: reader.get(),
        anchor_source: reader.get(),
        prices: Prices::read(&mut reader),
        suspended: reader.get(),
        confidence: reader.get(),
        snapshot_id: reader.get(),
    }
}

/// How far the price of a card has moved.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Move {
    pub card_id: i64,
    pub tcgdex_id: String,
    pub name: String,
    pub before: Decimal,
    pub after: Decimal,
}

// The snapshots of a batch, each beside the one before it.
const TOP_MOVES: &str = "
select c.id, c.tcgdex_id, coalesce(nullif(c.name_override, ''), c.name), o.anchor, s.anchor
from batch_items i
join market_snapshots s on s.command_id = i.command_id
join cards c on c.id = i.card_id
cross join lateral (
    select anchor from market_snapshots o
    where o.card_id = i.card_id and o.id < s.id order by o.card_id, o.id desc limit 1
) o
where i.batch_id = $1 and i.state = 'succeeded' and s.anchor > 0 and o.anchor > 0
  and abs(ln(s.anchor::float8 / o.anchor::float8)) >= $2
order by abs(ln(s.anchor::float8 / o.anchor::float8)) desc, c.id
limit $3";

/// The cards whose price moved most in a batch, by at least this share (0.6 is 60 % up, or the same
/// factor down).
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn top_moves(
    client: &Client,
    batch_id: uuid::Uuid,
    min_share: f64,
    limit: i64,
) -> Result<Vec<Move>> {
    let rows = client.query(TOP_MOVES, &[&batch_id, &min_share.ln_1p(), &limit]).await?;
    Ok(rows
        .iter()
        .map(|row| Move {
            card_id: row.get(0),
            tcgdex_id: row.get(1),
            name: row.get(2),
            before: row.get(3),
            after: row.get(4),
        })
        .collect())
}
