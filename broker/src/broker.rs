use std::sync::{Arc, OnceLock};

use lapin::Connection;
use tokio::sync::{Mutex, watch};

use crate::address::Address;
use crate::connection::{self, State};
use crate::topology::{self, Control, DEAD_LANE};
use crate::{Consumer, Depth, Difference, Error, Publisher, Topology};

/// The way in: knows where the broker is and what should exist there.
///
/// Clones share their connections. All methods but [`Broker::new`] need a Tokio runtime.
#[derive(Clone)]
pub struct Broker {
    shared: Arc<Shared>,
}

struct Shared {
    address: Arc<Address>,
    topology: Arc<Topology>,
    /// Made by the first consumer. Consumers do not share a connection with publishers, because
    /// a broker that is short of memory stops reading from connections that publish, and would
    /// then not see the acknowledgements either.
    consuming: OnceLock<watch::Receiver<State>>,
    /// For declaring and counting; opened when needed and then kept.
    control: Mutex<Option<Connection>>,
}

impl Broker {
    /// Parses the URL, `amqp://user:password@host:port/vhost`, or `amqps://` for TLS, and reads the
    /// certificates that verify the broker; nothing connects yet. A heartbeat of 10 s and frames of
    /// 32 KiB are used unless the URL says `heartbeat=` or `frame_max=`.
    ///
    /// # Errors
    /// [`Error::Url`] and [`Error::Roots`].
    pub fn new(amqp_url: &str, topology: Topology) -> Result<Self, Error> {
        let shared = Shared {
            address: Arc::new(Address::parse(amqp_url)?),
            topology: Arc::new(topology),
            consuming: OnceLock::new(),
            control: Mutex::new(None),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// What should exist.
    pub fn topology(&self) -> &Topology {
        &self.shared.topology
    }

    /// Whether its connections are encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.shared.address.is_encrypted()
    }

    /// Creates what is missing; may be repeated.
    ///
    /// # Errors
    /// [`Error::Differs`] names every queue and exchange that exists with other arguments, after
    /// all the others were created.
    pub async fn declare(&self) -> Result<(), Error> {
        let mut connection = self.shared.control.lock().await;
        let mut control = self.control(&mut connection).await?;
        topology::declare(&mut control, &self.shared.topology).await
    }

    /// Compares the broker with the topology and changes nothing. Bindings are not compared.
    ///
    /// # Errors
    /// [`Error::Unreachable`] and [`Error::Refused`]; differences are no error here.
    pub async fn inspect(&self) -> Result<Vec<Difference>, Error> {
        let mut connection = self.shared.control.lock().await;
        let mut control = self.control(&mut connection).await?;
        topology::inspect(&mut control, &self.shared.topology).await
    }

    /// Counts every queue: the lanes and the dead letters.
    ///
    /// # Errors
    /// [`Error::Differs`] when a queue is missing.
    pub async fn depths(&self) -> Result<Vec<Depth>, Error> {
        let mut connection = self.shared.control.lock().await;
        let mut control = self.control(&mut connection).await?;
        topology::depths(&mut control, &self.shared.topology).await
    }

    /// Deletes all queues and exchanges of this topology, with their messages. For tests. A
    /// consumer that is still running brings its queue back, so cancel it before.
    ///
    /// # Errors
    /// [`Error::Unreachable`].
    pub async fn delete_all(&self) -> Result<(), Error> {
        let mut connection = self.shared.control.lock().await;
        let mut control = self.control(&mut connection).await?;
        topology::delete_all(&mut control, &self.shared.topology).await
    }

    /// A publisher with a connection of its own, which it starts to open at once.
    pub fn publisher(&self) -> Publisher {
        Publisher::start(&self.shared.address, &self.shared.topology)
    }

    /// A consumer of a lane, holding at most `prefetch` unacknowledged deliveries. All consumers
    /// of this broker share one connection; each has a channel of its own.
    pub fn consumer(&self, lane: &str, prefetch: u16) -> Consumer {
        let Shared { address, topology, consuming, .. } = &*self.shared;
        let states = consuming.get_or_init(|| connection::keep(Arc::clone(address), "consuming"));
        Consumer::start(address, topology, states.clone(), topology.queue(lane), prefetch)
    }

    /// A consumer of the dead letters of all lanes.
    pub fn dead_letters(&self, prefetch: u16) -> Consumer {
        self.consumer(DEAD_LANE, prefetch)
    }

    async fn control<'a>(
        &'a self,
        connection: &'a mut Option<Connection>,
    ) -> Result<Control<'a>, Error> {
        let address = &self.shared.address;
        let connection = match connection.take().filter(|c| c.status().connected()) {
            Some(alive) => connection.insert(alive),
            None => connection.insert(address.connect("control").await?),
        };
        Ok(Control::new(address, connection))
    }
}
