//! Everything that talks to RabbitMQ, and the whole topology.
//!
//! Reading order: [`Topology`] says what exists on the broker, [`Broker`] is the way in,
//! [`Publisher`] and [`Consumer`] are the two ways through it. Each of them keeps itself
//! connected; the state of that connection is a [`Link`] to look at or wait for.
//!
//! No type of the AMQP client leaves this crate. The client logs returned messages with their
//! payload at `WARN` and repeats errors that are reported here anyway, so a log filter should
//! say `lapin=off`.

mod topology;

mod address;
mod broker;
mod connection;
mod consumer;
mod error;
mod message;
mod metric;
mod publisher;

pub use broker::Broker;
pub use connection::Link;
pub use consumer::{Ack, Acker, Consumer};
pub use error::Error;
pub use message::{BODY_LIMIT_BYTES, Death, Delivery, Message, Outcome, Tag};
pub use publisher::{CONFIRM_TIMEOUT, Confirm, Publisher};
pub use topology::{Binding, DEAD_LANE, Depth, Difference, Problem, Rights, Topology, User};
