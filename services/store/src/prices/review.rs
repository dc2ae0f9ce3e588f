//! Prices that wait for a person.

use crate::{Client, Result};

/// How many cards wait for a decision, counted up to `limit`.
///
/// # Errors
/// When the database cannot be read.
pub async fn count_to_review(client: &Client, limit: i64) -> Result<i64> {
    let statement = "
        select count(*) from (
            select from buy_prices where verdict in ('REVIEW', 'REVIEW_REF') limit $1
        ) waiting";
    Ok(client.query_one(statement, &[&limit]).await?.get(0))
}
