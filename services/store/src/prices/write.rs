//! Writes priced cards.

use std::collections::HashMap;
use std::slice;

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

// Cards in the order of their numbers: statements of several workers then wait for each other
// instead of deadlocking. What a person has taken off the shelf stays there: the snapshot keeps what
// the rule says of it. Whether that is so is looked up card by card: `exists` would be planned, while
// the price list is empty, as one that reads all of it.
const WRITE: &str = "
with input as (
    select * from unnest(
        $1::bigint[], $2::uuid[], $3::timestamptz[], $4::text[], $5::int[], $6::int[], $7::bytea[],
        $8::numeric[], $9::numeric[], $10::numeric[], $11::numeric[], $12::jsonb[], $13::text[],
        $14::text[], $15::text[], $16::numeric[], $17::text[], $18::float8[], $19::numeric[],
        $20::numeric[], $21::numeric[], $22::text[], $23::int[], $24::uuid[])
        as i (card_id, command_id, taken_at, query, total, n_listings, listings, cm_trend, cm_avg1,
              cm_avg7, cm_avg30, statistics, rule, verdict, reason, anchor, anchor_source,
              confidence, neuf, bon, correct, publish, calls, batch_id)
), snapshot as (
    insert into market_snapshots (
        card_id, command_id, taken_at, query, total, n_listings, cm_trend, cm_avg1, cm_avg7,
        cm_avg30, statistics, rule, verdict, reason, anchor, anchor_source, confidence)
    select card_id, command_id, taken_at, query, total, n_listings, cm_trend, cm_avg1, cm_avg7,
           cm_avg30, statistics, rule, verdict, reason, anchor, anchor_source, confidence
    from input order by card_id
    on conflict (command_id) do nothing
    returning id, command_id
), fresh as (
    select s.id, i.* from snapshot s join input i using (command_id)
), seen as (
    insert into snapshot_listings (snapshot_id, taken_at, listings)
    select id, taken_at, listings from fresh where listings is not null
), price as (
    select command_id, id, put_price(row(
        card_id, neuf, bon, correct, anchor, anchor_source, rule, id,
        case when is_off then 'DISABLED' else verdict end,
        case when is_off then 'SWITCHED_OFF' else reason end, confidence,
        anchor, id, taken_at)::wanted_price,
        case when is_off then 'keep' else publish end, 'snapshot') as changed
    from (
        select f.*, (
            select reason from buy_prices p where p.card_id = f.card_id
        ) is not distinct from 'SWITCHED_OFF' as is_off
        from fresh f order by card_id
    ) ordered
), item as (
    update batch_items b set state = 'succeeded', calls = b.calls + f.calls, detail = null,
        finished_at = clock_timestamp()
    from fresh f
    where b.batch_id = f.batch_id and b.card_id = f.card_id and b.finished_at is null
), card as (
    update cards c set error_count = 0, last_error = null, last_error_at = null
    from fresh f where c.id = f.card_id and c.error_count > 0
)
select command_id, id, changed from price";

/// Writes one card; see [`write_all`].
///
/// # Errors
/// Those of [`write_all`].
pub async fn write(client: &Client, priced: &Priced<'_>) -> Result<Written> {
    Ok(write_all(client, slice::from_ref(priced)).await?.remove(0))
}

/// Keeps of each card the snapshot with its listings, the price, its history when it changed, and
/// the end of the batch's item, and forgets the card's failures; all or nothing, in one round trip.
/// Answers in the order of `cards`.
///
/// # Errors
/// [`crate::Error::is_data`] when there is no such card or an amount is out of range.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn write_all(client: &Client, cards: &[Priced<'_>]) -> Result<Vec<Written>> {
    let columns = Columns::of(cards);
    let statement = client.prepare_cached(WRITE).await?;
    let rows = client.query(&statement, &columns.params()).await?;
    let mut written: HashMap<Uuid, Written> = rows
        .iter()
        .map(|row| {
            let new = Written::New { snapshot_id: row.get("id"), changed: row.get("changed") };
            (row.get("command_id"), new)
        })
        .collect();
    let written = cards.iter().map(|card| written.remove(&card.command_id));
    Ok(written.map(|written| written.unwrap_or(Written::Repeated)).collect())
}

/// Cards by columns, as `unnest` takes them.
#[derive(Default)]
struct Columns<'a> {
    card_ids: Vec<i64>,
    command_ids: Vec<Uuid>,
    taken_at: Vec<Timestamp>,
    queries: Vec<&'a str>,
    totals: Vec<i32>,
    n_listings: Vec<i32>,
    listings: Vec<Option<&'a [u8]>>,
    guide: [Vec<Option<Decimal>>; 4],
    statistics: Vec<&'a Value>,
    rules: Vec<&'a str>,
    verdicts: Vec<&'a str>,
    reasons: Vec<Option<&'a str>>,
    anchors: Vec<Option<Decimal>>,
    anchor_sources: Vec<Option<&'a str>>,
    confidences: Vec<Option<f64>>,
    buys: [Vec<Option<Decimal>>; 3],
    publish: Vec<&'static str>,
    calls: Vec<i32>,
    batch_ids: Vec<Option<Uuid>>,
}

impl<'a> Columns<'a> {
    fn of(cards: &[Priced<'a>]) -> Columns<'a> {
        let mut columns = Columns::default();
        for card in cards {
            columns.push(card);
        }
        columns
    }

    fn push(&mut self, card: &Priced<'a>) {
        let (outcome, guide) = (&card.outcome, &card.cardmarket);
        let buys = match card.publish {
            Publish::Prices(buys) => Some(buys),
            Publish::Keep | Publish::Suspend | Publish::Withdraw => None,
        };
        let buys = [buys.map(|b| b.neuf), buys.map(|b| b.bon), buys.map(|b| b.correct)];
        let guide = [guide.trend, guide.avg1, guide.avg7, guide.avg30];
        self.card_ids.push(card.card_id);
        self.command_ids.push(card.command_id);
        self.taken_at.push(card.taken_at);
        self.queries.push(card.query);
        self.totals.push(card.total);
        self.n_listings.push(card.n_listings);
        self.listings.push(card.listings);
        self.guide.iter_mut().zip(guide).for_each(|(column, amount)| column.push(amount));
        self.statistics.push(card.statistics);
        self.rules.push(outcome.rule);
        self.verdicts.push(outcome.verdict);
        self.reasons.push(outcome.reason);
        self.anchors.push(outcome.anchor);
        self.anchor_sources.push(outcome.anchor_source);
        self.confidences.push(outcome.confidence);
        self.buys.iter_mut().zip(buys).for_each(|(column, amount)| column.push(amount));
        self.publish.push(card.publish.as_str());
        self.calls.push(card.calls);
        self.batch_ids.push(card.batch_id);
    }

    fn params(&self) -> [&(dyn ToSql + Sync); 24] {
        [
            &self.card_ids,
            &self.command_ids,
            &self.taken_at,
            &self.queries,
            &self.totals,
            &self.n_listings,
            &self.listings,
            &self.guide[0],
            &self.guide[1],
            &self.guide[2],
            &self.guide[3],
            &self.statistics,
            &self.rules,
            &self.verdicts,
            &self.reasons,
            &self.anchors,
            &self.anchor_sources,
            &self.confidences,
            &self.buys[0],
            &self.buys[1],
            &self.buys[2],
            &self.publish,
            &self.calls,
            &self.batch_ids,
        ]
    }
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
