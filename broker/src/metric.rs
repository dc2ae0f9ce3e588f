//! Names of the metrics of this crate, and handles where a look-up per message would show.

use metrics::{Counter, counter, gauge};

use crate::Outcome;

/// `publish_confirms_total{result}`, one handle for each result.
pub(crate) struct Confirms {
    ack: Counter,
    nack: Counter,
    returned: Counter,
    timeout: Counter,
    error: Counter,
    too_large: Counter,
}

impl Confirms {
    pub(crate) fn new() -> Self {
        let of = |result: &'static str| counter!("publish_confirms_total", "result" => result);
        Self {
            ack: of("ack"),
            nack: of("nack"),
            returned: of("returned"),
            timeout: of("timeout"),
            error: of("error"),
            too_large: of("too_large"),
        }
    }

    pub(crate) fn count(&self, outcome: &Outcome) {
        let counter = match outcome {
            Outcome::Acked => &self.ack,
            Outcome::Nacked => &self.nack,
            Outcome::Returned { .. } => &self.returned,
            Outcome::TimedOut => &self.timeout,
            Outcome::ChannelError(_) => &self.error,
            Outcome::TooLarge => &self.too_large,
        };
        counter.increment(1);
    }
}

/// Figures that are zero until something happens, so that nobody takes them for missing.
pub(crate) fn known(role: &'static str) {
    counter!("consumer_stale_acks_total").increment(0);
    counter!("broker_reconnects_total", "connection" => role).increment(0);
    blocked(role, false);
}

/// An acknowledgement came too late: its message will be, or has been, delivered again.
pub(crate) fn stale_ack() {
    counter!("consumer_stale_acks_total").increment(1);
}

/// A connection came back after it was lost.
pub(crate) fn reconnected(role: &'static str) {
    counter!("broker_reconnects_total", "connection" => role).increment(1);
}

/// The broker stopped or resumed reading what we publish.
pub(crate) fn blocked(role: &'static str, blocked: bool) {
    gauge!("broker_blocked", "connection" => role).set(if blocked { 1.0 } else { 0.0 });
}
