//! The message broker.

use secrecy::SecretString;

use crate::{Reader, Variable, optional, secret};

/// How to reach RabbitMQ.
#[derive(Clone, Debug)]
pub struct Broker {
    /// `AMQP_URL`: `amqp://user:password@host:port/vhost`; `amqps://` for TLS, verified by the
    /// system's roots or those of `?cacertfile=/path/ca.pem`.
    pub url: SecretString,
    /// `AMQP_PREFIX`: put before the name of every queue and exchange, so that two installations
    /// can share a virtual host. Empty by default.
    pub prefix: String,
}

const URL: Variable = secret("AMQP_URL");
const PREFIX: Variable = optional("AMQP_PREFIX", "");

pub(crate) const VARIABLES: &[Variable] = &[URL, PREFIX];

impl Broker {
    pub fn load(reader: &mut Reader<'_>) -> Broker {
        Broker { url: reader.secret(URL), prefix: reader.text(PREFIX) }
    }
}
