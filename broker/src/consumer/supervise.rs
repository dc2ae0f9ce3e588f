use std::sync::Arc;

use lapin::options::{BasicCancelOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::{FieldTable, ShortString};
use lapin::{Channel, Connection};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::Subscription;
use super::acker::Live;
use crate::Topology;
use crate::address::Address;
use crate::connection::{self, Link, State};
use crate::topology::{self, Control};

/// Keeps a subscription for as long as there is a connection.
pub(super) struct Supervisor {
    pub(super) address: Arc<Address>,
    pub(super) topology: Arc<Topology>,
    pub(super) states: watch::Receiver<State>,
    pub(super) queue: String,
    pub(super) prefetch: u16,
    pub(super) epoch: u64,
    pub(super) subscriptions: mpsc::Sender<Subscription>,
    pub(super) live: Live,
    pub(super) link: watch::Sender<Link>,
    pub(super) ended: watch::Receiver<u64>,
    pub(super) cancel: CancellationToken,
}

impl Supervisor {
    /// Returns after a cancel. The channel lives on in `live`, for the acknowledgements.
    pub(super) async fn run(mut self) {
        let cancel = self.cancel.clone();
        let mut delays = connection::backoff();
        // Set once a subscription has ended under a living connection: the queue may be gone.
        let mut redeclare = false;
        loop {
            let state = self.states.borrow_and_update().clone();
            let Some(connection) = state.connection() else {
                redeclare = false;
                self.link.send_replace(state.link());
                match cancel.run_until_cancelled(self.states.changed()).await {
                    Some(Ok(())) => continue,
                    _ => return,
                }
            };
            let opened = cancel.run_until_cancelled(self.open(connection, redeclare)).await;
            match opened {
                None => return,
                Some(Ok((channel, tag))) => {
                    delays = connection::backoff();
                    if !self.attend(connection, &channel, tag).await {
                        return;
                    }
                }
                Some(Err(reason)) => drop(self.link.send_replace(Link::Down(reason))),
            }
            redeclare = true;
            // Also when the connection is gone: its keeper needs a moment to see that, and a loop
            // that never waits would not let it.
            let pause = connection::pause(&mut delays);
            if cancel.run_until_cancelled(pause).await.is_none() {
                return;
            }
        }
    }

    async fn open(
        &mut self,
        connection: &Arc<Connection>,
        redeclare: bool,
    ) -> Result<(Arc<Channel>, ShortString), String> {
        if redeclare {
            let mut control = Control::new(&self.address, connection);
            // Differences do not hinder consuming, and were reported at the start.
            if let Err(error) = topology::declare(&mut control, &self.topology).await {
                tracing::warn!(%error, "cannot restore the topology");
            }
        }
        // On a task of its own, which outlives us when we are dropped while we wait. lapin cancels
        // a consumer that somebody drops; one whose answer nobody awaits it keeps, channel and all,
        // and what the broker delivers to that is never seen.
        let queue = self.queue.as_str().into();
        let task = tokio::spawn(subscribe(Arc::clone(connection), queue, self.prefetch));
        let subscribed = task.await.map_err(|error| error.to_string())?;
        let (channel, deliveries) = subscribed.map_err(|error| error.to_string())?;
        let tag = deliveries.tag();
        self.epoch += 1;
        self.live.set(self.epoch, Arc::clone(&channel));
        let subscription = Subscription { epoch: self.epoch, deliveries };
        // Fails only when the consumer has been dropped, which stops this task.
        drop(self.subscriptions.send(subscription).await);
        self.link.send_replace(Link::Up);
        Ok((channel, tag))
    }

    /// Waits for the end of the subscription. `false` if we ended it.
    async fn attend(
        &mut self,
        connection: &Arc<Connection>,
        channel: &Channel,
        tag: ShortString,
    ) -> bool {
        let epoch = self.epoch;
        loop {
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => {
                    // Wait for the answer: after it, no delivery can come any more. It fails
                    // only with the channel, and then none can come either.
                    drop(channel.basic_cancel(tag, BasicCancelOptions { nowait: false }).await);
                    return false;
                }
                () = end_of(epoch, &mut self.ended) => {
                    self.link.send_replace(Link::Down("cancelled by the broker".to_owned()));
                    return true;
                }
                _ = self.states.changed() => {
                    let state = self.states.borrow_and_update().clone();
                    if state.connection().is_none_or(|current| !Arc::ptr_eq(current, connection)) {
                        return true;
                    }
                }
            }
        }
    }
}

async fn subscribe(
    connection: Arc<Connection>,
    queue: ShortString,
    prefetch: u16,
) -> lapin::Result<(Arc<Channel>, lapin::Consumer)> {
    let channel = Arc::new(connection.create_channel().await?);
    // Before consuming, else the whole queue comes at once. Per consumer: quorum queues do not
    // know the other kind, and 3.10 closes the connection when asked for it.
    channel.basic_qos(prefetch, BasicQosOptions { global: false }).await?;
    let options = BasicConsumeOptions {
        // Not supported by RabbitMQ.
        no_local: false,
        // A message leaves the queue only when its result is recorded.
        no_ack: false,
        // Workers share the queue.
        exclusive: false,
        // We want to hear the refusal.
        nowait: false,
    };
    // The broker makes up a tag.
    let tag = ShortString::default();
    let deliveries = channel.basic_consume(queue, tag, options, FieldTable::default()).await?;
    Ok((channel, deliveries))
}

/// Returns when the consumer has seen the end of this subscription.
async fn end_of(epoch: u64, ended: &mut watch::Receiver<u64>) {
    if ended.wait_for(|ended| *ended == epoch).await.is_err() {
        // The consumer has been dropped, which stops this task in a moment.
        std::future::pending::<()>().await;
    }
}
