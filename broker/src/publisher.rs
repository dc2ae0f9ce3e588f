//! Publishing with confirms.

mod properties;
mod settle;
mod supervise;

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use lapin::options::BasicPublishOptions;
use lapin::types::ShortString;
use lapin::{BasicProperties, Channel};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::address::Address;
use crate::connection::{self, Link};
use crate::message::BODY_LIMIT_BYTES;
use crate::metric::Confirms;
use crate::{Message, Outcome, Topology};
use properties::Template;
use settle::{InFlight, PendingConfirm};

/// How long a confirm may take. A quorum queue answers in milliseconds; after this the message
/// is in doubt and better sent again.
pub const CONFIRM_TIMEOUT: Duration = Duration::from_secs(5);

/// Publishes to the topology's command exchange, and keeps itself connected. Clones share one
/// connection and one channel; the connection closes when the last clone is dropped.
#[derive(Clone)]
pub struct Publisher {
    shared: Arc<Shared>,
}

struct Shared {
    exchange: ShortString,
    template: Template,
    confirms: Arc<Confirms>,
    slot: Arc<Slot>,
    link: watch::Receiver<Link>,
    settler: mpsc::UnboundedSender<InFlight>,
    _stop: DropGuard,
}

/// Where the supervisor puts the channel that is in use.
pub(crate) struct Slot {
    /// The channel, or the reason why there is none. Held while a message is handed to the
    /// client: the client numbers a message and queues its frames in two steps, and two threads
    /// between these steps would get each other's confirms.
    channel: Mutex<Result<Arc<Channel>, String>>,
    /// The channel turned out to be dead.
    lost: Notify,
}

impl Slot {
    fn lock(&self) -> std::sync::MutexGuard<'_, Result<Arc<Channel>, String>> {
        // A panic cannot leave a half-written value behind.
        self.channel.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, channel: Result<Arc<Channel>, String>) {
        *self.lock() = channel;
    }
}

impl Publisher {
    pub(crate) fn start(address: &Arc<Address>, topology: &Arc<Topology>) -> Self {
        let stop = CancellationToken::new();
        let confirms = Arc::new(Confirms::new());
        let slot = Arc::new(Slot {
            channel: Mutex::new(Err("not connected yet".to_owned())),
            lost: Notify::new(),
        });
        let (settler, pending) = mpsc::unbounded_channel();
        tokio::spawn(settle::run(pending, Arc::clone(&slot), Arc::clone(&confirms)));
        let (link_sender, link) = watch::channel(Link::Connecting);
        let supervisor = supervise::Supervisor {
            address: Arc::clone(address),
            topology: Arc::clone(topology),
            states: connection::keep(Arc::clone(address), "publishing"),
            slot: Arc::clone(&slot),
            link: link_sender,
        };
        tokio::spawn(stop.clone().run_until_cancelled_owned(supervisor.run()));
        let shared = Shared {
            exchange: topology.exchange().into(),
            template: Template::new(),
            confirms,
            slot,
            link,
            settler,
            _stop: stop.drop_guard(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Sends a message. The bytes are queued for the socket before this returns, so messages go
    /// out in the order of the calls; await several [`Confirm`]s to have many under way. Dropping
    /// the [`Confirm`] does not recall the message.
    ///
    /// Never waits and never buffers: while there is no usable channel the answer is
    /// [`Outcome::ChannelError`] at once.
    pub fn publish(&self, message: Message) -> Confirm {
        let shared = &*self.shared;
        if message.body.len() > BODY_LIMIT_BYTES {
            return shared.refuse(Outcome::TooLarge);
        }
        let Ok(routing_key) = ShortString::try_new(message.routing_key) else {
            return shared.refuse(Outcome::ChannelError("routing key above 255 bytes".to_owned()));
        };
        let id = message.id;
        let properties = shared.template.fill(id, &routing_key, message.traceparent);
        let exchange = shared.exchange.clone();
        let slot = shared.slot.lock();
        let channel = match &*slot {
            Ok(channel) => Arc::clone(channel),
            Err(reason) => return shared.refuse(Outcome::ChannelError(reason.clone())),
        };
        let mut confirm = send(channel, exchange, routing_key, message.body, properties);
        // The first poll queues the frames; nobody waits for the rest of it yet.
        match confirm.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => {}
            // This thread slept so long that the answer is here.
            Poll::Ready(Ok(answer)) => confirm = Box::pin(std::future::ready(Ok(answer))),
            Poll::Ready(Err(error)) => {
                shared.slot.lost.notify_one();
                return shared.refuse(Outcome::ChannelError(error.to_string()));
            }
        }
        let (answer, outcome) = oneshot::channel();
        let in_flight = InFlight { id, confirm, answer };
        // Fails only when the settler has panicked; the dropped `answer` then says so.
        drop(shared.settler.send(in_flight));
        Confirm(State::Waiting(outcome))
    }

    /// The state of the connection.
    pub fn link(&self) -> watch::Receiver<Link> {
        self.shared.link.clone()
    }
}

impl Shared {
    fn refuse(&self, outcome: Outcome) -> Confirm {
        self.confirms.count(&outcome);
        Confirm(State::Known(Some(outcome)))
    }
}

fn send(
    channel: Arc<Channel>,
    exchange: ShortString,
    routing_key: ShortString,
    body: Bytes,
    properties: BasicProperties,
) -> PendingConfirm {
    let options = BasicPublishOptions {
        // Without it, a message that no queue wants is confirmed and lost.
        mandatory: true,
        // Not supported by RabbitMQ.
        immediate: false,
    };
    Box::pin(async move {
        let confirm =
            channel.basic_publish(exchange, routing_key, options, &body, properties).await?;
        confirm.await
    })
}

/// Resolves to what became of a message, at the latest shortly after [`CONFIRM_TIMEOUT`].
#[must_use = "a message counts as sent only once its outcome is known"]
pub struct Confirm(State);

enum State {
    Known(Option<Outcome>),
    Waiting(oneshot::Receiver<Outcome>),
}

impl Future for Confirm {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Outcome> {
        let gone = || Outcome::ChannelError("the publisher has stopped".to_owned());
        match &mut self.0 {
            State::Known(outcome) => Poll::Ready(outcome.take().unwrap_or_else(gone)),
            State::Waiting(outcome) => {
                Pin::new(outcome).poll(cx).map(|outcome| outcome.unwrap_or_else(|_| gone()))
            }
        }
    }
}
