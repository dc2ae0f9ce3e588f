//! Writes a priced card.

use cards::card::Cardmarket;
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::Prices;
use crate::{Client, Result};

/// A card that was looked at and judged.
#[derive(Clone, Copy, Debug)]
pub struct Priced<'a> {
    pub card_id: i64,
    /// Written once per command, however often that runs.
    pub command_id: Uuid,
    /// The batch whose item this ends.
    pub batch_id: Option<Uuid>,
    /// Calls that it took.
    pub calls: i32,
    pub taken_at: Timestamp,
    pub query: &'a str,
    /// Listings that the marketplace has for the query.
    pub total: i32,
    pub n_listings: i32,
    /// All of them, compressed by the caller.
    pub listings: Option<&'a [u8]>,
    /// The figures that the price was compared with.
    pub cardmarket: Cardmarket,
    /// By rule: `{"stage1": …, "classic": …}`.
    pub statistics: &'a Value,
    pub outcome: Outcome<'a>,
    pub publish: Publish,
}

/// What the rule says.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    pub rule: &'a str,
    pub verdict: &'a str,
    pub reason: Option<&'a str>,
    /// What the card sells for, EUR, or the proposal for review.
    pub anchor: Option<Decimal>,
    pub anchor_source: Option<&'a str>,
    pub confidence: Option<f64>,
}

/// What becomes of the price on show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publish {
    /// It is replaced.
    Prices(Prices),
    /// It stays: what was found waits for review.
    Keep,
    /// It is taken off the shelf, and still known.
    Suspend,
    /// There is none any more.
    Withdraw,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// `changed`: what is on show, its rule or its verdict has changed.
    New { snapshot_id: i64, changed: bool },
    /// The command has written before: nothing was done.
    Repeated,
}

const WRITE: &str = "
with snapshot as (
    insert into market_snapshots (
        card_id, command_id, taken_at, query, total, n_listings, listings, cm_trend, cm_avg1,
        cm_avg7, cm_avg30, statistics, rule, verdict, reason, anchor, anchor_source, confidence)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
    on conflict (command_id) do nothing
    returning *
), price as (
    select s.id, put_price(row(
        s.card_id, $19::numeric, $20::numeric, $21::numeric, s.anchor, s.anchor_source, s.rule,
        s.id, s.verdict, s.reason, s.confidence, s.anchor, s.id, s.taken_at)::wanted_price,
        $22, 'snapshot') as changed
    from snapshot s
), item as (
    update batch_items i set state = 'succeeded', calls = i.calls + $23, detail = null,
        finished_at = clock_timestamp()
    from snapshot s
    where i.batch_id = $24 and i.card_id = s.card_id and i.finished_at is null
), card as (
    update cards c set error_count = 0, last_error = null, last_error_at = null
    from snapshot s where c.id = s.card_id and c.error_count > 0
)
select id, changed from price";

/// Keeps the snapshot, the price, its history when it changed, and the end of the batch's item, and
/// forgets the card's failures; all or nothing, in one round trip.
///
/// # Errors
/// [`crate::Error::is_data`] when there is no such card or an amount is out of range.
pub async fn write(client: &Client, priced: &Priced<'_>) -> Result<Written> {
    let Priced { cardmarket, outcome, .. } = priced;
    let buys = match priced.publish {
        Publish::Prices(buys) => Some(buys),
        Publish::Keep | Publish::Suspend | Publish::Withdraw => None,
    };
    let params: [&(dyn ToSql + Sync); 24] = [
        &priced.card_id,
        &priced.command_id,
        &priced.taken_at,
        &priced.query,
        &priced.total,
        &priced.n_listings,
        &priced.listings,
        &cardmarket.trend,
        &cardmarket.avg1,
        &cardmarket.avg7,
        &cardmarket.avg30,
        &priced.statistics,
        &outcome.rule,
        &outcome.verdict,
        &outcome.reason,
        &outcome.anchor,
        &outcome.anchor_source,
        &outcome.confidence,
        &buys.map(|buys| buys.neuf),
        &buys.map(|buys| buys.bon),
        &buys.map(|buys| buys.correct),
        &priced.publish.as_str(),
        &priced.calls,
        &priced.batch_id,
    ];
    let statement = client.prepare_cached(WRITE).await?;
    let row = client.query_opt(&statement, &params).await?;
    Ok(row.map_or(Written::Repeated, |row| Written::New {
        snapshot_id: row.get("id"),
        changed: row.get("changed"),
    }))
}

impl Publish {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Publish::Prices(_) => "publish",
            Publish::Keep => "keep",
            Publish::Suspend => "suspend",
            Publish::Withdraw => "withdraw",
        }
    }
}
