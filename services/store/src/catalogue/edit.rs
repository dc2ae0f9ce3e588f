//! Changes cards one by one, and figures in bulk.

use cards::Card;
use cards::card::Cardmarket;
use jiff::Timestamp;
use tokio_postgres::types::ToSql;

use crate::{Client, Result};

/// Hides or shows a series; `false` when there is none.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn hide_series(client: &Client, id: &str, is_hidden: bool) -> Result<bool> {
    let statement = "update series set hidden = $2 where id = $1";
    Ok(client.execute(statement, &[&id, &is_hidden]).await? == 1)
}

/// Hides or shows a set; `false` when there is none. A set of a hidden series stays hidden.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn hide_set(client: &Client, id: &str, is_hidden: bool) -> Result<bool> {
    let statement = "update sets set hidden = $2 where id = $1";
    Ok(client.execute(statement, &[&id, &is_hidden]).await? == 1)
}

const SAVE: &str = "
update cards set
    name_override = $2, local_id_override = $3, set_name_override = $4,
    card_number_full_override = $5, card_count_official_override = $6, card_number_format = $7,
    card_number_padded = $8, ebay_query_override = $9, is_active = $10, ebay_query = $11,
    updated_at = clock_timestamp()
where id = $1";

/// Writes what the shop may change of a card: overrides, number format and padding, query override
/// and the active flag; and the query that is built from it now. `false` when there is no such card.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn save(client: &Client, id: i64, card: &Card, ebay_query: Option<&str>) -> Result<bool> {
    let overrides = &card.overrides;
    let params: [&(dyn ToSql + Sync); 11] = [
        &id,
        &overrides.name,
        &overrides.local_id,
        &overrides.set_name,
        &overrides.card_number_full,
        &overrides.card_count_official,
        &card.card_number_format.as_str(),
        &card.card_number_padded,
        &card.ebay_query_override,
        &card.is_active,
        &ebay_query,
    ];
    Ok(client.execute(SAVE, &params).await? == 1)
}

/// Stores the queries that were built for cards. Returns how many differed.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn set_queries(client: &Client, queries: &[(i64, Option<&str>)]) -> Result<u64> {
    let (ids, queries): (Vec<i64>, Vec<Option<&str>>) = queries.iter().copied().unzip();
    let statement = "
        update cards c set ebay_query = n.query
        from unnest($1::bigint[], $2::text[]) as n (id, query)
        where c.id = n.id and c.ebay_query is distinct from n.query";
    Ok(client.execute(statement, &[&ids, &queries]).await?)
}

const UPDATE_CARDMARKET: &str = "
update cards c set cm_trend = n.trend, cm_avg1 = n.avg1, cm_avg7 = n.avg7, cm_avg30 = n.avg30,
    cm_updated_at = $6
from unnest($1::bigint[], $2::numeric[], $3::numeric[], $4::numeric[], $5::numeric[])
    as n (id, trend, avg1, avg7, avg30)
where c.id = n.id and (c.cm_trend, c.cm_avg1, c.cm_avg7, c.cm_avg30) is distinct from
    (round(n.trend, 2), round(n.avg1, 2), round(n.avg7, 2), round(n.avg30, 2))";

/// Stores the figures of Cardmarket by card, see [`super::keys`]; `at` is when they were made.
/// Returns how many cards have other figures now.
///
/// # Errors
/// [`crate::Error::is_data`] when a figure is out of range.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn update_cardmarket(
    client: &Client,
    figures: &[(i64, Cardmarket)],
    at: Timestamp,
) -> Result<u64> {
    let ids: Vec<_> = figures.iter().map(|(id, _)| *id).collect();
    let trend: Vec<_> = figures.iter().map(|(_, figures)| figures.trend).collect();
    let avg1: Vec<_> = figures.iter().map(|(_, figures)| figures.avg1).collect();
    let avg7: Vec<_> = figures.iter().map(|(_, figures)| figures.avg7).collect();
    let avg30: Vec<_> = figures.iter().map(|(_, figures)| figures.avg30).collect();
    let params: [&(dyn ToSql + Sync); 6] = [&ids, &trend, &avg1, &avg7, &avg30, &at];
    Ok(client.execute(UPDATE_CARDMARKET, &params).await?)
}

/// Counts a failure of a card and keeps its message. Returns the failures in a row, `None` when
/// there is no such card.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn fail(client: &Client, id: i64, message: &str) -> Result<Option<i32>> {
    let statement = "
        update cards set error_count = error_count + 1, last_error = $2,
            last_error_at = clock_timestamp()
        where id = $1 returning error_count";
    Ok(client.query_opt(statement, &[&id, &message]).await?.map(|row| row.get(0)))
}

/// Forgets the failures of a card.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn succeed(client: &Client, id: i64) -> Result<()> {
    let statement = "
        update cards set error_count = 0, last_error = null, last_error_at = null
        where id = $1 and error_count > 0";
    client.execute(statement, &[&id]).await?;
    Ok(())
}
