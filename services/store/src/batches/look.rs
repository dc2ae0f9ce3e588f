//! What people look at while a batch runs, and when it is over.

use jiff::Timestamp;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::ItemState;
use crate::catalogue::Reader;
use crate::{Client, Result};

/// The cards of one set in a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetProgress {
    pub set_id: String,
    pub name: String,
    pub targeted: i64,
    pub queued: i64,
    pub done: i64,
    pub failed: i64,
    /// Priced in this batch, and waiting for a person.
    pub to_review: i64,
}

/// How far each set of a batch is: those at work first, then those to come, then those that are
/// over, each with the latest first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn by_set(client: &Client, id: Uuid) -> Result<Vec<SetProgress>> {
    let statement = "
        select i.set_id, coalesce(max(s.name), i.set_id), count(*),
               count(*) filter (where i.state = 'queued'),
               count(*) filter (where i.finished_at is not null),
               count(*) filter (where i.state in ('failed', 'skipped')),
               count(*) filter (where i.state = 'succeeded'
                                and (p.verdict in ('REVIEW', 'REVIEW_REF') or p.suspended))
        from batch_items i left join sets s on s.id = i.set_id
        left join buy_prices p on p.card_id = i.card_id
        where i.batch_id = $1 group by i.set_id
        order by count(*) filter (where i.state = 'queued') = 0,
                 count(*) filter (where i.finished_at is null) = 0,
                 max(i.finished_at) desc nulls last, min(i.position)";
    let statement = client.prepare_cached(statement).await?;
    let rows = client.query(&statement, &[&id]).await?;
    Ok(rows
        .iter()
        .map(|row| SetProgress {
            set_id: row.get(0),
            name: row.get(1),
            targeted: row.get(2),
            queued: row.get(3),
            done: row.get(4),
            failed: row.get(5),
            to_review: row.get(6),
        })
        .collect())
}

/// Cards that ended in each of `n` equal spans between two instants; the last one has no gap at its
/// end.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn pace(
    client: &Client,
    id: Uuid,
    [from, to]: [Timestamp; 2],
    n: i32,
) -> Result<Vec<i64>> {
    let statement = "
        select coalesce(n, 0) from generate_series(1, $4) as span
        left join (
            select least(width_bucket(date_part('epoch', finished_at),
                date_part('epoch', $2::timestamptz), date_part('epoch', $3::timestamptz), $4), $4)
                as span, count(*) as n
            from batch_items where batch_id = $1 and finished_at between $2 and $3
              and state in ('succeeded', 'failed')
            group by 1
        ) ended using (span)
        order by span";
    let params: [&(dyn ToSql + Sync); 4] = [&id, &from, &to, &n];
    let rows = client.query(statement, &params).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// What became of the cards that were priced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// What is on show has changed.
    pub published: i64,
    pub unchanged: i64,
    pub to_review: i64,
    /// Not bought: too cheap, or nothing is known.
    pub without_price: i64,
}

/// Counts what became of the cards of a batch.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn outcomes(client: &Client, id: Uuid) -> Result<Outcomes> {
    let statement = "
        select count(*) filter (where is_priced and has_changed),
               count(*) filter (where is_priced and not has_changed),
               count(*) filter (where verdict in ('REVIEW', 'REVIEW_REF')),
               count(*) filter (where verdict = 'DISABLED')
        from (
            select m.verdict, m.verdict in ('OK', 'LOW_CONF') as is_priced,
                   exists (select from price_history h
                           where h.card_id = m.card_id and h.snapshot_id = m.id) as has_changed
            from batch_items i join market_snapshots m on m.command_id = i.command_id
            where i.batch_id = $1 and i.state = 'succeeded'
        ) priced";
    let statement = client.prepare_cached(statement).await?;
    let row = client.query_one(&statement, &[&id]).await?;
    Ok(Outcomes {
        published: row.get(0),
        unchanged: row.get(1),
        to_review: row.get(2),
        without_price: row.get(3),
    })
}

/// Something that happened to a card of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub at: Timestamp,
    pub card_id: i64,
    pub name: String,
    pub number: String,
    pub state: ItemState,
    pub detail: Option<String>,
    /// Why its price waits for a person, if it does.
    pub reason: Option<String>,
}

/// The last cards of a batch that did not simply get their price, newest first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn events(client: &Client, id: Uuid, limit: i64) -> Result<Vec<Event>> {
    let statement = "
        select i.finished_at, c.id, coalesce(nullif(c.name_override, ''), c.name),
               coalesce(c.card_number_full, c.local_id), i.state, i.detail,
               case when i.state = 'succeeded' then coalesce(p.reason, p.verdict) end
        from batch_items i join cards c on c.id = i.card_id
        left join buy_prices p on p.card_id = i.card_id
        where i.batch_id = $1 and i.finished_at is not null
          and (i.state in ('failed', 'skipped')
               or (i.state = 'succeeded' and p.verdict in ('REVIEW', 'REVIEW_REF')))
        order by i.finished_at desc limit $2";
    let statement = client.prepare_cached(statement).await?;
    let rows = client.query(&statement, &[&id, &limit]).await?;
    rows.iter()
        .map(|row| {
            let mut reader = Reader::new(row);
            Ok(Event {
                at: reader.get(),
                card_id: reader.get(),
                name: reader.get(),
                number: reader.get(),
                state: reader.word()?,
                detail: reader.get(),
                reason: reader.get(),
            })
        })
        .collect()
}

/// Cards of a batch that ended alike, without a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    pub state: ItemState,
    pub detail: String,
    pub n: i64,
    /// One of them.
    pub card_id: i64,
}

/// Why cards of a batch have no price, most frequent first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn causes(client: &Client, id: Uuid, limit: i64) -> Result<Vec<Cause>> {
    let statement = "
        select state, coalesce(detail, ''), count(*), min(card_id) from batch_items
        where batch_id = $1 and state in ('failed', 'skipped', 'deferred', 'stopped')
        group by 1, 2 order by state <> 'failed', 3 desc, 2 limit $2";
    let rows = client.query(statement, &[&id, &limit]).await?;
    rows.iter()
        .map(|row| {
            let mut reader = Reader::new(row);
            Ok(Cause {
                state: reader.word()?,
                detail: reader.get(),
                n: reader.get(),
                card_id: reader.get(),
            })
        })
        .collect()
}

/// The cards of a batch that ended in one state for one reason.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn ended_so(
    client: &Client,
    id: Uuid,
    state: ItemState,
    detail: &str,
) -> Result<Vec<i64>> {
    let statement = "
        select card_id from batch_items
        where batch_id = $1 and state = $2 and coalesce(detail, '') = $3 order by position";
    let rows = client.query(statement, &[&id, &state.as_str(), &detail]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// How many cards of a batch moved by how much: a count for each span between `bounds`, ascending
/// shares such as −0.05, with one below the first and one above the last.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn moves(client: &Client, id: Uuid, bounds: &[f64]) -> Result<Vec<i64>> {
    let statement = "
        select width_bucket(s.anchor::float8 / o.anchor::float8 - 1, $2::float8[]) as span, count(*)
        from batch_items i
        join market_snapshots s on s.command_id = i.command_id
        cross join lateral (
            select anchor from market_snapshots o
            where o.card_id = i.card_id and o.id < s.id order by o.card_id, o.id desc limit 1
        ) o
        where i.batch_id = $1 and i.state = 'succeeded' and s.anchor > 0 and o.anchor > 0
        group by 1";
    let rows = client.query(statement, &[&id, &bounds]).await?;
    let mut counts = vec![0; bounds.len() + 1];
    for row in &rows {
        let span = usize::try_from(row.get::<_, i32>(0)).unwrap_or(0);
        if let Some(count) = counts.get_mut(span) {
            *count = row.get(1);
        }
    }
    Ok(counts)
}
