//! From the outbox to the broker. An entry is gone only once the broker has confirmed it.

use std::{sync::Arc, time::Duration};

use broker::{Confirm, Link, Message, Outcome, Publisher};
use commands::Pointer;
use fail::fail_point;
use store::{
    Session, Store,
    linger::linger,
    outbox::{Claim, Entry, Outbox},
};
use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;
use tracing::instrument::Instrumented;
use tracing::{Instrument as _, Span};
use vital::Vital;

/// Claims under way at the same time. While one waits for confirms, another reads; further ones
/// would only step over the rows of the first.
const HANDS: usize = 2;
/// Entries in one claim; fewer in flight than some 250 leave the broker idle.
const CLAIM: usize = 512;
/// A notification can be missed, so the outbox is also looked at so often.
const POLL: Duration = Duration::from_secs(1);
/// Pause after a failure.
const PAUSE: Duration = Duration::from_millis(250);

/// Relays until `shutdown`.
pub(crate) async fn run(
    store: Store,
    publisher: Publisher,
    vital: &Vital,
    shutdown: CancellationToken,
) {
    let wake = Arc::new(Notify::new());
    let mut hands = Vec::new();
    for _ in 0..HANDS {
        let hand = Hand {
            store: store.clone(),
            publisher: publisher.clone(),
            wake: Arc::clone(&wake),
            shutdown: shutdown.clone(),
        };
        hands.push(vital.spawn("relay", hand.run()));
    }
    let mut notices = store.listen("outbox");
    loop {
        tokio::select! {
            () = shutdown.cancelled() => break,
            _ = notices.next() => {
                notices.drain();
                wake.notify_one();
            }
        }
    }
    futures::future::join_all(hands).await;
}

/// One relaying loop, on a connection of its own.
struct Hand {
    store: Store,
    publisher: Publisher,
    wake: Arc<Notify>,
    shutdown: CancellationToken,
}

impl Hand {
    async fn run(self) {
        while !self.shutdown.is_cancelled() {
            if let Err(error) = self.relay().await {
                tracing::warn!(%error, "the outbox cannot be read: will try again");
                self.pause(PAUSE).await;
            }
        }
    }

    /// Relays until the connection breaks or the scheduler stops.
    async fn relay(&self) -> store::Result<()> {
        let mut outbox = Outbox::new(self.store.connect(Session::Relaxed).await?).await?;
        let mut found = 0;
        while self.broker_is_up().await {
            // A full claim says that the next one is full without waiting.
            if found < CLAIM {
                self.pause(linger(found)).await;
            }
            let claim = outbox.claim(CLAIM).await?;
            found = claim.entries.len();
            if found == CLAIM {
                self.wake.notify_one();
            }
            if found == 0 {
                claim.settle(&[], &[]).await?;
                drop(timeout(POLL, self.woken()).await);
            } else if !self.send(claim).await? {
                self.pause(PAUSE).await;
            }
        }
        Ok(())
    }

    /// Publishes a claim and settles it; false when some of it could not be sent.
    async fn send(&self, claim: Claim<'_>) -> store::Result<bool> {
        let confirms: Vec<Instrumented<Confirm>> = claim
            .entries
            .iter()
            .map(|entry| self.publisher.publish(message(entry)).instrument(span(entry)))
            .collect();
        let outcomes = futures::future::join_all(confirms).await;
        fail_point!("relay.before-mark", |_| std::process::abort());
        let entries = std::iter::zip(claim.entries.clone(), outcomes);
        let (mut unsent, mut refused) = (Vec::new(), Vec::new());
        for (entry, outcome) in entries {
            match outcome {
                Outcome::Acked => {}
                Outcome::TimedOut | Outcome::ChannelError(_) => unsent.push(entry),
                Outcome::Nacked | Outcome::Returned { .. } | Outcome::TooLarge => {
                    tracing::warn!(command.id = %entry.command_id, ?outcome, "message refused");
                    refused.push(entry);
                }
            }
        }
        let all_sent = unsent.is_empty();
        claim.settle(&refs(&unsent), &refs(&refused)).await?;
        Ok(all_sent)
    }

    /// Waits for the broker; false when the scheduler stops first.
    async fn broker_is_up(&self) -> bool {
        let mut link = self.publisher.link();
        let up = link.wait_for(|link| *link == Link::Up);
        tokio::select! {
            biased;
            () = self.shutdown.cancelled() => false,
            up = up => up.is_ok(),
        }
    }

    async fn woken(&self) {
        tokio::select! {
            () = self.wake.notified() => {}
            () = self.shutdown.cancelled() => {}
        }
    }

    async fn pause(&self, pause: Duration) {
        drop(timeout(pause, self.shutdown.cancelled()).await);
    }
}

fn refs(entries: &[Entry]) -> Vec<&Entry> {
    entries.iter().collect()
}

/// A command of another version goes by its name.
fn routing_key(name: &str) -> String {
    commands::find(name).map_or_else(|| name.to_owned(), commands::Definition::routing_key)
}

/// From the outbox to the confirm, for commands that belong to a trace.
fn span(entry: &Entry) -> Span {
    let Some(traceparent) = &entry.traceparent else { return Span::none() };
    let kind = "producer";
    tracing::trace_span!("publish", otel.kind = kind, traceparent, command.id = %entry.command_id)
}

fn message(entry: &Entry) -> Message {
    Message {
        id: entry.command_id,
        routing_key: routing_key(&entry.name),
        body: Pointer::new(entry.command_id, entry.name.clone()).to_body().into(),
        traceparent: entry.traceparent.clone(),
    }
}
