//! Writes what was found.

use std::sync::Arc;
use std::time::Duration;

use store::Store;
use store::prices::{self, Priced, Written};

use super::finding::Finding;
use super::together::Statement;

/// [`prices::write_all`], for those who ask together; it has no values.
pub(crate) enum Writing {}

impl Statement for Writing {
    type Item = Arc<Finding>;
    type Answer = Written;
    const GATHER: Duration = Duration::from_millis(10);

    async fn run(store: &Store, findings: &[Arc<Finding>]) -> store::Result<Vec<Written>> {
        let cards: Vec<Priced<'_>> = findings.iter().map(|finding| finding.priced()).collect();
        prices::write_all(&store.client_by_key().await?, &cards).await
    }
}
