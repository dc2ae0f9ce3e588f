//! Figures about the whole catalogue, for the operator's overview.

use serde::Serialize;

use crate::{Client, Result};

/// How much there is of everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CardStats {
    pub cards: i64,
    /// Neither switched off, nor of a hidden set or series.
    pub visible: i64,
    pub with_query: i64,
    pub with_reference: i64,
    /// Cards that failed last time.
    pub failing: i64,
    /// Cards with a price on show.
    pub with_price: i64,
    pub suspended: i64,
    /// Cards by their last verdict, most frequent first.
    pub verdicts: Vec<(String, i64)>,
    pub snapshots: i64,
    pub sold: i64,
    pub batches: i64,
}

/// Counts everything.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn card_stats(client: &Client) -> Result<CardStats> {
    let statement = "
        select count(*), count(*) filter (where c.is_active and not (s.hidden or e.hidden)),
               count(coalesce(nullif(c.ebay_query_override, ''), c.ebay_query)),
               count(coalesce(c.cm_trend, c.cm_avg7, c.cm_avg30)),
               count(*) filter (where c.error_count > 0), count(p.neuf),
               count(*) filter (where p.suspended),
               (select count(*) from market_snapshots), (select count(*) from sold_listings),
               (select count(*) from batch_runs)
        from cards c join sets s on s.id = c.set_id join series e on e.id = s.serie_id
        left join buy_prices p on p.card_id = c.id";
    let row = client.query_one(statement, &[]).await?;
    let verdicts = "select verdict, count(*) from buy_prices group by 1 order by 2 desc, 1";
    let verdicts = client.query(verdicts, &[]).await?;
    Ok(CardStats {
        cards: row.get(0),
        visible: row.get(1),
        with_query: row.get(2),
        with_reference: row.get(3),
        failing: row.get(4),
        with_price: row.get(5),
        suspended: row.get(6),
        verdicts: verdicts.iter().map(|row| (row.get(0), row.get(1))).collect(),
        snapshots: row.get(7),
        sold: row.get(8),
        batches: row.get(9),
    })
}

/// The cards that the shop follows, in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shelf {
    pub cards: i64,
    /// Looked at within the last 30 days, and with a price on show.
    pub fresh: i64,
    pub never_looked: i64,
    pub without_price: i64,
    pub to_review: i64,
    pub suspended: i64,
    pub failing: i64,
    pub by_hand: i64,
}

/// Counts the visible cards.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn shelf(client: &Client) -> Result<Shelf> {
    let statement = "
        select count(*),
               count(p.neuf) filter (where p.taken_at > clock_timestamp() - interval '30 days'),
               count(*) filter (where p.taken_at is null),
               count(*) filter (where p.neuf is null),
               count(*) filter (where p.verdict in ('REVIEW', 'REVIEW_REF') or p.suspended),
               count(*) filter (where p.suspended),
               count(*) filter (where c.error_count > 0),
               count(*) filter (where p.rule = 'manual')
        from cards c join sets s on s.id = c.set_id join series e on e.id = s.serie_id
        left join buy_prices p on p.card_id = c.id
        where c.is_active and not (s.hidden or e.hidden)";
    let row = client.query_one(statement, &[]).await?;
    Ok(Shelf {
        cards: row.get(0),
        fresh: row.get(1),
        never_looked: row.get(2),
        without_price: row.get(3),
        to_review: row.get(4),
        suspended: row.get(5),
        failing: row.get(6),
        by_hand: row.get(7),
    })
}
