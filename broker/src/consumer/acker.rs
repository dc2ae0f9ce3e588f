use std::sync::{Arc, PoisonError, RwLock};

use lapin::Channel;
use lapin::options::{BasicAckOptions, BasicRejectOptions};

use crate::{Tag, metric};

/// What became of an acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ack {
    /// Written to the socket of the channel that delivered the message.
    Done,
    /// The channel of that delivery is gone, so nothing was sent: the broker delivers the
    /// message again, to us or to somebody else.
    Stale,
}

/// The channel in use, shared between a consumer, its supervisor and its ackers.
#[derive(Clone, Default)]
pub(crate) struct Live(Arc<RwLock<Option<Current>>>);

struct Current {
    epoch: u64,
    channel: Arc<Channel>,
}

impl Live {
    pub(super) fn set(&self, epoch: u64, channel: Arc<Channel>) {
        // A panic cannot leave a half-written value behind.
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Current { epoch, channel });
    }

    fn channel(&self, epoch: u64) -> Option<Arc<Channel>> {
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().filter(|c| c.epoch == epoch).map(|c| Arc::clone(&c.channel))
    }
}

/// Acknowledges deliveries of one consumer. Acknowledge each delivery once: the broker closes
/// the channel of those who do it twice.
#[derive(Clone)]
pub struct Acker {
    live: Live,
}

impl Acker {
    pub(super) fn new(live: Live) -> Self {
        Self { live }
    }

    /// The message is done with.
    pub async fn ack(&self, tag: Tag) -> Ack {
        self.acknowledge(tag, false).await
    }

    /// This message and all that were delivered before it on the same channel are done with.
    /// Costs the broker far less than one by one. Those before it may have been acknowledged
    /// already, this one may not.
    pub async fn ack_up_to(&self, tag: Tag) -> Ack {
        self.acknowledge(tag, true).await
    }

    /// The message can never be done: to the dead letters with it.
    pub async fn reject(&self, tag: Tag) -> Ack {
        self.give_back(tag, false).await
    }

    /// Somebody else should do it. Counts towards the delivery limit on RabbitMQ 3.10 and 4.x
    /// alike, which a negative acknowledgement does not.
    pub async fn requeue(&self, tag: Tag) -> Ack {
        self.give_back(tag, true).await
    }

    async fn acknowledge(&self, tag: Tag, multiple: bool) -> Ack {
        let Some(channel) = self.live.channel(tag.epoch()) else {
            return stale();
        };
        sent(&channel.basic_ack(tag.number(), BasicAckOptions { multiple }).await)
    }

    async fn give_back(&self, tag: Tag, requeue: bool) -> Ack {
        let Some(channel) = self.live.channel(tag.epoch()) else {
            return stale();
        };
        sent(&channel.basic_reject(tag.number(), BasicRejectOptions { requeue }).await)
    }
}

fn sent(result: &lapin::Result<()>) -> Ack {
    // The only reason to fail is that the channel has just died.
    if result.is_ok() { Ack::Done } else { stale() }
}

fn stale() -> Ack {
    metric::stale_ack();
    Ack::Stale
}
