use crate::Difference;

/// What can go wrong while setting up or inspecting the broker.
///
/// Publishing and consuming have no errors: they answer with an `Outcome` or an `Ack`, and
/// reconnect by themselves. No variant carries credentials.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The URL cannot be used. The URL itself is not repeated, as it may hold a password.
    #[error("AMQP_URL {0}; it should look like amqp://user:password@host:5672/%2f")]
    Url(&'static str),
    /// There is nobody to verify the broker by.
    #[error("AMQP_URL: cacertfile: {0}")]
    Roots(#[from] trust::Error),
    /// No connection could be made, or it broke on the way. Worth another try.
    #[error("cannot reach the broker at {address}: {reason}")]
    Unreachable {
        /// Host, port and virtual host, without credentials.
        address: String,
        /// What the client or the broker said.
        reason: String,
    },
    /// The broker said no for another reason than a difference, such as a missing permission.
    #[error("the broker refused {what}: {reason}")]
    Refused {
        /// The queue or exchange in question.
        what: String,
        /// What the broker said.
        reason: String,
    },
    /// Queues or exchanges exist with other arguments, or are missing. Arguments cannot be
    /// changed in place: drain and delete the queue, or give it a new version.
    #[error("the broker differs from the topology: {}", list(.0))]
    Differs(Vec<Difference>),
}

fn list(differences: &[Difference]) -> String {
    let texts: Vec<String> = differences.iter().map(ToString::to_string).collect();
    texts.join("; ")
}
