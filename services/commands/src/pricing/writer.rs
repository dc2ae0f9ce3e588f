//! Writes what was found, the cards of one process together.
//!
//! Most of what it costs to write a card is the statement, not the card. So whoever comes first
//! waits a moment for the others and writes for all of them; who is alone does not wait.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use store::Store;
use store::prices::{self, Priced, Written};
use tokio::sync::{Mutex as AsyncMutex, oneshot};

use super::finding::Finding;
use crate::Failure;

/// What the first waits for the others: little beside a call to the marketplace.
const GATHER: Duration = Duration::from_millis(10);

/// Cards that wait to be written.
#[derive(Default)]
pub(crate) struct Writer {
    waiting: Mutex<Vec<Pending>>,
    /// Held by the one who writes for all.
    turn: AsyncMutex<()>,
}

struct Pending {
    finding: Arc<Finding>,
    answer: oneshot::Sender<store::Result<Written>>,
}

impl Writer {
    /// Writes a card, with those of others that are ready meanwhile. `is_alone`: there are none.
    pub(super) async fn write(
        &self,
        store: &Store,
        finding: Arc<Finding>,
        is_alone: bool,
    ) -> Result<Written, Failure> {
        let (answer, mut answered) = oneshot::channel();
        self.waiting().push(Pending { finding, answer });
        let written = tokio::select! {
            biased;
            written = &mut answered => written,
            _turn = self.turn.lock() => {
                if !is_alone {
                    tokio::time::sleep(GATHER).await;
                }
                let batch = std::mem::take(&mut *self.waiting());
                write_for_all(store, batch).await;
                answered.await
            }
        };
        match written {
            Ok(written) => Ok(written?),
            Err(_) => Err(Failure::retry("the run that wrote for this one was cut off")),
        }
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Pending>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One statement for all; if that fails, one for each, so that everybody hears of his own card.
async fn write_for_all(store: &Store, batch: Vec<Pending>) {
    let cards: Vec<Priced<'_>> = batch.iter().map(|pending| pending.finding.priced()).collect();
    let written = match write(store, &cards).await {
        Ok(written) => written.into_iter().map(Ok).collect(),
        Err(error) if cards.len() <= 1 => vec![Err(error)],
        Err(error) => {
            tracing::debug!(%error, cards = cards.len(), "cards are written one by one");
            one_by_one(store, &cards).await
        }
    };
    drop(cards);
    for (pending, written) in batch.into_iter().zip(written) {
        if pending.answer.send(written).is_err() {
            tracing::debug!("a run ended before its card was written");
        }
    }
}

async fn one_by_one(store: &Store, cards: &[Priced<'_>]) -> Vec<store::Result<Written>> {
    let mut written = Vec::with_capacity(cards.len());
    for card in cards {
        let one = write(store, std::slice::from_ref(card)).await;
        written.push(one.map(|mut one| one.remove(0)));
    }
    written
}

async fn write(store: &Store, cards: &[Priced<'_>]) -> store::Result<Vec<Written>> {
    prices::write_all(&store.client().await?, cards).await
}
