//! Statements for several runs of one process at once.
//!
//! Most of what it costs to read or write a card is the statement, not the card. So whoever comes
//! first waits a moment for the others and works for all of them; who is alone does not wait.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::Store;
use tokio::sync::{Mutex as AsyncMutex, oneshot};

use crate::Failure;

/// A statement that serves several.
pub(crate) trait Statement {
    /// What one of them asks for.
    type Item: Send + Sync;
    type Answer: Send;
    /// What the first waits for the others: little beside a call to the marketplace.
    const GATHER: Duration;

    /// One answer for each item, in their order.
    fn run(
        store: &Store,
        items: &[Self::Item],
    ) -> impl Future<Output = store::Result<Vec<Self::Answer>>> + Send;
}

/// Those who wait for the same statement.
pub(crate) struct Together<S: Statement> {
    waiting: Mutex<Vec<Pending<S>>>,
    /// Held by the one who works for all.
    turn: AsyncMutex<()>,
}

struct Pending<S: Statement> {
    item: S::Item,
    answer: oneshot::Sender<store::Result<S::Answer>>,
}

impl<S: Statement> Together<S> {
    /// Asks, with others that do so meanwhile. `is_alone`: there are none.
    pub(super) async fn ask(
        &self,
        store: &Store,
        item: S::Item,
        is_alone: bool,
    ) -> Result<S::Answer, Failure> {
        let (answer, mut answered) = oneshot::channel();
        self.waiting().push(Pending { item, answer });
        let answer = tokio::select! {
            biased;
            answer = &mut answered => answer,
            _turn = self.turn.lock() => {
                if !is_alone {
                    tokio::time::sleep(S::GATHER).await;
                }
                let pending = std::mem::take(&mut *self.waiting());
                answer_all(store, pending).await;
                answered.await
            }
        };
        match answer {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Failure::retry("the run that asked for this one was cut off")),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Pending<S>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Statement> Default for Together<S> {
    fn default() -> Together<S> {
        Together { waiting: Mutex::default(), turn: AsyncMutex::default() }
    }
}

/// One statement for all; if that fails, one for each, so that everybody hears of his own card.
async fn answer_all<S: Statement>(store: &Store, pending: Vec<Pending<S>>) {
    let (items, askers): (Vec<_>, Vec<_>) =
        pending.into_iter().map(|pending| (pending.item, pending.answer)).unzip();
    let answers = match S::run(store, &items).await {
        Ok(answers) => answers.into_iter().map(Ok).collect(),
        Err(error) if items.len() <= 1 => vec![Err(error)],
        Err(error) => {
            tracing::debug!(%error, cards = items.len(), "cards are taken one by one");
            one_by_one::<S>(store, &items).await
        }
    };
    for (asker, answer) in askers.into_iter().zip(answers) {
        if asker.send(answer).is_err() {
            tracing::debug!("a run ended before it was answered");
        }
    }
}

async fn one_by_one<S: Statement>(
    store: &Store,
    items: &[S::Item],
) -> Vec<store::Result<S::Answer>> {
    let mut answers = Vec::with_capacity(items.len());
    for item in items {
        let one = S::run(store, std::slice::from_ref(item)).await;
        answers.push(one.map(|mut one| one.remove(0)));
    }
    answers
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures::future::join_all;
    use store::{Config, Error, Role};

    use super::*;

    /// Doubles, and takes no nought.
    enum Double {}

    thread_local! {
        static N_RUNS: Cell<usize> = const { Cell::new(0) };
    }

    impl Statement for Double {
        type Item = i64;
        type Answer = i64;
        const GATHER: Duration = Duration::from_millis(10);

        async fn run(_: &Store, numbers: &[i64]) -> store::Result<Vec<i64>> {
            N_RUNS.set(N_RUNS.get() + 1);
            if numbers.contains(&0) {
                return Err(Error::Value("nought".into()));
            }
            Ok(numbers.iter().map(|number| 2 * number).collect())
        }
    }

    async fn asked(numbers: &[i64]) -> Vec<Option<i64>> {
        let url = "postgresql://nobody:nothing@127.0.0.1:1/none".into();
        let store = Store::new(&Config { url, role: Role::Worker, pool_size: 1 }).unwrap();
        let together = Together::<Double>::default();
        let is_alone = numbers.len() == 1;
        let asks = numbers.iter().map(|number| together.ask(&store, *number, is_alone));
        join_all(asks).await.into_iter().map(Result::ok).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn one_statement_answers_all_and_a_failure_only_its_own() {
        assert_eq!(asked(&[1, 2, 1]).await, [Some(2), Some(4), Some(2)]);
        assert_eq!(N_RUNS.take(), 1);
        assert_eq!(asked(&[1, 0, 3]).await, [Some(2), None, Some(6)]);
        assert_eq!(N_RUNS.take(), 4, "for all, and for each");
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_who_is_alone() {
        let began = tokio::time::Instant::now();
        assert_eq!(asked(&[0]).await, [None]);
        assert_eq!(began.elapsed(), Duration::ZERO);
    }
}
