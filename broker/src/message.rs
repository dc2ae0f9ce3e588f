//! What goes in and what comes out.

use bytes::Bytes;
use uuid::Uuid;

/// Bodies above this are refused before they reach the socket. A message is a pointer to a row,
/// and RabbitMQ 4 closes the channel at 16 MiB.
pub const BODY_LIMIT_BYTES: usize = 256 * 1024;

/// A message to publish.
#[derive(Debug, Clone)]
pub struct Message {
    /// Sent as `message_id`. A message that is sent again keeps its id, so that its receiver
    /// can tell.
    pub id: Uuid,
    /// The dotted name of the command; its first segment is the lane. At most 255 bytes.
    pub routing_key: String,
    /// JSON, at most [`BODY_LIMIT_BYTES`].
    pub body: Bytes,
    /// W3C trace context, sent as the header of that name.
    pub traceparent: Option<String>,
}

/// What became of a published message. Only [`Outcome::Acked`] means that the broker has it
/// in a queue, on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// In a queue and durable.
    Acked,
    /// Refused, because the queue is full or its leader cannot take it.
    Nacked,
    /// No queue is bound for the routing key; the message is gone.
    Returned {
        /// AMQP reply code, 312 for "no route".
        code: u16,
        /// The broker's words.
        text: String,
    },
    /// No answer within the confirm timeout. The message may or may not have arrived: send it
    /// again under the same id.
    TimedOut,
    /// The channel was down, was blocked by the broker, or died before the confirm came. If it
    /// died, the message may still have arrived.
    ChannelError(String),
    /// The body is longer than [`BODY_LIMIT_BYTES`]; nothing was sent.
    TooLarge,
}

/// A message as it came from a queue.
#[derive(Debug)]
pub struct Delivery {
    /// The bytes that were published. Untrusted.
    pub body: Bytes,
    /// The routing key under which it was published, also after dead-lettering.
    pub routing_key: String,
    /// The broker may have delivered it before, to us or to somebody else.
    pub redelivered: bool,
    /// Names this delivery when acknowledging.
    pub tag: Tag,
    /// W3C trace context of the publisher, if it sent one.
    pub traceparent: Option<String>,
    /// Set on messages from the dead-letter queue.
    pub death: Option<Death>,
}

/// Why and where a message died.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Death {
    /// `rejected`, `delivery_limit`, `expired` or `maxlen`.
    pub reason: String,
    /// The queue that gave it up.
    pub queue: String,
}

/// Names one delivery of one consumer. Tags of a consumer grow in the order of delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag {
    epoch: u64,
    number: u64,
}

impl Tag {
    /// The broker numbers deliveries from 1 on every channel; the epoch counts the channels that
    /// this consumer has had.
    pub fn new(epoch: u64, number: u64) -> Self {
        Self { epoch, number }
    }

    /// Which channel of its consumer, counted from 1.
    pub fn epoch(self) -> u64 {
        self.epoch
    }

    /// The number of the delivery on that channel, counted from 1 without gaps.
    pub fn number(self) -> u64 {
        self.number
    }
}
