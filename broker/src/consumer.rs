//! Consuming, one channel per consumer.

mod acker;
mod convert;
mod supervise;

use std::sync::Arc;

use futures::StreamExt;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::address::Address;
use crate::connection::{Link, State};
use crate::{Delivery, Topology};
use acker::Live;
pub use acker::{Ack, Acker};

/// Receives the messages of one queue, and keeps itself connected. After a loss of the channel
/// the broker delivers again what was not acknowledged.
pub struct Consumer {
    /// The running subscription, if any.
    current: Option<Subscription>,
    subscriptions: mpsc::Receiver<Subscription>,
    /// Tells the supervisor the epoch of the last subscription that has ended.
    ended: watch::Sender<u64>,
    live: Live,
    link: watch::Receiver<Link>,
    cancel: CancellationToken,
    cancelled: CancellationToken,
    _stop: DropGuard,
}

/// A stream of deliveries on one channel.
pub(crate) struct Subscription {
    epoch: u64,
    deliveries: lapin::Consumer,
}

impl Consumer {
    pub(crate) fn start(
        address: &Arc<Address>,
        topology: &Arc<Topology>,
        states: watch::Receiver<State>,
        queue: String,
        prefetch: u16,
    ) -> Self {
        // One is enough: the next subscription is made only after the end of the previous.
        let (subscription, subscriptions) = mpsc::channel(1);
        let (link_sender, link) = watch::channel(Link::Connecting);
        let (ended, ended_receiver) = watch::channel(0);
        let stop = CancellationToken::new();
        let supervisor = supervise::Supervisor {
            address: Arc::clone(address),
            topology: Arc::clone(topology),
            states,
            queue,
            prefetch,
            epoch: 0,
            subscriptions: subscription,
            live: Live::default(),
            link: link_sender,
            ended: ended_receiver,
            cancel: CancellationToken::new(),
        };
        let cancelled = CancellationToken::new();
        let consumer = Self {
            current: None,
            subscriptions,
            ended,
            live: supervisor.live.clone(),
            link,
            cancel: supervisor.cancel.clone(),
            cancelled: cancelled.clone(),
            _stop: stop.clone().drop_guard(),
        };
        tokio::spawn(async move {
            stop.run_until_cancelled_owned(supervisor.run()).await;
            cancelled.cancel();
        });
        consumer
    }

    /// The next delivery. Waits through losses of the connection; `None` only after
    /// [`Consumer::cancel`], once everything that had arrived was handed out. Nothing is lost
    /// when the future is dropped before it is ready.
    pub async fn next(&mut self) -> Option<Delivery> {
        loop {
            if let Some(current) = &mut self.current {
                if let Some(Ok(delivery)) = current.deliveries.next().await {
                    return Some(convert::delivery(delivery, current.epoch));
                }
                // An error or the end: the supervisor knows or finds out why.
                self.ended.send_replace(current.epoch);
                self.current = None;
            }
            self.current = Some(self.subscriptions.recv().await?);
        }
    }

    /// Acknowledges deliveries of this consumer, from any task.
    pub fn acker(&self) -> Acker {
        Acker::new(self.live.clone())
    }

    /// Stops new deliveries and returns once the broker has agreed. Acknowledging still works;
    /// what is not acknowledged goes back to the queue when consumer and ackers are dropped.
    pub async fn cancel(&self) {
        self.cancel.cancel();
        self.cancelled.cancelled().await;
    }

    /// The state of the subscription.
    pub fn link(&self) -> watch::Receiver<Link> {
        self.link.clone()
    }
}
