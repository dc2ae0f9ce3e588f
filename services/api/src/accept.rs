//! Accepts commands in batches: one commit for whatever requests are waiting.
//!
//! Requests go through a bounded queue to one committer with a connection of its own. At low load a
//! batch is one command and nothing waits; under load, batches grow by themselves. A second committer
//! would only split the batches, and wait for the first where both notify the relay.

use std::time::{Duration, Instant};

use store::accept::{Accepted, NewCommand};
use store::{Session, Store};
use tokio::sync::{mpsc, oneshot};
use vital::Vital;

use crate::problem::Problem;

/// Commands that may wait to be accepted; more are refused with 503.
const QUEUE: usize = 8192;
/// Commands in one commit.
const MAX_BATCH: usize = 512;
/// Tries of a batch that lost a deadlock against a batch of another process.
const TRIES: usize = 4;
/// A commit that takes longer says that the machine has too much to do.
const SLOW_COMMIT: Duration = Duration::from_millis(3);
/// Pause before the next try to connect.
const RECONNECT_PAUSE: Duration = Duration::from_millis(250);

/// The way in for new commands.
#[derive(Clone)]
pub(crate) struct Accepter {
    queue: mpsc::Sender<Pending>,
}

struct Pending {
    command: NewCommand,
    answer: oneshot::Sender<Result<Accepted, Problem>>,
}

impl Accepter {
    /// Starts the committer; it ends when the accepter and all its clones are dropped.
    pub(crate) fn start(store: &Store, vital: &Vital) -> Accepter {
        let (sender, receiver) = mpsc::channel(QUEUE);
        vital.spawn("committer", commit(store.clone(), receiver));
        Accepter { queue: sender }
    }

    /// Returns once `command` is on disk, or is known from before.
    pub(crate) async fn accept(&self, command: NewCommand) -> Result<Accepted, Problem> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Pending { command, answer }).map_err(|_| Problem::Overloaded)?;
        answered.await.unwrap_or(Err(Problem::Unavailable))
    }
}

/// The committer: takes what waits, commits it, answers.
async fn commit(store: Store, mut queue: mpsc::Receiver<Pending>) {
    let mut connection = None;
    let mut batch = Vec::with_capacity(MAX_BATCH);
    while queue.recv_many(&mut batch, MAX_BATCH).await > 0 {
        let n_commands = batch.len();
        metrics::histogram!("accept_batch_commands").record(size(n_commands));
        let pending = std::mem::take(&mut batch);
        let started = Instant::now();
        match connect(&store, connection.take()).await {
            Ok(accepter) => {
                accept(&accepter, pending).await;
                connection = Some(accepter);
                linger(n_commands, started.elapsed()).await;
            }
            Err(error) => {
                tracing::warn!(%error, "commands cannot be accepted");
                refuse_all(pending);
                tokio::time::sleep(RECONNECT_PAUSE).await;
            }
        }
    }
}

/// Lets the next batch grow while the machine is at its limit, which a slow commit shows: fewer
/// commits then leave it more time for the rest. A quick commit is followed by the next at once.
async fn linger(n_commands: usize, commit: Duration) {
    if commit > SLOW_COMMIT {
        tokio::time::sleep(store::linger::linger(n_commands)).await;
    }
}

async fn connect(
    store: &Store,
    connection: Option<store::accept::Accepter>,
) -> store::Result<store::accept::Accepter> {
    match connection {
        Some(accepter) if !accepter.is_closed() => Ok(accepter),
        _ => store::accept::Accepter::new(store.connect(Session::Durable).await?).await,
    }
}

async fn accept(accepter: &store::accept::Accepter, pending: Vec<Pending>) {
    let (commands, answers): (Vec<_>, Vec<_>) =
        pending.into_iter().map(|pending| (pending.command, pending.answer)).unzip();
    match accept_all(accepter, &commands).await {
        Ok(outcomes) => {
            fail::fail_point!("api.before-answer", |_| std::process::abort());
            for (outcome, answer) in outcomes.into_iter().zip(answers) {
                tell(answer, Ok(outcome));
            }
        }
        Err(error) if error.is_data() => {
            // One row spoils the batch; only its sender shall hear of it.
            for (command, answer) in commands.into_iter().zip(answers) {
                let outcome = accept_all(accepter, std::slice::from_ref(&command)).await;
                tell(answer, outcome.map_err(culprit).map(|mut outcomes| outcomes.remove(0)));
            }
        }
        Err(error) => {
            tracing::warn!(%error, commands = commands.len(), "a batch was not accepted");
            for answer in answers {
                tell(answer, Err(Problem::Unavailable));
            }
        }
    }
}

/// Batches can deadlock on idempotency keys that they share; the loser simply tries again.
async fn accept_all(
    accepter: &store::accept::Accepter,
    commands: &[NewCommand],
) -> store::Result<Vec<Accepted>> {
    let mut tries = 1;
    loop {
        match accepter.accept(commands).await {
            Err(error) if error.is_transient() && !accepter.is_closed() && tries < TRIES => {
                tracing::debug!(%error, "a batch is tried again");
                tries += 1;
            }
            outcome => return outcome,
        }
    }
}

/// The row that PostgreSQL refuses by itself.
fn culprit(error: store::Error) -> Problem {
    if error.is_data() {
        tracing::info!(%error, "a command cannot be stored");
        return Problem::Malformed(
            "the parameters hold text that cannot be stored, such as the character U+0000".into(),
        );
    }
    Problem::from(error)
}

fn refuse_all(pending: Vec<Pending>) {
    for pending in pending {
        tell(pending.answer, Err(Problem::Unavailable));
    }
}

/// A client that went away is no longer told; its command stays accepted.
fn tell(answer: oneshot::Sender<Result<Accepted, Problem>>, outcome: Result<Accepted, Problem>) {
    if answer.send(outcome).is_err() {
        tracing::debug!("a client left before its command was accepted");
    }
}

fn size(commands: usize) -> f64 {
    u32::try_from(commands).map_or(f64::MAX, f64::from)
}
