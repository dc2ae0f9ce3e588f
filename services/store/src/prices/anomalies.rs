//! What is odd about the prices that a batch has found.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Client, Result};

/// From where on something is odd.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// The price moved by more than this share of the one before: 0.6 is 60 %.
    pub move_rate: f64,
    /// The classic rule's dispersion is above this.
    pub dispersion: f64,
}

/// Odd cards of a batch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Anomalies {
    /// Cards that are odd in any way.
    pub cards: i64,
    pub moves: i64,
    pub dispersed: i64,
    /// Priced by their reference.
    pub cardmarket_fallback: i64,
    /// A person has to decide: `REVIEW` and `REVIEW_REF`.
    pub to_review: i64,
    /// Off the shelf.
    pub suspended: i64,
    /// Those that moved furthest come first.
    pub top: Vec<Anomaly>,
}

/// An odd card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Anomaly {
    pub card_id: i64,
    pub tcgdex_id: String,
    pub name: String,
    /// `move`, `dispersion`, `cardmarket_fallback`, `to_review:MOVE`, `suspended`.
    pub reasons: Vec<String>,
    /// What it sold for by the look before, EUR.
    pub before: Option<Decimal>,
    pub after: Option<Decimal>,
    pub dispersion: Option<f64>,
}

// Each snapshot of the batch beside the one before it. The classic rule has said itself whether the
// price moved too far.
const ANOMALIES: &str = "
with looks as (
    select c.id, c.tcgdex_id, coalesce(nullif(c.name_override, ''), c.name) as name,
           o.anchor as before, s.anchor as after, s.reason, d.dispersion,
           coalesce((s.statistics #>> '{classic,is_anomaly}')::bool,
                    abs(s.anchor - o.anchor) > o.anchor * $2::float8::numeric, false) as is_move,
           coalesce(d.dispersion > $3::float8, false) as is_dispersed,
           coalesce(s.anchor_source = 'CARDMARKET_FALLBACK', false) as is_fallback,
           s.verdict in ('REVIEW', 'REVIEW_REF') as is_to_review,
           coalesce(p.suspended, false) as is_suspended
    from batch_items i
    join market_snapshots s on s.command_id = i.command_id
    join cards c on c.id = i.card_id
    left join buy_prices p on p.card_id = i.card_id
    left join lateral (
        select anchor from market_snapshots o
        where o.card_id = i.card_id and o.id < s.id order by o.card_id, o.id desc limit 1
    ) o on true
    cross join lateral (
        select (s.statistics #>> '{classic,main,dispersion}')::float8 as dispersion
    ) d
    where i.batch_id = $1 and i.state = 'succeeded'
)
select id, tcgdex_id, name, before, after, dispersion,
       array_remove(array[
           case when is_move then 'move' end, case when is_dispersed then 'dispersion' end,
           case when is_fallback then 'cardmarket_fallback' end,
           case when is_to_review then 'to_review:' || coalesce(reason, '') end,
           case when is_suspended then 'suspended' end], null),
       count(*) over (), count(*) filter (where is_move) over (),
       count(*) filter (where is_dispersed) over (), count(*) filter (where is_fallback) over (),
       count(*) filter (where is_to_review) over (), count(*) filter (where is_suspended) over ()
from looks
where is_move or is_dispersed or is_fallback or is_to_review or is_suspended
order by abs(ln(nullif(after, 0)::float8 / nullif(before, 0)::float8)) desc nulls last,
         dispersion desc nulls last, id
limit $4";

/// Counts what is odd in a batch, and tells the first `limit` cards.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn anomalies(
    client: &Client,
    batch_id: Uuid,
    bounds: Bounds,
    limit: i64,
) -> Result<Anomalies> {
    let rows = client
        .query(ANOMALIES, &[&batch_id, &bounds.move_rate, &bounds.dispersion, &limit])
        .await?;
    let Some(first) = rows.first() else { return Ok(Anomalies::default()) };
    Ok(Anomalies {
        cards: first.get(7),
        moves: first.get(8),
        dispersed: first.get(9),
        cardmarket_fallback: first.get(10),
        to_review: first.get(11),
        suspended: first.get(12),
        top: rows
            .iter()
            .map(|row| Anomaly {
                card_id: row.get(0),
                tcgdex_id: row.get(1),
                name: row.get(2),
                before: row.get(3),
                after: row.get(4),
                dispersion: row.get(5),
                reasons: row.get(6),
            })
            .collect(),
    })
}
