//! Table `fx_rates`: what a euro was worth in other currencies.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::{Client, Result};

/// Units of a currency for one euro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    pub day: Date,
    /// ISO 4217, upper case.
    pub currency: String,
    pub per_eur: Decimal,
}

/// Stores rates; a rate that is known for its day is corrected. Returns how many differed.
///
/// # Errors
/// [`crate::Error::is_data`] for a code that is not three letters, or a rate that is not positive.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn upsert(client: &Client, rates: &[Rate]) -> Result<u64> {
    let currencies: Vec<_> = rates.iter().map(|rate| rate.currency.as_str()).collect();
    let days: Vec<_> = rates.iter().map(|rate| rate.day).collect();
    let per_eur: Vec<_> = rates.iter().map(|rate| rate.per_eur).collect();
    let statement = "
        insert into fx_rates as r (currency, day, per_eur)
        select distinct on (currency, day) currency, day, per_eur
        from unnest($1::text[], $2::date[], $3::numeric[]) as n (currency, day, per_eur)
        on conflict (currency, day) do update set per_eur = excluded.per_eur
        where r.per_eur <> excluded.per_eur";
    Ok(client.execute(statement, &[&currencies, &days, &per_eur]).await?)
}

/// The newest rate of each currency; with `until`, the newest one that was known at that instant.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn latest(client: &Client, until: Option<Timestamp>) -> Result<Vec<Rate>> {
    let statement = "
        select distinct on (currency) currency, day, per_eur from fx_rates
        where $1::timestamptz is null or known_at <= $1 order by currency, day desc";
    let rows = client.query(statement, &[&until]).await?;
    Ok(rows
        .iter()
        .map(|row| Rate { currency: row.get(0), day: row.get(1), per_eur: row.get(2) })
        .collect())
}
