//! The message broker.

use secrecy::{ExposeSecret, SecretString};

use crate::{Reader, Variable, optional, secret};

/// How to reach RabbitMQ.
#[derive(Clone, Debug)]
pub struct Broker {
    /// `AMQP_URL`: `amqp://user:password@host:port/vhost`.
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
        let broker = Broker { url: reader.secret(URL), prefix: reader.text(PREFIX) };
        if broker.url.expose_secret().starts_with("amqps:") {
            reader
                .problem(URL.name, "this build speaks no TLS: use `amqp://` on a private network");
        }
        broker
    }
}
