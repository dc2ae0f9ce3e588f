//! One connection, kept alive: connects, watches, reconnects.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use futures::{Stream, StreamExt};
use lapin::{Connection, Event};
use tokio::sync::watch;

use crate::address::Address;
use crate::metric;

/// The state of a publisher's or consumer's way to the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// The first attempt is still under way.
    Connecting,
    /// Ready.
    Up,
    /// Connected, but the broker reads nothing because it is short of memory or disk. Its reason.
    Blocked(String),
    /// Lost or never reached, with the reason. Being retried.
    Down(String),
}

/// A [`Link`] that carries the connection while there is one.
#[derive(Clone)]
pub(crate) enum State {
    Connecting,
    Up(Arc<Connection>),
    Blocked(Arc<Connection>, String),
    Down(String),
}

impl State {
    pub(crate) fn connection(&self) -> Option<&Arc<Connection>> {
        match self {
            Self::Up(connection) | Self::Blocked(connection, _) => Some(connection),
            Self::Connecting | Self::Down(_) => None,
        }
    }

    pub(crate) fn link(&self) -> Link {
        match self {
            Self::Connecting => Link::Connecting,
            Self::Up(_) => Link::Up,
            Self::Blocked(_, reason) => Link::Blocked(reason.clone()),
            Self::Down(reason) => Link::Down(reason.clone()),
        }
    }
}

/// Delays between attempts: from 0.1 s, doubled, with jitter, never above 5 s. An uncapped
/// backoff would stay away for most of a minute after a broker that was away for one.
pub(crate) fn backoff() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(100))
        // Jitter adds up to as much again.
        .with_max_delay(Duration::from_millis(2500))
        .with_jitter()
        .with_jitter_seed(rand::random())
        .without_max_times()
        .build()
}

/// Waits for the next of `delays`.
pub(crate) async fn pause(delays: &mut ExponentialBackoff) {
    let delay = delays.next().unwrap_or(Duration::from_secs(5));
    tokio::time::sleep(delay).await;
}

/// Keeps a connection until nobody looks at it any more.
pub(crate) fn keep(address: Arc<Address>, role: &'static str) -> watch::Receiver<State> {
    let (state, watched) = watch::channel(State::Connecting);
    metric::known(role);
    tokio::spawn(async move {
        tokio::select! {
            biased;
            () = state.closed() => {}
            () = reconnect(&address, role, &state) => {}
        }
        metric::blocked(role, false);
    });
    watched
}

async fn reconnect(address: &Address, role: &'static str, state: &watch::Sender<State>) {
    let mut delays = backoff();
    let mut was_up = false;
    loop {
        let reason = match address.connect(role).await {
            Ok(connection) => {
                if was_up {
                    metric::reconnected(role);
                }
                was_up = true;
                delays = backoff();
                let encrypted = address.is_encrypted();
                tracing::info!(connection = role, encrypted, "connected to the broker");
                attend(Arc::new(connection), role, state).await
            }
            Err(error) => error.to_string(),
        };
        metric::blocked(role, false);
        tracing::warn!(connection = role, reason, "no connection to the broker, will retry");
        state.send_replace(State::Down(reason));
        pause(&mut delays).await;
    }
}

/// Reports the connection as up or blocked until it ends, and says why it ended.
async fn attend(
    connection: Arc<Connection>,
    role: &'static str,
    state: &watch::Sender<State>,
) -> String {
    let mut events = std::pin::pin!(connection.events_listener());
    state.send_replace(State::Up(Arc::clone(&connection)));
    let mut reason = "connection closed".to_owned();
    // The listener sees only what happens after it was created, hence the look at the status.
    while connection.status().connected() {
        match next(events.as_mut()).await {
            Some(Event::ConnectionBlocked(why)) => {
                metric::blocked(role, true);
                tracing::warn!(connection = role, reason = why, "the broker blocks publishing");
                state.send_replace(State::Blocked(Arc::clone(&connection), why));
            }
            Some(Event::ConnectionUnblocked) => {
                metric::blocked(role, false);
                state.send_replace(State::Up(Arc::clone(&connection)));
            }
            // Also sent when a mere channel dies; then the status is still connected.
            Some(Event::Error(error)) => reason = error.to_string(),
            _ => {}
        }
    }
    reason
}

/// The next event; also returns now and then, as a close without an error has no event.
async fn next(mut events: std::pin::Pin<&mut impl Stream<Item = Event>>) -> Option<Event> {
    tokio::time::timeout(Duration::from_secs(1), events.next()).await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_with_jitter_and_never_exceed_five_seconds() {
        let delays: Vec<Duration> = backoff().take(50).collect();
        assert!(delays[0] >= Duration::from_millis(100) && delays[0] < Duration::from_millis(200));
        assert!(delays[20..].iter().all(|d| *d >= Duration::from_millis(2500)));
        assert!(delays.iter().all(|d| *d <= Duration::from_secs(5)));
        assert_ne!(delays, backoff().take(50).collect::<Vec<_>>());
    }
}
