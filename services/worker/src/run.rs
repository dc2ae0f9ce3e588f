//! Runs one command, and turns what happens into what should be recorded.

use std::{any::Any, panic::AssertUnwindSafe, sync::Arc, time::Instant};

use commands::{Callbacks, Context, Definition, Failure, Folders, Market};
use fail::fail_point;
use futures::FutureExt;
use serde_json::Value;
use store::{
    Store,
    lease::Leased,
    record::{End, Run},
};
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;
use tracing::Instrument;

use crate::{consume::Ticket, held::Held, recorder::Settled, retry::pause_seconds};

/// Pause for a command that this build does not know: another worker may, or a newer one will.
const UNKNOWN_PAUSE_SECONDS: f64 = 60.0;

/// Starts runs and keeps track of them.
pub(crate) struct Runner {
    pub(crate) store: Store,
    pub(crate) folders: Arc<Folders>,
    pub(crate) market: Arc<Market>,
    pub(crate) callbacks: Arc<Callbacks>,
    pub(crate) held: Held,
    pub(crate) tasks: TaskTracker,
}

impl Runner {
    /// Runs `command` on a task of its own; its end goes to the recorder.
    pub(crate) fn start(
        self: &Arc<Self>,
        command: Leased,
        tickets: Vec<Ticket>,
        recorder: mpsc::Sender<Settled>,
    ) {
        let cancelled = self.held.insert(command.id, command.attempt);
        let runner = Arc::clone(self);
        let (id, attempt) = (command.id, command.attempt);
        let context = self.context(&command, cancelled);
        let span = tracing::info_span!(
            "command",
            command.id = %id,
            command.name = command.name,
            tenant.id = command.tenant_id.map(tracing::field::display),
            attempt,
            traceparent = command.traceparent,
        );
        let work = async move {
            let end = run(command, context).await;
            runner.held.remove(id);
            let settled = Settled { run: Some(Run { id, attempt, end }), tickets };
            // A closed recorder means that the worker is past its grace period.
            drop(recorder.send(settled).await);
        };
        self.tasks.spawn(work.instrument(span));
    }

    fn context(&self, command: &Leased, cancelled: tokio_util::sync::CancellationToken) -> Context {
        let (held, id) = (self.held.clone(), command.id);
        Context {
            command_id: command.id,
            attempt: command.attempt,
            store: self.store.clone(),
            folders: Arc::clone(&self.folders),
            market: Arc::clone(&self.market),
            callbacks: Arc::clone(&self.callbacks),
            reporter: Arc::new(move |progress| held.report(id, progress)),
            cancelled,
        }
    }
}

async fn run(command: Leased, context: Context) -> End {
    let Some(definition) = commands::find(&command.name) else {
        let reason = format!("no command `{}` in this version", command.name);
        return End::Postponed { after_seconds: UNKNOWN_PAUSE_SECONDS, reason };
    };
    if command.cancel_requested {
        return End::Cancelled;
    }
    let started = Instant::now();
    let end = match last_words(definition, command.attempt) {
        Some(error) => End::Dead { error },
        None => attempt(definition, command, context).await,
    };
    observe(definition.name, &end, started);
    end
}

/// Why a command may not run once more. A failure of its last run would have ended it, so a lease
/// beyond that run says that its worker died, maybe of it: it shall not take the next one along.
fn last_words(definition: &Definition, attempt: i32) -> Option<String> {
    let max = definition.max_attempts;
    (attempt > max).then(|| format!("given up after {max} runs: the last one lost its worker"))
}

async fn attempt(definition: &Definition, command: Leased, context: Context) -> End {
    fail_point!("worker.before-run", |_| std::process::abort());
    fail_point!("worker.result", |_| End::Succeeded("\0".into()));
    let attempt = command.attempt;
    let work = definition.run(command.payload, context);
    let result = AssertUnwindSafe(work).catch_unwind().await;
    end(definition, attempt, result)
}

/// What follows from the result of one run.
fn end(
    definition: &Definition,
    attempt: i32,
    result: Result<Result<Value, Failure>, Box<dyn Any + Send>>,
) -> End {
    let failure = match result {
        Ok(Ok(value)) => return End::Succeeded(value),
        Ok(Err(failure)) => failure,
        Err(panic) => Failure::retry(format!("panicked: {}", panic_message(panic.as_ref()))),
    };
    let error = failure.to_string();
    match failure {
        Failure::Cancelled => End::Cancelled,
        Failure::Postpone { after, reason } => {
            End::Postponed { after_seconds: after.as_secs_f64(), reason }
        }
        Failure::Reject(_) => End::Dead { error },
        Failure::Retry(_) if attempt >= definition.max_attempts => End::Dead { error },
        Failure::Retry(_) => End::Retry { after_seconds: pause_seconds(attempt), error },
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

/// Logs and counts the end of a run; the one place that logs a failed command.
fn observe(name: &'static str, end: &End, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    metrics::histogram!("job_run_seconds", "kind" => name).record(seconds);
    metrics::counter!("jobs_finished_total", "kind" => name, "outcome" => end.outcome())
        .increment(1);
    match end {
        End::Succeeded(_) => tracing::debug!(seconds, "command succeeded"),
        End::Retry { after_seconds, error } => {
            tracing::warn!(seconds, after_seconds, error, "command failed and will run again");
        }
        End::Dead { error } => tracing::error!(seconds, error, "command failed for good"),
        End::Postponed { after_seconds, reason } => {
            tracing::info!(after_seconds, reason, "command postponed");
        }
        End::Cancelled | End::Released => tracing::info!(seconds, "command stopped"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn after(attempt: i32, failure: Failure) -> End {
        end(commands::find("diagnostics.ping").unwrap(), attempt, Ok(Err(failure)))
    }

    #[test]
    fn a_failure_says_what_happens_next() {
        let retried = after(1, Failure::retry("away"));
        assert!(matches!(retried, End::Retry { error, .. } if error == "away"));
        assert_eq!(after(5, Failure::retry("away")), End::Dead { error: "away".into() });
        assert_eq!(after(1, Failure::reject("wrong")), End::Dead { error: "wrong".into() });
        assert_eq!(after(9, Failure::Cancelled), End::Cancelled);
        let postpone = Failure::Postpone { after: Duration::from_secs(5), reason: "quota".into() };
        let postponed = End::Postponed { after_seconds: 5.0, reason: "quota".into() };
        assert_eq!(after(9, postpone), postponed);
    }

    #[test]
    fn a_command_that_lost_its_worker_in_its_last_run_is_given_up() {
        let definition = commands::find("diagnostics.ping").unwrap();
        assert_eq!(last_words(definition, definition.max_attempts), None);
        let words = last_words(definition, definition.max_attempts + 1).unwrap();
        assert_eq!(commands::phrase::cause(&words).unwrap().key, "worker-lost");
    }

    #[tokio::test]
    async fn a_panic_is_a_failure_of_that_run() {
        let work = async { panic!("boom {}", 1) };
        let result = AssertUnwindSafe(work).catch_unwind().await;
        let end = end(commands::find("diagnostics.ping").unwrap(), 1, result);
        assert!(matches!(end, End::Retry { error, .. } if error == "panicked: boom 1"));
    }
}
