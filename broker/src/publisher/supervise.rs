use std::sync::Arc;

use lapin::options::ConfirmSelectOptions;
use lapin::{Channel, Connection};
use tokio::sync::watch;

use super::Slot;
use crate::Topology;
use crate::address::Address;
use crate::connection::{self, Link, State};
use crate::topology::{self, Control};

/// Keeps a confirming channel in the slot for as long as there is a connection.
pub(super) struct Supervisor {
    pub(super) address: Arc<Address>,
    pub(super) topology: Arc<Topology>,
    pub(super) states: watch::Receiver<State>,
    pub(super) slot: Arc<Slot>,
    pub(super) link: watch::Sender<Link>,
}

impl Supervisor {
    pub(super) async fn run(mut self) {
        let mut delays = connection::backoff();
        // Set once a channel has died under a living connection: then the exchange may be gone.
        let mut redeclare = false;
        loop {
            let state = self.states.borrow_and_update().clone();
            let Some(connection) = state.connection() else {
                redeclare = false;
                self.report(state.link());
                if self.states.changed().await.is_err() {
                    return;
                }
                continue;
            };
            match self.open(connection, redeclare).await {
                Ok(channel) => {
                    delays = connection::backoff();
                    self.attend(connection, &Arc::new(channel)).await;
                }
                Err(reason) => self.report(Link::Down(reason)),
            }
            redeclare = true;
            // Also when the connection is gone: its keeper needs a moment to see that, and a loop
            // that never waits would not let it.
            connection::pause(&mut delays).await;
        }
    }

    async fn open(&self, connection: &Connection, redeclare: bool) -> Result<Channel, String> {
        if redeclare {
            let mut control = Control::new(&self.address, connection);
            // Differences do not hinder publishing, and were reported at the start.
            if let Err(error) = topology::declare(&mut control, &self.topology).await {
                tracing::warn!(%error, "cannot restore the topology");
            }
        }
        let channel = connection.create_channel().await.map_err(|error| error.to_string())?;
        // Without confirms every publish would count as sent once it is written to the socket.
        let options = ConfirmSelectOptions { nowait: false };
        channel.confirm_select(options).await.map_err(|error| error.to_string())?;
        Ok(channel)
    }

    /// Offers the channel while the broker reads from it; returns when channel or connection die.
    async fn attend(&mut self, connection: &Arc<Connection>, channel: &Arc<Channel>) {
        loop {
            let state = self.states.borrow_and_update().clone();
            if state.connection().is_none_or(|current| !Arc::ptr_eq(current, connection)) {
                return;
            }
            if !channel.status().connected() {
                return self.report(Link::Down("channel closed by the broker".to_owned()));
            }
            match &state {
                State::Up(_) => {
                    self.slot.set(Ok(Arc::clone(channel)));
                    self.link.send_replace(Link::Up);
                }
                other => self.report(other.link()),
            }
            tokio::select! {
                () = self.slot.lost.notified() => {}
                _ = self.states.changed() => {}
            }
        }
    }

    /// Publishes answer with the reason from now on.
    fn report(&self, link: Link) {
        let reason = match &link {
            Link::Connecting | Link::Up => "not connected yet".to_owned(),
            // What is written now would sit in memory and go out, late, when the block is lifted.
            Link::Blocked(reason) => format!("blocked by the broker: {reason}"),
            Link::Down(reason) => reason.clone(),
        };
        self.slot.set(Err(reason));
        self.link.send_replace(link);
    }
}
