//! The months of `snapshot_listings`: made before they begin, dropped when they are too old.
//!
//! Migration 18 holds the statements, as functions of the owner of the tables. They give way to
//! whoever uses a table: [`crate::Error::is_transient`] then, and nothing is done.

use jiff::Timestamp;

use crate::{Client, Result};

/// Makes the months that are missing up to the second after `now`, and moves there what was
/// written for them meanwhile; returns how many it made. None while another process is at it.
///
/// # Errors
/// When the database cannot be written, or the table is in use for longer than a moment.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn make(client: &Client, now: Timestamp) -> Result<i32> {
    Ok(client.query_one("select make_listings_months($1)", &[&now]).await?.get(0))
}

/// Drops the oldest month if all of it lies before an instant, and says whether it did. The newest
/// listings of each card stay: the next look finds out with them what was sold. Nothing is done
/// while another process is at it.
///
/// # Errors
/// When the database cannot be written, or the table is in use for longer than a moment.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn drop_oldest(client: &Client, before: Timestamp) -> Result<bool> {
    Ok(client.query_one("select drop_listings_month($1)", &[&before]).await?.get(0))
}
