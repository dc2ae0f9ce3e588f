//! What exists on the broker: every exchange, queue, binding and argument, and nowhere else.
//!
//! Only what behaves alike on RabbitMQ 3.10, 3.13 and 4.x, with all arguments given here and
//! none by policy, so that any broker will do. Arguments are immutable: a lane queue that needs
//! other ones gets a new version in its name, and the old queue drains.

mod declare;
mod definitions;
mod difference;

pub use declare::Depth;
pub use definitions::{Rights, User};
pub use difference::{Difference, Problem};

pub(crate) use declare::{Control, declare, delete_all, depths, inspect};

use lapin::ExchangeKind;
use lapin::options::{ExchangeDeclareOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};

/// The lane under which the dead-letter queue is reported.
pub const DEAD_LANE: &str = "dead";

/// The version of the lane queues' arguments.
const VERSION: &str = "v1";
/// A message that takes its consumer down this often is dead-lettered. RabbitMQ 3.10 has no limit
/// by default and 4.x has 20, so it is always given. Retries of a command do not count here.
const DELIVERY_LIMIT: i32 = 20;
/// Bounds the memory of a lane; the outbox keeps what does not fit.
const LANE_MAX_LENGTH: i32 = 5_000_000;
/// A dead letter has nowhere else to go, so it is never given up. 4.x would after its default of
/// 20, and -1 means "no limit" only there.
const DEAD_DELIVERY_LIMIT: i32 = i32::MAX;
/// The command rows tell the whole story; this queue only has to survive a bad day.
const DEAD_MAX_LENGTH: i32 = 1_000_000;

/// A queue, and the exchange that it takes messages from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The lane, or [`DEAD_LANE`].
    pub lane: String,
    pub queue: String,
    pub exchange: String,
    /// `topic` or `fanout`.
    pub exchange_kind: String,
    /// Empty where the exchange looks at none.
    pub routing_key: String,
    /// Names and values, as the broker shows them.
    pub arguments: Vec<(&'static str, String)>,
}

/// Names and arguments of all exchanges and queues, for one prefix and a list of lanes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topology {
    prefix: String,
    lanes: Vec<String>,
}

impl Topology {
    /// `prefix` separates installations that share a virtual host; it may be empty. A lane is the
    /// first segment of a command's name.
    pub fn new(prefix: &str, lanes: &[&str]) -> Self {
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}.") };
        Self { prefix, lanes: lanes.iter().map(|&lane| lane.to_owned()).collect() }
    }

    /// The topic exchange to which commands are published.
    pub fn exchange(&self) -> String {
        format!("{}commands", self.prefix)
    }

    /// The queue of a lane, such as `ingest.v1`.
    pub fn queue(&self, lane: &str) -> String {
        format!("{}{lane}.{VERSION}", self.prefix)
    }

    /// The exchange to which lane queues dead-letter.
    pub fn dead_exchange(&self) -> String {
        format!("{}dead", self.prefix)
    }

    /// The queue that keeps dead letters of all lanes.
    pub fn dead_queue(&self) -> String {
        self.queue(DEAD_LANE)
    }

    /// The lanes, in the order given.
    pub fn lanes(&self) -> impl Iterator<Item = &str> {
        self.lanes.iter().map(String::as_str)
    }

    /// Every queue with what it is bound to, for those who document or compare it.
    pub fn bindings(&self) -> Vec<Binding> {
        let kinds: Vec<(String, String)> = self
            .exchanges()
            .into_iter()
            .map(|exchange| (exchange.name, format!("{:?}", exchange.kind).to_lowercase()))
            .collect();
        let kind_of = |name: &str| {
            let found = kinds.iter().find(|(exchange, _)| exchange == name);
            found.map(|(_, kind)| kind.clone()).unwrap_or_default()
        };
        let binding = |queue: QueueSpec| Binding {
            exchange_kind: kind_of(&queue.exchange),
            arguments: queue
                .arguments
                .into_iter()
                .map(|(name, value)| (name, value.to_string()))
                .collect(),
            lane: queue.lane,
            queue: queue.name,
            exchange: queue.exchange,
            routing_key: queue.routing_key,
        };
        self.queues().into_iter().map(binding).collect()
    }

    pub(crate) fn exchanges(&self) -> [ExchangeSpec; 2] {
        [
            // Topic, so that a lane takes all names that start with its own.
            ExchangeSpec { name: self.exchange(), kind: ExchangeKind::Topic },
            // Fanout, because a dead letter keeps its routing key and all go to one queue.
            ExchangeSpec { name: self.dead_exchange(), kind: ExchangeKind::Fanout },
        ]
    }

    /// All queues. The dead-letter queue comes first: a lane that dead-letters at least once
    /// keeps a message until its dead-letter exchange can route it.
    pub(crate) fn queues(&self) -> Vec<QueueSpec> {
        let dead = QueueSpec {
            lane: DEAD_LANE.to_owned(),
            name: self.dead_queue(),
            exchange: self.dead_exchange(),
            // Ignored by a fanout exchange.
            routing_key: String::new(),
            arguments: dead_arguments(),
        };
        let lanes = self.lanes().map(|lane| QueueSpec {
            lane: lane.to_owned(),
            name: self.queue(lane),
            exchange: self.exchange(),
            // `#` is zero or more words, so this matches `ingest` as well as `ingest.tickets`.
            routing_key: format!("{lane}.#"),
            arguments: self.lane_arguments(),
        });
        std::iter::once(dead).chain(lanes).collect()
    }

    fn lane_arguments(&self) -> Arguments {
        vec![
            // Replicated and safe on disk before it confirms; classic mirrors are gone in 4.0.
            ("x-queue-type", Argument::Text("quorum".to_owned())),
            ("x-delivery-limit", Argument::Number(DELIVERY_LIMIT)),
            ("x-dead-letter-exchange", Argument::Text(self.dead_exchange())),
            // The default, at-most-once, loses dead letters when the broker stops meanwhile.
            ("x-dead-letter-strategy", Argument::Text("at-least-once".to_owned())),
            // A full queue nacks, so the publisher knows; at-least-once works with no other.
            ("x-overflow", Argument::Text("reject-publish".to_owned())),
            ("x-max-length", Argument::Number(LANE_MAX_LENGTH)),
        ]
    }
}

fn dead_arguments() -> Arguments {
    vec![
        ("x-queue-type", Argument::Text("quorum".to_owned())),
        ("x-delivery-limit", Argument::Number(DEAD_DELIVERY_LIMIT)),
        // The oldest goes; refusing would keep dead letters in their lanes and fill those.
        ("x-overflow", Argument::Text("drop-head".to_owned())),
        ("x-max-length", Argument::Number(DEAD_MAX_LENGTH)),
    ]
}

pub(crate) type Arguments = Vec<(&'static str, Argument)>;

/// The value of a queue argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Argument {
    Number(i32),
    Text(String),
}

impl std::fmt::Display for Argument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

pub(crate) struct ExchangeSpec {
    pub(crate) name: String,
    pub(crate) kind: ExchangeKind,
}

pub(crate) struct QueueSpec {
    pub(crate) lane: String,
    pub(crate) name: String,
    /// Bound to this exchange with `routing_key`.
    pub(crate) exchange: String,
    pub(crate) routing_key: String,
    pub(crate) arguments: Arguments,
}

impl ExchangeSpec {
    fn object(&self) -> String {
        format!("exchange {}", self.name)
    }
}

impl QueueSpec {
    fn object(&self) -> String {
        format!("queue {}", self.name)
    }

    fn table(&self) -> FieldTable {
        let mut table = FieldTable::default();
        for (name, value) in &self.arguments {
            let value = match value {
                Argument::Number(number) => AMQPValue::LongInt(*number),
                Argument::Text(text) => AMQPValue::LongString(text.as_str().into()),
            };
            table.insert((*name).into(), value);
        }
        table
    }
}

/// The flags of every exchange. A passive declare only asks whether it exists.
fn exchange_options(passive: bool) -> ExchangeDeclareOptions {
    ExchangeDeclareOptions {
        passive,
        // Survives a restart of the broker.
        durable: true,
        // Must not vanish with its last binding.
        auto_delete: false,
        // Clients publish to it.
        internal: false,
        // We want to hear a refusal.
        nowait: false,
    }
}

/// The flags of every queue. A passive declare only asks whether it exists.
fn queue_options(passive: bool) -> QueueDeclareOptions {
    QueueDeclareOptions {
        passive,
        // Quorum queues are always durable, and 4.3 denies other shared queues.
        durable: true,
        // Shared by all workers, on many connections.
        exclusive: false,
        // Must not vanish with its last consumer.
        auto_delete: false,
        // We want to hear a refusal.
        nowait: false,
    }
}

#[cfg(test)]
mod tests;
