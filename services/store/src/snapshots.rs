//! Tables `market_snapshots` and `snapshot_listings`: reads what was seen, for explaining and
//! replaying it.

use cards::card::Cardmarket;
use futures::{Stream, StreamExt};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use tokio_postgres::types::ToSql;

use crate::catalogue::Reader;
use crate::{Client, Result};

/// One look at the marketplace, and what was made of it then.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub id: i64,
    pub card_id: i64,
    pub taken_at: Timestamp,
    pub query: String,
    /// Listings that the marketplace had for the query.
    pub total: i32,
    pub n_listings: i32,
    pub cardmarket: Cardmarket,
    /// By rule: `{"stage1": …, "classic": …}`.
    pub statistics: Value,
    pub rule: String,
    pub verdict: String,
    pub reason: Option<String>,
    /// What the card sells for, EUR, published or not.
    pub anchor: Option<Decimal>,
    pub anchor_source: Option<String>,
    pub confidence: Option<f64>,
    /// As the caller compressed them; `None` once their retention has passed, and in lists.
    pub listings: Option<Vec<u8>>,
}

pub(crate) const SNAPSHOT_COLUMNS: &str = "
    m.id, m.card_id, m.taken_at, m.query, m.total, m.n_listings, m.cm_trend, m.cm_avg1, m.cm_avg7,
    m.cm_avg30, m.statistics, m.rule, m.verdict, m.reason, m.anchor, m.anchor_source, m.confidence";

/// Not a join: the planner might carry the id over and forget the instant, by which alone it knows
/// the month.
const LISTINGS: &str = "
    (select l.listings from snapshot_listings l
     where l.snapshot_id = m.id and l.taken_at = m.taken_at)";

/// The newest snapshot of a card, with its listings.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn newest(client: &Client, card_id: i64) -> Result<Option<Snapshot>> {
    let statement = format!(
        "select {SNAPSHOT_COLUMNS}, {LISTINGS} from market_snapshots m
         where card_id = $1 order by card_id, id desc limit 1"
    );
    let row = client.query_opt(&statement, &[&card_id]).await?;
    Ok(row.map(|row| read(&mut Reader::new(&row))))
}

/// A snapshot with its listings.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn get(client: &Client, id: i64) -> Result<Option<Snapshot>> {
    let statement =
        format!("select {SNAPSHOT_COLUMNS}, {LISTINGS} from market_snapshots m where id = $1");
    let row = client.query_opt(&statement, &[&id]).await?;
    Ok(row.map(|row| read(&mut Reader::new(&row))))
}

/// Snapshots of a card without their listings, newest first, older than `before`.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn list(
    client: &Client,
    card_id: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Snapshot>> {
    let statement = format!(
        "select {SNAPSHOT_COLUMNS}, null::bytea from market_snapshots m
         where card_id = $1 and ($2::bigint is null or id < $2)
         order by card_id, id desc limit $3"
    );
    let rows = client.query(&statement, &[&card_id, &before, &limit]).await?;
    Ok(rows.iter().map(|row| read(&mut Reader::new(row))).collect())
}

/// One look, as a chart shows it; EUR.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub taken_at: Timestamp,
    pub anchor: Option<Decimal>,
    /// The dearer of Cardmarket's trend and 30-day mean.
    pub reference: Option<Decimal>,
    /// Middle of the main group of listings, and half its width: logarithms.
    pub middle: Option<f64>,
    pub width: Option<f64>,
}

/// The newest `limit` looks at a card since an instant, oldest first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn curve(
    client: &Client,
    card_id: i64,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Point>> {
    let statement = "
        select taken_at, anchor, greatest(cm_trend, cm_avg30),
               (statistics #>> '{stage1,middle}')::float8, (statistics #>> '{stage1,width}')::float8
        from market_snapshots where card_id = $1 and taken_at >= $2
        order by card_id, id desc limit $3";
    let statement = client.prepare_cached(statement).await?;
    let rows = client.query(&statement, &[&card_id, &since, &limit]).await?;
    let point = |row: &tokio_postgres::Row| Point {
        taken_at: row.get(0),
        anchor: row.get(1),
        reference: row.get(2),
        middle: row.get(3),
        width: row.get(4),
    };
    let mut points: Vec<Point> = rows.iter().map(point).collect();
    points.sort_by_key(|point| point.taken_at);
    Ok(points)
}

/// Streams the snapshots that were taken from `from` on and before `to` and still have their
/// listings, in the order in which they were taken; all cards, or one.
///
/// # Errors
/// When the database cannot be read; also each item.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn replay(
    client: &Client,
    from: Timestamp,
    to: Timestamp,
    card_id: Option<i64>,
) -> Result<impl Stream<Item = Result<Snapshot>> + use<>> {
    let statement = format!(
        "select {SNAPSHOT_COLUMNS}, l.listings from snapshot_listings l
         join market_snapshots m on m.id = l.snapshot_id and m.taken_at = l.taken_at
         where l.taken_at >= $1 and l.taken_at < $2 and ($3::bigint is null or m.card_id = $3)
         order by m.taken_at, m.id"
    );
    let params: [&(dyn ToSql + Sync); 3] = [&from, &to, &card_id];
    let rows = client.query_raw(&statement, params).await?;
    Ok(rows.map(|row| Ok(read(&mut Reader::new(&row?)))))
}

/// As [`read`], of an outer join that may have found nothing.
pub(crate) fn read_opt(reader: &mut Reader<'_>, is_there: bool) -> Option<Snapshot> {
    if is_there {
        return Some(read(reader));
    }
    reader.skip(18);
    None
}

pub(crate) fn read(reader: &mut Reader<'_>) -> Snapshot {
    Snapshot {
        id: reader.get(),
        card_id: reader.get(),
        taken_at: reader.get(),
        query: reader.get(),
        total: reader.get(),
        n_listings: reader.get(),
        cardmarket: reader.cardmarket(),
        statistics: reader.get(),
        rule: reader.get(),
        verdict: reader.get(),
        reason: reader.get(),
        anchor: reader.get(),
        anchor_source: reader.get(),
        confidence: reader.get(),
        listings: reader.get(),
    }
}
