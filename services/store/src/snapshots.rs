//! Table `market_snapshots`: reads what was seen, for explaining and replaying it.

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

/// The newest snapshot of a card, with its listings.
///
/// # Errors
/// When the database cannot be read.
pub async fn newest(client: &Client, card_id: i64) -> Result<Option<Snapshot>> {
    let statement = format!(
        "select {SNAPSHOT_COLUMNS}, m.listings from market_snapshots m
         where card_id = $1 order by card_id, id desc limit 1"
    );
    let row = client.query_opt(&statement, &[&card_id]).await?;
    Ok(row.map(|row| read(&mut Reader::new(&row))))
}

/// A snapshot with its listings.
///
/// # Errors
/// When the database cannot be read.
pub async fn get(client: &Client, id: i64) -> Result<Option<Snapshot>> {
    let statement =
        format!("select {SNAPSHOT_COLUMNS}, m.listings from market_snapshots m where id = $1");
    let row = client.query_opt(&statement, &[&id]).await?;
    Ok(row.map(|row| read(&mut Reader::new(&row))))
}

/// Snapshots of a card without their listings, newest first, older than `before`.
///
/// # Errors
/// When the database cannot be read.
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

/// Streams the snapshots that were taken from `from` on and before `to` and still have their
/// listings, in the order in which they were taken; all cards, or one.
///
/// # Errors
/// When the database cannot be read; also each item.
pub async fn replay(
    client: &Client,
    from: Timestamp,
    to: Timestamp,
    card_id: Option<i64>,
) -> Result<impl Stream<Item = Result<Snapshot>> + use<>> {
    let statement = format!(
        "select {SNAPSHOT_COLUMNS}, m.listings from market_snapshots m
         where taken_at >= $1 and taken_at < $2 and listings is not null
           and ($3::bigint is null or card_id = $3)
         order by taken_at, id"
    );
    let params: [&(dyn ToSql + Sync); 3] = [&from, &to, &card_id];
    let rows = client.query_raw(&statement, params).await?;
    Ok(rows.map(|row| Ok(read(&mut Reader::new(&row?)))))
}

/// Forgets the listings, never the figures, of at most `limit` snapshots older than this, and
/// returns how many those were. The newest snapshot of each card keeps them: the next look finds
/// out with them what was sold.
///
/// # Errors
/// When the database cannot be written.
pub async fn prune_listings(client: &Client, days: i32, limit: i64) -> Result<u64> {
    let statement = "
        update market_snapshots set listings = null where id in (
            select id from market_snapshots m
            where taken_at < clock_timestamp() - make_interval(days => $1)
              and listings is not null
              and exists (select from market_snapshots n
                          where n.card_id = m.card_id and n.id > m.id)
            order by taken_at limit $2)";
    Ok(client.execute(statement, &[&days, &limit]).await?)
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
