use std::fmt;

use super::QueueSpec;

/// One thing on the broker that is not as the topology wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is about, such as `queue ingest.v1`.
    pub object: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a queue or an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It does not exist.
    Missing,
    /// It exists with another argument. The broker names only the first that it finds.
    Differs {
        /// `x-delivery-limit`, `durable`, `type` …
        argument: String,
        /// The broker's value; `None` when the argument is not set there, or not known.
        found: Option<String>,
        /// Our value; `None` when we do not set the argument.
        expected: Option<String>,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::Missing => write!(f, "{} is missing", self.object),
            Problem::Differs { argument, found, expected } => write!(
                f,
                "{} has {argument} {} instead of {}",
                self.object,
                found.as_deref().unwrap_or("unset"),
                expected.as_deref().unwrap_or("unset"),
            ),
        }
    }
}

impl Difference {
    pub(super) fn missing(object: String) -> Self {
        Self { object, problem: Problem::Missing }
    }

    /// Reads the broker's complaint, which goes: `inequivalent arg 'x-delivery-limit' for queue
    /// 'q' in vhost '/': received the value '20' of type 'signedint' but current is none`. The
    /// broker cuts it after 255 bytes, so values may be absent.
    pub(super) fn from_complaint(object: String, text: &str, queue: Option<&QueueSpec>) -> Self {
        let argument = quoted(text).unwrap_or("an argument").to_owned();
        let values = text.split_once(": received ").map_or("", |(_, values)| values);
        let (received, current) = values.split_once(" but current is ").unwrap_or((values, ""));
        let ours = queue
            .and_then(|queue| queue.arguments.iter().find(|(name, _)| *name == argument))
            .map(|(_, value)| value.to_string());
        let expected = ours.or_else(|| quoted(received).map(str::to_owned));
        let found = quoted(current).map(str::to_owned);
        Self { object, problem: Problem::Differs { argument, found, expected } }
    }
}

/// The first part of `text` in single quotes.
fn quoted(text: &str) -> Option<&str> {
    text.split('\'').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Topology;

    fn read(text: &str) -> String {
        let topology = Topology::new("", &["kpi"]);
        let queue = topology.queues().pop();
        Difference::from_complaint("queue kpi.v1".to_owned(), text, queue.as_ref()).to_string()
    }

    #[test]
    fn both_values_are_read_from_the_complaint() {
        let text = "PRECONDITION_FAILED - inequivalent arg 'x-delivery-limit' for queue 'kpi.v1' \
                    in vhost '/': received the value '20' of type 'signedint' but current is the \
                    value '3' of type 'signedint'";
        assert_eq!(read(text), "queue kpi.v1 has x-delivery-limit 3 instead of 20");
    }

    #[test]
    fn none_means_unset() {
        let text = "PRECONDITION_FAILED - inequivalent arg 'x-expires' for queue 'kpi.v1' in \
                    vhost '/': received none but current is the value '60000' of type 'long'";
        assert_eq!(read(text), "queue kpi.v1 has x-expires 60000 instead of unset");
    }

    #[test]
    fn a_complaint_that_was_cut_still_names_argument_and_our_value() {
        let text = "PRECONDITION_FAILED - inequivalent arg 'x-max-length' for queue 'kpi.v1' in";
        assert_eq!(read(text), "queue kpi.v1 has x-max-length unset instead of 5000000");
    }

    #[test]
    fn an_unknown_complaint_is_no_panic() {
        assert_eq!(
            read("PRECONDITION_FAILED"),
            "queue kpi.v1 has an argument unset instead of unset"
        );
    }
}
