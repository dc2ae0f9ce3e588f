//! The calls that create, compare, count and delete what the topology names.

use std::time::Duration;

use lapin::options::{ExchangeDeleteOptions, QueueBindOptions, QueueDeleteOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, Queue};

use super::{Difference, ExchangeSpec, QueueSpec, Topology, exchange_options, queue_options};
use crate::Error;
use crate::address::Address;

/// A hung broker is noticed by its missing heartbeats, but only after some 20 s.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);

/// How full a queue is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depth {
    /// The lane, or [`DEAD_LANE`](crate::DEAD_LANE).
    pub lane: String,
    /// The name of its queue.
    pub queue: String,
    /// Messages waiting. Too low in the first seconds after a broker has started.
    pub ready: u32,
    /// Consumers attached, over all processes.
    pub consumers: u32,
}

/// A connection with a channel that is opened anew whenever the broker has closed it, as the
/// broker does to answer "no".
pub(crate) struct Control<'a> {
    pub(crate) address: &'a Address,
    pub(crate) connection: &'a Connection,
    channel: Option<Channel>,
}

/// Why the broker did not do what it was asked.
enum No {
    NotFound,
    Differs(String),
    Other(Error),
}

impl<'a> Control<'a> {
    pub(crate) fn new(address: &'a Address, connection: &'a Connection) -> Self {
        Self { address, connection, channel: None }
    }

    async fn channel(&mut self) -> Result<Channel, Error> {
        if let Some(channel) = self.channel.as_ref().filter(|c| c.status().connected()) {
            return Ok(channel.clone());
        }
        let channel = self.connection.create_channel().await;
        let channel = channel.map_err(|error| self.address.unreachable(&error))?;
        Ok(self.channel.insert(channel).clone())
    }

    fn no(&self, object: &str, error: &lapin::Error) -> No {
        let lapin::ErrorKind::ProtocolError(reply) = error.kind() else {
            return No::Other(self.address.unreachable(error));
        };
        let text = reply.get_message().as_str();
        match reply.get_id() {
            404 => No::NotFound,
            406 => No::Differs(text.to_owned()),
            _ if error.is_amqp_soft_error() => {
                No::Other(Error::Refused { what: object.to_owned(), reason: text.to_owned() })
            }
            _ => No::Other(self.address.unreachable(error)),
        }
    }

    async fn exchange(&mut self, spec: &ExchangeSpec, passive: bool) -> Result<(), No> {
        let channel = self.channel().await.map_err(No::Other)?;
        let declared = channel.exchange_declare(
            spec.name.as_str().into(),
            spec.kind.clone(),
            exchange_options(passive),
            FieldTable::default(),
        );
        self.answer(&spec.object(), declared).await
    }

    async fn queue(&mut self, spec: &QueueSpec, passive: bool) -> Result<Queue, No> {
        let channel = self.channel().await.map_err(No::Other)?;
        let name = spec.name.as_str().into();
        let declared = channel.queue_declare(name, queue_options(passive), spec.table());
        self.answer(&spec.object(), declared).await
    }

    async fn bind(&mut self, spec: &QueueSpec) -> Result<(), No> {
        let channel = self.channel().await.map_err(No::Other)?;
        let bound = channel.queue_bind(
            spec.name.as_str().into(),
            spec.exchange.as_str().into(),
            spec.routing_key.as_str().into(),
            // We want to hear a refusal.
            QueueBindOptions { nowait: false },
            FieldTable::default(),
        );
        self.answer(&spec.object(), bound).await
    }

    async fn answer<T>(
        &self,
        object: &str,
        asked: impl Future<Output = lapin::Result<T>>,
    ) -> Result<T, No> {
        match tokio::time::timeout(ANSWER_TIMEOUT, asked).await {
            Ok(answer) => answer.map_err(|error| self.no(object, &error)),
            Err(_) => Err(No::Other(self.address.unreachable(&"no answer in time"))),
        }
    }
}

/// Creates what is missing. Does as much as it can before it names all that differs.
pub(crate) async fn declare(control: &mut Control<'_>, topology: &Topology) -> Result<(), Error> {
    let mut differences = Vec::new();
    for spec in topology.exchanges() {
        let done = control.exchange(&spec, false).await;
        note(done, spec.object(), None, &mut differences)?;
    }
    for spec in topology.queues() {
        let declared = control.queue(&spec, false).await;
        if note(declared, spec.object(), Some(&spec), &mut differences)?.is_some() {
            let bound = control.bind(&spec).await;
            note(bound, spec.object(), None, &mut differences)?;
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(Error::Differs(differences)) }
}

/// Names what is missing or differs, changing nothing. Bindings are not compared: AMQP has no
/// way to ask for them.
pub(crate) async fn inspect(
    control: &mut Control<'_>,
    topology: &Topology,
) -> Result<Vec<Difference>, Error> {
    let mut differences = Vec::new();
    for spec in topology.exchanges() {
        let exists = control.exchange(&spec, true).await;
        if note(exists, spec.object(), None, &mut differences)?.is_some() {
            // Declaring what exists compares all its arguments; a passive declare does not.
            let same = control.exchange(&spec, false).await;
            note(same, spec.object(), None, &mut differences)?;
        }
    }
    for spec in topology.queues() {
        let exists = control.queue(&spec, true).await;
        if note(exists, spec.object(), Some(&spec), &mut differences)?.is_some() {
            let same = control.queue(&spec, false).await;
            note(same, spec.object(), Some(&spec), &mut differences)?;
        }
    }
    Ok(differences)
}

/// Counts every queue, the dead-letter queue first.
pub(crate) async fn depths(
    control: &mut Control<'_>,
    topology: &Topology,
) -> Result<Vec<Depth>, Error> {
    let mut differences = Vec::new();
    let mut depths = Vec::new();
    for spec in topology.queues() {
        let counted = control.queue(&spec, true).await;
        if let Some(queue) = note(counted, spec.object(), Some(&spec), &mut differences)? {
            depths.push(Depth {
                lane: spec.lane,
                queue: spec.name,
                ready: queue.message_count(),
                consumers: queue.consumer_count(),
            });
        }
    }
    if differences.is_empty() { Ok(depths) } else { Err(Error::Differs(differences)) }
}

/// Deletes every queue and exchange, with all messages. What does not exist is no error.
pub(crate) async fn delete_all(
    control: &mut Control<'_>,
    topology: &Topology,
) -> Result<(), Error> {
    let channel = control.channel().await?;
    for spec in topology.queues() {
        // Unconditionally: this is for tests, which know what they throw away.
        let options = QueueDeleteOptions { if_unused: false, if_empty: false, nowait: false };
        let deleted = channel.queue_delete(spec.name.as_str().into(), options).await;
        deleted.map_err(|error| control.address.unreachable(&error))?;
    }
    for spec in topology.exchanges() {
        let options = ExchangeDeleteOptions { if_unused: false, nowait: false };
        let deleted = channel.exchange_delete(spec.name.as_str().into(), options).await;
        deleted.map_err(|error| control.address.unreachable(&error))?;
    }
    Ok(())
}

/// Sorts an answer: success is passed on, a difference is noted, anything else ends the round.
fn note<T>(
    answer: Result<T, No>,
    object: String,
    queue: Option<&QueueSpec>,
    differences: &mut Vec<Difference>,
) -> Result<Option<T>, Error> {
    match answer {
        Ok(value) => return Ok(Some(value)),
        Err(No::NotFound) => differences.push(Difference::missing(object)),
        Err(No::Differs(text)) => {
            differences.push(Difference::from_complaint(object, &text, queue));
        }
        Err(No::Other(error)) => return Err(error),
    }
    Ok(None)
}
