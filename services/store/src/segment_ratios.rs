//! Table `segment_ratios`: what cards are asked for beside their reference.

use cards::hybrid::{Factor, Segment};
use serde_json::{Value, json};

use crate::{Client, Error, Result};

/// Replaces all factors by what was learnt now.
///
/// # Errors
/// [`Error::is_data`] when a factor is not positive.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn replace(client: &mut Client, factors: &[Factor]) -> Result<()> {
    let segments: Vec<Value> = factors.iter().map(|factor| json!(factor.segment)).collect();
    let k: Vec<f64> = factors.iter().map(|factor| factor.k).collect();
    let samples: Vec<i32> =
        factors.iter().map(|factor| i32::try_from(factor.n_samples).unwrap_or(i32::MAX)).collect();
    let spreads: Vec<f64> = factors.iter().map(|factor| factor.spread).collect();
    let transaction = client.transaction().await?;
    transaction
        .execute("delete from segment_ratios where segment <> all ($1)", &[&segments])
        .await?;
    let statement = "
        insert into segment_ratios (segment, k, samples, spread)
        select * from unnest($1::jsonb[], $2::float8[], $3::int[], $4::float8[])
        on conflict (segment) do update set k = excluded.k, samples = excluded.samples,
            spread = excluded.spread, updated_at = excluded.updated_at";
    transaction.execute(statement, &[&segments, &k, &samples, &spreads]).await?;
    Ok(transaction.commit().await?)
}

/// All factors, those with the most samples first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn all(client: &Client) -> Result<Vec<Factor>> {
    let statement = "
        select segment, k, samples, spread from segment_ratios order by samples desc, segment";
    let rows = client.query(statement, &[]).await?;
    rows.iter()
        .map(|row| {
            let segment: Segment = serde_json::from_value(row.get(0))
                .map_err(|error| Error::Value(format!("segment: {error}")))?;
            let n_samples = usize::try_from(row.get::<_, i32>(2)).unwrap_or(0);
            Ok(Factor { segment, k: row.get(1), n_samples, spread: row.get(3) })
        })
        .collect()
}
