//! Table `api_reservations`, as a curve: how the calls of a day were spent.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::{Client, Result};

/// Calls that were spent in one stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// Begin of the stretch.
    pub at: Timestamp,
    pub n: i64,
}

/// The calls of one window of a provider, in stretches of `seconds`, oldest first; stretches
/// without a call are left out.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn curve(
    client: &Client,
    provider: &str,
    usage_date: Date,
    seconds: f64,
) -> Result<Vec<Spent>> {
    let statement = "
        select date_bin(make_interval(secs => $3), created_at, timestamptz 'epoch'),
               sum(spent)::bigint
        from api_reservations
        where provider = $1 and usage_date = $2 and spent > 0
        group by 1 order by 1";
    let rows = client.query(statement, &[&provider, &usage_date, &seconds]).await?;
    Ok(rows.iter().map(|row| Spent { at: row.get(0), n: row.get(1) }).collect())
}

/// When the window of a day began for us: the instant of its first reservation.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn opened_at(
    client: &Client,
    provider: &str,
    usage_date: Date,
) -> Result<Option<Timestamp>> {
    let statement = "select opened_at from api_usage where provider = $1 and usage_date = $2";
    Ok(client.query_opt(statement, &[&provider, &usage_date]).await?.map(|row| row.get(0)))
}
