//! One loop for each lane: from messages to the ids that the leaser asks for.

use std::sync::Arc;

use broker::{Broker, Consumer, Delivery, Tag};
use commands::{Lane, Pointer};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{ack::Unacked, gate::Gate};

/// A delivery, and where to acknowledge it.
pub(crate) struct Ticket {
    pub(crate) tag: Tag,
    pub(crate) unacked: Unacked,
    /// Runs of a lane that was paused and resumed count towards its slots until they end.
    _slot: OwnedSemaphorePermit,
}

/// A command that was delivered.
pub(crate) struct Delivered {
    pub(crate) id: Uuid,
    pub(crate) ticket: Ticket,
}

/// A lane, and where its deliveries go.
pub(crate) struct LaneLoop {
    pub(crate) lane: Lane,
    pub(crate) broker: Broker,
    pub(crate) leaser: mpsc::Sender<Delivered>,
    pub(crate) gate: Gate,
    pub(crate) stop: CancellationToken,
}

/// Why nothing more is taken.
#[derive(PartialEq, Eq)]
enum Ended {
    Paused,
    Stopped,
}

impl LaneLoop {
    /// Hands on what the lane delivers while it is not paused, until `stop`. Returns the consumer, if
    /// there is one: acknowledgements of what still runs go through its channel, so it must outlive
    /// the runs.
    pub(crate) async fn run(mut self) -> Option<Consumer> {
        let slots = Arc::new(Semaphore::new(self.lane.slots.into()));
        let name = self.lane.name;
        loop {
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return None,
                () = self.gate.opened(name) => {}
            }
            let mut consumer = self.broker.consumer(name, self.lane.slots);
            let unacked = Unacked::new(consumer.acker());
            if self.consume(&mut consumer, &unacked, &slots).await == Ended::Stopped {
                consumer.cancel().await;
                return Some(consumer);
            }
            tracing::info!(lane = name, "the lane is paused: taking nothing more from it");
            consumer.cancel().await;
            // What had arrived runs; the tickets keep the channel open until it is acknowledged.
            while let Some(delivery) = consumer.next().await {
                if self.hand_on(delivery, &unacked, &slots).await == Some(Ended::Stopped) {
                    return Some(consumer);
                }
            }
        }
    }

    async fn consume(
        &mut self,
        consumer: &mut Consumer,
        unacked: &Unacked,
        slots: &Arc<Semaphore>,
    ) -> Ended {
        loop {
            let delivery = tokio::select! {
                biased;
                () = self.stop.cancelled() => return Ended::Stopped,
                () = self.gate.closed(self.lane.name) => return Ended::Paused,
                delivery = consumer.next() => delivery,
            };
            let Some(delivery) = delivery else { return Ended::Stopped };
            if let Some(ended) = self.hand_on(delivery, unacked, slots).await {
                return ended;
            }
        }
    }

    /// Passes a delivery to the leaser; says so when that is the last.
    async fn hand_on(
        &self,
        delivery: Delivery,
        unacked: &Unacked,
        slots: &Arc<Semaphore>,
    ) -> Option<Ended> {
        let tag = delivery.tag;
        unacked.insert(tag);
        let pointer = match Pointer::from_body(&delivery.body) {
            Ok(pointer) => pointer,
            Err(reason) => {
                tracing::error!(reason, routing_key = delivery.routing_key, "message refused");
                unacked.reject(tag).await;
                return None;
            }
        };
        let slot = tokio::select! {
            biased;
            slot = Arc::clone(slots).acquire_owned() => slot.ok()?,
            () = self.stop.cancelled() => return Some(Ended::Stopped),
        };
        let ticket = Ticket { tag, unacked: unacked.clone(), _slot: slot };
        let sent = self.leaser.send(Delivered { id: pointer.id, ticket }).await;
        sent.is_err().then_some(Ended::Stopped)
    }
}
