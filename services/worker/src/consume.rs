//! One loop for each lane: from messages to the ids that the leaser asks for.

use broker::{Consumer, Tag};
use commands::Pointer;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::ack::Unacked;

/// A delivery, and where to acknowledge it.
pub(crate) struct Ticket {
    pub(crate) tag: Tag,
    pub(crate) unacked: Unacked,
}

/// A command that was delivered.
pub(crate) struct Delivered {
    pub(crate) id: Uuid,
    pub(crate) ticket: Ticket,
}

/// Hands on what the lane delivers, until `stop`. Returns the consumer: acknowledgements of what
/// still runs go through its channel, so it must outlive the runs.
pub(crate) async fn consume(
    mut consumer: Consumer,
    leaser: mpsc::Sender<Delivered>,
    stop: CancellationToken,
) -> Consumer {
    let unacked = Unacked::new(consumer.acker());
    loop {
        let delivery = tokio::select! {
            biased;
            () = stop.cancelled() => break,
            delivery = consumer.next() => delivery,
        };
        let Some(delivery) = delivery else { break };
        let tag = delivery.tag;
        unacked.insert(tag);
        match Pointer::from_body(&delivery.body) {
            Ok(pointer) => {
                let ticket = Ticket { tag, unacked: unacked.clone() };
                if leaser.send(Delivered { id: pointer.id, ticket }).await.is_err() {
                    break;
                }
            }
            Err(reason) => {
                tracing::error!(reason, routing_key = delivery.routing_key, "message refused");
                unacked.reject(tag).await;
            }
        }
    }
    consumer.cancel().await;
    consumer
}
