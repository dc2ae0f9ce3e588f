//! What a batch would do, before somebody orders it.

use cards::plan::Counts;
use store::Client;

use super::planning::{Order, plan};
use crate::Failure;

/// A batch that was planned, and not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchEstimate {
    /// Cards by what becomes of them; `picked` are those that would be looked at.
    pub counts: Counts,
    /// Calls that these take.
    pub calls: u64,
    /// Calls that batches may still make today.
    pub free_calls: i32,
    /// Whole days until each card has been looked at once more; `None` when there are calls for
    /// none.
    pub days_until_fresh: Option<u32>,
}

/// Plans a batch as `batch.run` would at this moment. Nothing is written.
///
/// # Errors
/// [`Failure::Reject`] when there is no card in scope.
pub async fn estimate_batch(
    client: &Client,
    set: Option<&str>,
    limit: Option<u32>,
) -> Result<BatchEstimate, Failure> {
    let settings = store::settings::all(client).await?;
    let planned = plan(client, &Order { set, cards: None, limit }, &settings).await?;
    Ok(planned.estimate())
}
