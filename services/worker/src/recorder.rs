//! Records ends, many at a time, and acknowledges what is recorded.

use std::{mem, slice};

use broker::Tag;
use fail::fail_point;
use store::{
    Session, Store,
    record::{self, End, Run},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    ack::Unacked,
    batch::Batches,
    consume::Ticket,
    retry::{pause, until_made},
};

/// Ends in one statement.
pub(crate) const MAX_BATCH: usize = 256;

/// Deliveries that are done with; `run` is missing when there was nothing to run.
pub(crate) struct Settled {
    pub(crate) run: Option<Run>,
    pub(crate) tickets: Vec<Ticket>,
}

/// What the recorder needs.
pub(crate) struct Recorder {
    pub(crate) store: Store,
    pub(crate) token: Uuid,
    pub(crate) worker: String,
    /// The grace period is over: what cannot be recorded now is left to its lease.
    pub(crate) give_up: CancellationToken,
}

impl Recorder {
    /// Records until the channel closes.
    pub(crate) async fn run(self, mut settled: Batches<Settled>) {
        let mut connection = None;
        loop {
            let batch = settled.next().await;
            if batch.is_empty() {
                return;
            }
            let mut tickets = Vec::with_capacity(batch.len());
            let mut runs = Vec::with_capacity(batch.len());
            for settled in batch {
                runs.extend(settled.run);
                tickets.extend(settled.tickets);
            }
            fail_point!("worker.before-record", |_| std::process::abort());
            if self.record(&mut connection, &mut runs).await.is_none() {
                return;
            }
            fail_point!("worker.before-ack", |_| std::process::abort());
            acknowledge(tickets).await;
        }
    }

    /// Records `runs`, over as many connections as it takes.
    async fn record(
        &self,
        connection: &mut Option<record::Recorder>,
        runs: &mut [Run],
    ) -> Option<()> {
        loop {
            if connection.is_none() {
                *connection = until_made("recording", &self.give_up, || self.connect()).await;
            }
            let recorder = connection.as_ref()?;
            match recorder.record(runs).await {
                Ok(n_recorded) => {
                    report_lost(runs.len() as u64 - n_recorded);
                    return Some(());
                }
                Err(error) if error.is_data() => one_by_one(recorder, runs).await,
                Err(error) => {
                    tracing::warn!(%error, "recording failed: will try again");
                    *connection = None;
                    pause(&self.give_up).await;
                }
            }
        }
    }

    async fn connect(&self) -> store::Result<record::Recorder> {
        let client = self.store.connect(Session::Durable).await?;
        record::Recorder::new(client, self.token, self.worker.clone()).await
    }
}

/// One result that cannot be stored must not hold up the others: find it, and let it end as dead.
async fn one_by_one(recorder: &record::Recorder, runs: &mut [Run]) {
    for run in runs {
        if let Err(error) = recorder.record(slice::from_ref(run)).await
            && error.is_data()
        {
            tracing::error!(command.id = %run.id, %error, "the result cannot be stored");
            run.end = End::Dead { error: format!("the result cannot be stored: {error}") };
        }
    }
}

fn report_lost(lost: u64) {
    if lost > 0 {
        metrics::counter!("leases_lost_total").increment(lost);
        tracing::warn!(lost, "runs ended after their lease was lost: another run decides");
    }
}

/// Acknowledges by consumer: neighbours in the batch mostly share one.
async fn acknowledge(mut tickets: Vec<Ticket>) {
    while let Some(first) = tickets.first() {
        let unacked: Unacked = first.unacked.clone();
        let (mine, others): (Vec<Ticket>, Vec<Ticket>) =
            mem::take(&mut tickets).into_iter().partition(|t| t.unacked.is(&unacked));
        let tags: Vec<Tag> = mine.iter().map(|ticket| ticket.tag).collect();
        unacked.settle(&tags).await;
        tickets = others;
    }
}
