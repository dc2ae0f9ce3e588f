//! The queues of a test: one for each lane, under a prefix of the test's own.

use broker::{Broker, Topology};

/// The broker at `amqp_url`, with `prefix` before the name of every queue. Nothing is declared yet.
///
/// # Panics
/// When the address cannot be read.
pub fn queues(amqp_url: &str, prefix: &str) -> Broker {
    let lanes: Vec<&str> = commands::LANES.iter().map(|lane| lane.name).collect();
    Broker::new(amqp_url, Topology::new(prefix, &lanes)).unwrap()
}

/// Takes away what processes with these variables have declared. They must have ended, or they
/// declare it again.
///
/// # Panics
/// When a variable is missing, or the broker does not answer.
pub async fn remove_queues(variables: &[(&str, String)]) {
    let value = |wanted| {
        let (_, value) = variables.iter().find(|(name, _)| *name == wanted).unwrap();
        value
    };
    queues(value("AMQP_URL"), value("AMQP_PREFIX")).delete_all().await.unwrap();
}
