//! Prices that do not come from a snapshot: estimates, and decisions of people.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::{Prices, Publish};
use crate::{Client, Result};

/// A price that was computed without asking the marketplace.
#[derive(Clone, Debug)]
pub struct Estimate {
    pub card_id: i64,
    pub anchor: Decimal,
    pub prices: Option<Prices>,
    pub verdict: String,
    pub reason: Option<String>,
    pub confidence: Option<f64>,
}

const ESTIMATES: &str = "
select count(*) filter (where put_price(row(
        card_id, neuf, bon, correct, anchor, $2::text, $1::text, null, verdict, reason, confidence,
        null, null, null)::wanted_price,
        case when neuf is null then 'withdraw' else 'publish' end, 'estimate'))
from unnest($3::bigint[], $4::numeric[], $5::numeric[], $6::numeric[], $7::numeric[], $8::text[],
            $9::text[], $10::float8[])
    as n (card_id, anchor, neuf, bon, correct, verdict, reason, confidence)
where not exists (select from buy_prices p where p.card_id = n.card_id and p.rule = 'manual')";

/// Puts estimates on show, in place of whatever was but a person's word. Returns how many changed
/// something. What is known from snapshots stays.
///
/// # Errors
/// [`crate::Error::is_data`] when a card is unknown or an amount is out of range.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn publish_estimates(
    client: &Client,
    rule: &str,
    anchor_source: &str,
    estimates: &[Estimate],
) -> Result<i64> {
    let price = |pick: fn(&Prices) -> Decimal| -> Vec<Option<Decimal>> {
        estimates.iter().map(|estimate| estimate.prices.as_ref().map(pick)).collect()
    };
    let cards: Vec<_> = estimates.iter().map(|estimate| estimate.card_id).collect();
    let anchors: Vec<_> = estimates.iter().map(|estimate| estimate.anchor).collect();
    let (neuf, bon) = (price(|prices| prices.neuf), price(|prices| prices.bon));
    let correct = price(|prices| prices.correct);
    let verdicts: Vec<_> = estimates.iter().map(|estimate| estimate.verdict.as_str()).collect();
    let reasons: Vec<_> = estimates.iter().map(|estimate| estimate.reason.as_deref()).collect();
    let confidences: Vec<_> = estimates.iter().map(|estimate| estimate.confidence).collect();
    let params: [&(dyn ToSql + Sync); 10] = [
        &rule,
        &anchor_source,
        &cards,
        &anchors,
        &neuf,
        &bon,
        &correct,
        &verdicts,
        &reasons,
        &confidences,
    ];
    Ok(client.query_one(ESTIMATES, &params).await?.get(0))
}

/// What a person decided about a card.
#[derive(Clone, Copy, Debug)]
pub struct ManualDecision<'a> {
    pub card_id: i64,
    pub actor: &'a str,
    pub decision: Decision,
    /// The snapshot that lay before the person.
    pub snapshot_id: Option<i64>,
    pub note: Option<&'a str>,
    /// The figures that lay before the person, for calibrating the rules later.
    pub statistics: Option<&'a Value>,
}

/// The kinds of decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The proposal is published.
    Approve { anchor: Decimal, prices: Prices },
    /// The person's own prices are published.
    Set { anchor: Decimal, prices: Prices },
    /// The proposal is wrong: what is on show stays, or goes back on the shelf.
    Reject,
    /// Nothing is on show any more, until a person decides otherwise.
    Withdraw,
}

// A rejection ends a suspension: somebody has looked, and the old price was right. What is switched
// off stays so, since nothing is on show that could be right.
const DECIDE: &str = "
with shown as (
    select p.* from buy_prices p where p.card_id = $1
), logged as (
    insert into pricing_decisions (
        card_id, actor, decision, snapshot_id, verdict, anchor, neuf, bon, correct, note, statistics)
    select $1, $2, $3, $4, (select verdict from shown), $5, $6, $7, $8, $9, $10
    returning id
)
select id, put_price(row(
    $1::bigint,
    case $3 when 'reject' then (select neuf from shown) else $6::numeric end,
    case $3 when 'reject' then (select bon from shown) else $7::numeric end,
    case $3 when 'reject' then (select correct from shown) else $8::numeric end,
    case $3 when 'reject' then (select anchor from shown) else $5::numeric end,
    case $3 when 'reject' then (select anchor_source from shown) when 'withdraw' then null
            else 'MANUAL' end,
    case $3 when 'reject' then coalesce((select rule from shown), 'manual') else 'manual' end,
    case $3 when 'reject' then (select published_snapshot_id from shown) else $4 end,
    case when $3 = 'withdraw' or ($3 = 'reject' and (select neuf from shown) is null)
         then 'DISABLED' else 'OK' end,
    case when $3 = 'approve' then 'APPROVED' when $3 = 'set' then 'SET_BY_HAND'
         when $3 = 'withdraw' or (select reason from shown) = 'SWITCHED_OFF' then 'SWITCHED_OFF'
         else 'REJECTED' end,
    (select confidence from shown), null, null, null)::wanted_price,
    case when $3 = 'withdraw' or ($3 = 'reject' and (select neuf from shown) is null)
         then 'withdraw' else 'publish' end, 'decision') as changed
from logged";

/// Carries out a decision and keeps it for good. Returns whether what is on show has changed.
///
/// # Errors
/// [`crate::Error::is_data`] when there is no such card or an amount is out of range.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn decide(client: &Client, manual: &ManualDecision<'_>) -> Result<bool> {
    let (anchor, prices) = match manual.decision {
        Decision::Approve { anchor, prices } | Decision::Set { anchor, prices } => {
            (Some(anchor), Some(prices))
        }
        Decision::Reject | Decision::Withdraw => (None, None),
    };
    let params: [&(dyn ToSql + Sync); 10] = [
        &manual.card_id,
        &manual.actor,
        &manual.decision.as_str(),
        &manual.snapshot_id,
        &anchor,
        &prices.map(|prices| prices.neuf),
        &prices.map(|prices| prices.bon),
        &prices.map(|prices| prices.correct),
        &manual.note,
        &manual.statistics,
    ];
    Ok(client.query_one(DECIDE, &params).await?.get("changed"))
}

/// A decision as it was kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KeptDecision {
    pub at: Timestamp,
    pub actor: String,
    /// `approve`, `set`, `reject` or `withdraw`.
    pub decision: String,
    /// The verdict that it was about.
    pub verdict: Option<String>,
    pub anchor: Option<Decimal>,
    pub note: Option<String>,
    pub statistics: Option<Value>,
}

/// The decisions about a card, newest first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn decisions(client: &Client, card_id: i64, limit: i64) -> Result<Vec<KeptDecision>> {
    let statement = "
        select at, actor, decision, verdict, anchor, note, statistics from pricing_decisions
        where card_id = $1 order by card_id, id desc limit $2";
    let rows = client.query(statement, &[&card_id, &limit]).await?;
    let decision = |row: &Row| KeptDecision {
        at: row.get("at"),
        actor: row.get("actor"),
        decision: row.get("decision"),
        verdict: row.get("verdict"),
        anchor: row.get("anchor"),
        note: row.get("note"),
        statistics: row.get("statistics"),
    };
    Ok(rows.iter().map(decision).collect())
}

impl Decision {
    /// As rows write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Approve { .. } => "approve",
            Decision::Set { .. } => "set",
            Decision::Reject => "reject",
            Decision::Withdraw => "withdraw",
        }
    }
}

impl From<Option<Prices>> for Publish {
    fn from(prices: Option<Prices>) -> Publish {
        prices.map_or(Publish::Withdraw, Publish::Prices)
    }
}
