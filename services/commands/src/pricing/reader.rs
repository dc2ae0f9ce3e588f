//! Reads what is known before a look.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use store::Store;
use store::prices::{self, Inputs};

use super::together::Statement;

/// [`prices::inputs`], for those who ask together; it has no values.
pub(crate) enum Reading {}

impl Statement for Reading {
    /// A card's number.
    type Item = i64;
    /// `None` when there is no such card.
    type Answer = Option<Arc<Inputs>>;
    const GATHER: Duration = Duration::from_millis(5);

    async fn run(store: &Store, card_ids: &[i64]) -> store::Result<Vec<Option<Arc<Inputs>>>> {
        let known = prices::inputs(&store.client_by_key().await?, card_ids).await?;
        let known: HashMap<i64, Arc<Inputs>> =
            known.into_iter().map(|(id, inputs)| (id, Arc::new(inputs))).collect();
        // Two runs may ask for the same card.
        Ok(card_ids.iter().map(|id| known.get(id).cloned()).collect())
    }
}
