//! Server-sent events: what changes while a page is open.
//!
//! A page with live parts marks itself with the address of its stream. The stream renders the same
//! template blocks as the page, and sends those that have changed; `courtier.js` puts each in the
//! place of the element with its id. A stream ends after ten minutes; the browser opens the next.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use futures::future::BoxFuture;
use futures::stream;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval};
use warp::reply::{Reply as _, Response};
use warp::sse::Event;

use crate::failure::Failure;
use crate::say::Say;
use crate::session;
use crate::visit::{Frame, Visit};

/// A part of a page under the id of its element.
pub(crate) struct Part {
    id: &'static str,
    html: String,
}

/// Makes the parts of a page anew.
pub(crate) type Render = fn(Frame, Vec<String>) -> BoxFuture<'static, Result<Vec<Part>, Failure>>;

/// Between two looks.
const PERIOD: Duration = Duration::from_secs(2);
/// Between two questions whether the session is still alive.
const RECHECK: Duration = Duration::from_secs(30);
/// How long a stream lasts.
const LIFE: Duration = Duration::from_mins(10);
/// So that proxies do not take a quiet stream for a dead one.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Events that wait for a slow browser; then the looking waits too.
const EVENTS_AHEAD: usize = 16;
/// What the browser waits before it opens the next one.
const RETRY: Duration = Duration::from_secs(2);

impl Part {
    /// `id` is the id of the block's outermost element.
    pub(crate) fn new(id: &'static str, block: &impl Template) -> Result<Part, Failure> {
        let html = block.render().map_err(|error| {
            tracing::error!(%error, id, "a part of a page could not be rendered");
            Failure::Internal
        })?;
        Ok(Part { id, html })
    }
}

/// The stream of a page whose parts `render` makes.
pub(crate) fn stream_of(visit: Visit, render: Render) -> Response {
    let (sender, receiver) = mpsc::channel(EVENTS_AHEAD);
    tokio::spawn(watch(visit, render, sender));
    let events = stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|event| (Ok::<_, Infallible>(event), receiver))
    });
    warp::sse::reply(warp::sse::keep_alive().interval(KEEP_ALIVE).stream(events)).into_response()
}

/// Looks at what the page shows until nobody listens any more, or its time is over.
async fn watch(visit: Visit, render: Render, sender: mpsc::Sender<Event>) {
    let now = Instant::now();
    let stopping = visit.site.stopping.clone();
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let frame = visit.frame.clone();
    let mut watch = Watch { frame, visit, render, recheck: now + RECHECK, sent: HashMap::new() };
    let mut events = vec![Event::default().retry(RETRY).comment("courtier")];
    while now.elapsed() < LIFE {
        for event in events {
            if sender.send(event).await.is_err() {
                return;
            }
        }
        tokio::select! {
            () = stopping.cancelled() => return,
            () = sender.closed() => return,
            _ = ticks.tick() => {}
        }
        match watch.look().await {
            Some(found) => events = found,
            None => return,
        }
    }
}

struct Watch {
    frame: Frame,
    visit: Visit,
    render: Render,
    recheck: Instant,
    /// What the browser has, by id.
    sent: HashMap<&'static str, String>,
}

/// The receiver takes one space off the beginning of each line, as the format has it.
fn kept_as_written(html: &str) -> String {
    format!(" {}", html.replace('\n', "\n "))
}

impl Watch {
    /// What has changed since the last look; `None` ends the stream.
    async fn look(&mut self) -> Option<Vec<Event>> {
        if !self.is_still_in().await {
            return None;
        }
        let zone = self.frame.site.settings().batch_timezone.clone();
        self.frame.say = Say::new(self.frame.say.lang, &zone);
        let parts = match (self.render)(self.frame.clone(), self.visit.segments.clone()).await {
            Ok(parts) => parts,
            Err(failure) => {
                // The browser notices that nothing comes, and says how old its figures are.
                tracing::warn!(?failure, path = self.frame.path, "a live page stands still");
                return Some(Vec::new());
            }
        };
        let now = self.frame.say.clock_s(self.frame.say.now);
        let mut events = vec![Event::default().event("at").data(now)];
        for Part { id, html } in parts {
            if self.sent.get(id) != Some(&html) {
                events.push(Event::default().event("part").data(kept_as_written(&html)));
                self.sent.insert(id, html);
            }
        }
        Some(events)
    }

    /// Signing out elsewhere, or a revoked session, ends its streams too.
    async fn is_still_in(&mut self) -> bool {
        let now = Instant::now();
        if now < self.recheck {
            return true;
        }
        self.recheck = now + RECHECK;
        let found = session::find(&self.frame.site, &self.visit.headers, false).await;
        // A database that is away for a moment signs nobody out.
        !matches!(found, Ok(None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_loses_its_indentation() {
        let sent = kept_as_written("<pre>{\n  \"a\": 1\n}</pre>");
        let received: Vec<&str> =
            sent.split('\n').map(|line| line.strip_prefix(' ').unwrap()).collect();
        assert_eq!(received.join("\n"), "<pre>{\n  \"a\": 1\n}</pre>");
    }
}
