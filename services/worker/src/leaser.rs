//! Takes leases for what was delivered, many at a time, and starts the runs.

use std::{collections::HashMap, sync::Arc};

use store::{
    Session, Store,
    lease::{Leased, Lessor},
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    batch::Batches,
    consume::{Delivered, Ticket},
    recorder::Settled,
    retry::{pause, until_made},
    run::Runner,
};

/// Leases in one statement: half of what a busy lane holds, so that the other half is being run,
/// recorded or on its way.
pub(crate) const MAX_BATCH: usize = 256;

/// What the leaser needs.
pub(crate) struct Leaser {
    pub(crate) store: Store,
    pub(crate) token: Uuid,
    pub(crate) lease_seconds: f64,
    pub(crate) runner: Arc<Runner>,
    pub(crate) recorder: mpsc::Sender<Settled>,
    pub(crate) stop: CancellationToken,
}

impl Leaser {
    /// Leases until the channel closes or `stop`; what is not leased by then goes back to the
    /// broker with the connection.
    pub(crate) async fn run(self, mut delivered: Batches<Delivered>) {
        let mut lessor = None;
        loop {
            let batch = tokio::select! {
                biased;
                () = self.stop.cancelled() => return,
                batch = delivered.next() => batch,
            };
            if batch.is_empty() {
                return;
            }
            let (mut ids, tickets) = split(batch);
            let Some(leased) = self.lease(&mut lessor, &mut ids).await else { return };
            self.start(leased, tickets).await;
        }
    }

    /// Leases `ids`, over as many connections as it takes.
    async fn lease(&self, lessor: &mut Option<Lessor>, ids: &mut Vec<Uuid>) -> Option<Vec<Leased>> {
        loop {
            if lessor.is_none() {
                *lessor = until_made("leases", &self.stop, || self.connect()).await;
            }
            match lessor.as_ref()?.lease(ids).await {
                Ok(leased) => return Some(leased),
                Err(error) => {
                    tracing::warn!(%error, "leasing failed: will try again");
                    *lessor = None;
                    pause(&self.stop).await;
                }
            }
        }
    }

    async fn connect(&self) -> store::Result<Lessor> {
        let client = self.store.connect(Session::Relaxed).await?;
        Lessor::new(client, self.token, self.lease_seconds).await
    }

    /// Starts what was leased; what was refused has nothing to run and is acknowledged.
    async fn start(&self, leased: Vec<Leased>, mut tickets: HashMap<Uuid, Vec<Ticket>>) {
        for command in leased {
            let tickets = tickets.remove(&command.id).unwrap_or_default();
            self.runner.start(command, tickets, self.recorder.clone());
        }
        for ticket in tickets.into_values().flatten() {
            metrics::counter!("inbox_duplicates_total").increment(1);
            // It travels through the recorder like a run, so that acknowledgements keep order.
            if self.recorder.send(Settled { run: None, tickets: vec![ticket] }).await.is_err() {
                return;
            }
        }
    }
}

/// A command can be delivered twice in one batch: then it has two tickets.
fn split(batch: Vec<Delivered>) -> (Vec<Uuid>, HashMap<Uuid, Vec<Ticket>>) {
    let mut tickets: HashMap<Uuid, Vec<Ticket>> = HashMap::with_capacity(batch.len());
    for Delivered { id, ticket } in batch {
        tickets.entry(id).or_default().push(ticket);
    }
    (tickets.keys().copied().collect(), tickets)
}
