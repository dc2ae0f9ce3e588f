//! The address of the broker, and the one place that opens connections to it.

use std::time::Duration;

use lapin::uri::{AMQPScheme, AMQPUri};
use lapin::{Connection, ConnectionProperties};

use crate::Error;

/// A dead peer is noticed after two missed heartbeats; below 5 s a busy broker looks dead.
const HEARTBEAT_SECONDS: u16 = 10;
/// The client keeps 32 frames of buffer per direction and in time touches all of it. The broker's
/// default of 128 KiB would cost 8 MiB for each connection; our messages fit one frame of 32 KiB.
/// RabbitMQ 4.1 refuses less than 8 KiB.
const FRAME_MAX_BYTES: u32 = 32 * 1024;
/// Covers the TCP handshake and the AMQP handshake with a broker that accepts and then hangs.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where the broker is and who we are there. Has no `Debug`, as it holds the password.
pub(crate) struct Address {
    uri: AMQPUri,
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        // The parser's own message may repeat the whole URL, so it is dropped.
        let mut uri: AMQPUri = url.parse().map_err(|_| Error::Url("cannot be parsed"))?;
        if uri.scheme == AMQPScheme::AMQPS {
            return Err(Error::Url("asks for TLS, which this build does not contain"));
        }
        // The client would silently connect to localhost instead.
        if url.contains("@[") || url.contains("//[") {
            return Err(Error::Url("has a literal IPv6 host; use a host name"));
        }
        uri.query.heartbeat.get_or_insert(HEARTBEAT_SECONDS);
        uri.query.frame_max.get_or_insert(FRAME_MAX_BYTES);
        Ok(Self { uri })
    }

    /// Opens one connection. `role` is the name that the broker's operator sees.
    pub(crate) async fn connect(&self, role: &str) -> Result<Connection, Error> {
        let properties =
            ConnectionProperties::default().with_connection_name(format!("courtier {role}").into());
        let connecting = Connection::connect_uri(self.uri.clone(), properties);
        match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(self.unreachable(&error)),
            Err(_) => Err(self.unreachable(&"no answer in time")),
        }
    }

    pub(crate) fn unreachable(&self, reason: &dyn std::fmt::Display) -> Error {
        Error::Unreachable { address: self.to_string(), reason: reason.to_string() }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let authority = &self.uri.authority;
        write!(f, "{}:{}, virtual host {}", authority.host, authority.port, self.uri.vhost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heartbeat_and_frame_size_have_our_defaults() {
        let address = Address::parse("amqp://u:p@h/%2f").unwrap();
        assert_eq!(address.uri.query.heartbeat, Some(10));
        assert_eq!(address.uri.query.frame_max, Some(32_768));
        let address = Address::parse("amqp://u:p@h/%2f?heartbeat=30&frame_max=131072").unwrap();
        assert_eq!(address.uri.query.heartbeat, Some(30));
        assert_eq!(address.uri.query.frame_max, Some(131_072));
    }

    #[test]
    fn no_error_and_no_display_repeats_credentials() {
        for url in ["hunter2", "amqps://bob:hunter2@h/", "bob:hunter2@h", "amqp://b:hunter2@[::1]/"]
        {
            let error = Address::parse(url).err().unwrap();
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        let address = Address::parse("amqp://bob:hunter2@rabbit:5673/prod").unwrap();
        assert_eq!(address.to_string(), "rabbit:5673, virtual host prod");
        assert!(!address.unreachable(&"x").to_string().contains("hunter2"));
    }
}
