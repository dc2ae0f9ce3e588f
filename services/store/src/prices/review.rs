//! Prices that wait for a person, and his word taken back.

use std::collections::HashMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use tokio_postgres::types::ToSql;

use super::list::{Only, SURE};
use crate::{Client, Result, Transaction};

/// How many cards wait for a decision, counted up to `limit`.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn count_to_review(client: &Client, limit: i64) -> Result<i64> {
    let statement = format!(
        "select count(*) from (select from buy_prices p where {} limit $1) waiting",
        Only::ToReview.sql()
    );
    let statement = client.prepare_cached(&statement).await?;
    Ok(client.query_one(&statement, &[&limit]).await?.get(0))
}

/// Cards that wait for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// `None` for those that are only off the shelf.
    pub reason: Option<String>,
    pub n: i64,
    pub oldest: Timestamp,
}

/// Visible cards that wait for a decision by reason, most frequent first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn waiting(client: &Client) -> Result<Vec<Waiting>> {
    let statement = format!(
        "select p.reason, count(*), min(p.since)
         from buy_prices p join cards c on c.id = p.card_id
         join sets s on s.id = c.set_id join series e on e.id = s.serie_id
         where {} and not (s.hidden or e.hidden or not c.is_active)
         group by 1 order by 2 desc, 1",
        Only::ToReview.sql()
    );
    let rows = client.query(&statement, &[]).await?;
    Ok(rows
        .iter()
        .map(|row| Waiting { reason: row.get(0), n: row.get(1), oldest: row.get(2) })
        .collect())
}

/// How many visible cards wait though their price is surer than `confidence`, counted up to `limit`.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn count_sure(client: &Client, confidence: f64, limit: i64) -> Result<i64> {
    let statement = format!(
        "select count(*) from (
            select from buy_prices p join cards c on c.id = p.card_id
            join sets s on s.id = c.set_id join series e on e.id = s.serie_id
            where {SURE} and p.confidence >= $1
              and not (s.hidden or e.hidden or not c.is_active)
            limit $2) sure"
    );
    let statement = client.prepare_cached(&statement).await?;
    Ok(client.query_one(&statement, &[&confidence, &limit]).await?.get(0))
}

/// What was paid for these cards, mint, at an instant; cards without a price then are left out.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn paid_at(
    client: &Client,
    card_ids: &[i64],
    at: Timestamp,
) -> Result<HashMap<i64, Decimal>> {
    let statement = "
        select i.id, h.neuf from unnest($1::bigint[]) i (id)
        cross join lateral (
            select neuf from price_history h where h.card_id = i.id and h.at <= $2
            order by h.card_id, h.id desc limit 1
        ) h where h.neuf is not null";
    let statement = client.prepare_cached(statement).await?;
    let rows = client.query(&statement, &[&card_ids, &at]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

// What was so before the last word, if nothing has happened since: taking it back is a change too,
// and no word, so that whoever presses twice does not publish what he has just taken back.
const BEFORE: &str = "
with last as (
    select h.*, row_number() over (order by h.id desc) as n from (
        select * from price_history where card_id = $1 order by card_id, id desc limit 2
    ) h
)
select put_price(row(
        $1::bigint, b.neuf, b.bon, b.correct, b.anchor, b.anchor_source, b.rule, b.snapshot_id,
        b.verdict, b.reason, b.confidence, null, null, null)::wanted_price,
        case when b.neuf is null then 'withdraw' else 'publish' end, 'decision') as changed,
    b.suspended, b.verdict, b.reason, b.confidence
from last b
where b.n = 2 and exists (
    select from last a join buy_prices p on p.card_id = $1 and p.since = a.at
    where a.n = 1 and a.source = 'decision')
  and exists (select from pricing_decisions d where d.card_id = $1 and d.at > b.at)";

const SUSPEND: &str = "
select put_price(row(
    $1::bigint, null, null, null, null, null, 'manual', null, $2::text, $3::text, $4::float8, null,
    null, null)::wanted_price, 'suspend', 'decision')";

/// Takes the last decision about a card back: what was on show before it is on show again, and
/// waits again if it did. The decision stays in the record. `false` when the last change was no
/// decision, or there was nothing before it.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn undo(client: &mut Client, card_id: i64) -> Result<bool> {
    let transaction: Transaction<'_> = client.transaction().await?;
    let Some(row) = transaction.query_opt(BEFORE, &[&card_id]).await? else { return Ok(false) };
    if row.get("suspended") {
        let (verdict, reason): (String, Option<String>) = (row.get("verdict"), row.get("reason"));
        let confidence: Option<f64> = row.get("confidence");
        let params: [&(dyn ToSql + Sync); 4] = [&card_id, &verdict, &reason, &confidence];
        transaction.query_one(SUSPEND, &params).await?;
    }
    transaction.commit().await?;
    Ok(true)
}
