//! The address of the broker, and the one place that opens connections to it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use lapin::tcp::RustlsConnector;
use lapin::uri::{AMQPScheme, AMQPUri};
use lapin::{AsyncTcpStream, Connection, ConnectionProperties};
use percent_encoding::percent_decode_str;
use trust::Roots;

use crate::Error;

/// A dead peer is noticed after two missed heartbeats; below 5 s a busy broker looks dead.
const HEARTBEAT_SECONDS: u16 = 10;
/// The client keeps 32 frames of buffer per direction and in time touches all of it. The broker's
/// default of 128 KiB would cost 8 MiB for each connection; our messages fit one frame of 32 KiB.
/// RabbitMQ 4.1 refuses less than 8 KiB.
const FRAME_MAX_BYTES: u32 = 32 * 1024;
/// Covers the TCP handshake and the AMQP handshake with a broker that accepts and then hangs.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What the query of a URL may ask of TLS, and is not here. To leave it out in silence would
/// protect less than was asked for.
const NOT_HERE: &[&str] = &["certfile", "keyfile", "server_name_indication"];

/// Where the broker is and who we are there. Has no `Debug`, as it holds the password.
pub(crate) struct Address {
    uri: AMQPUri,
    /// For `amqps://`.
    tls: Option<Arc<RustlsConnector>>,
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Self, Error> {
        // The parser's own message may repeat the whole URL, so it is dropped.
        let mut uri: AMQPUri = url.parse().map_err(|_| Error::Url("cannot be parsed"))?;
        // The client would silently connect to localhost instead.
        if url.contains("@[") || url.contains("//[") {
            return Err(Error::Url("has a literal IPv6 host; use a host name"));
        }
        uri.query.heartbeat.get_or_insert(HEARTBEAT_SECONDS);
        uri.query.frame_max.get_or_insert(FRAME_MAX_BYTES);
        let roots = roots(url)?;
        let tls = match uri.scheme {
            AMQPScheme::AMQPS => {
                let config = trust::verified(&roots.unwrap_or(Roots::System))?;
                Some(Arc::new(RustlsConnector::from(config)))
            }
            AMQPScheme::AMQP if roots.is_some() => {
                return Err(Error::Url("has a cacertfile, which needs amqps://"));
            }
            AMQPScheme::AMQP => None,
        };
        Ok(Self { uri, tls })
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.tls.is_some()
    }

    /// Opens one connection. `role` is the name that the broker's operator sees.
    pub(crate) async fn connect(&self, role: &str) -> Result<Connection, Error> {
        let properties =
            ConnectionProperties::default().with_connection_name(format!("courtier {role}").into());
        match tokio::time::timeout(CONNECT_TIMEOUT, self.open(properties)).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(self.unreachable(&error)),
            Err(_) => Err(self.unreachable(&"no answer in time")),
        }
    }

    /// The client's own way to TLS would trust the system's roots besides those of the file.
    async fn open(&self, properties: ConnectionProperties) -> lapin::Result<Connection> {
        let (tls, runtime) = (self.tls.clone(), lapin::runtime::default_runtime()?);
        let reactor = runtime.clone();
        let connect = async move |uri: AMQPUri, _| {
            let (host, port) = (uri.authority.host, uri.authority.port);
            let addresses = reactor.to_socket_addrs((host.clone(), port));
            let stream = AsyncTcpStream::connect(&reactor, addresses).await?;
            match &tls {
                Some(tls) => Ok(stream.into_rustls(tls, &host).await.map_err(refused)?),
                None => Ok(stream),
            }
        };
        Connection::connector(self.uri.clone(), runtime, connect, properties).await
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

/// Whom the URL trusts, if it says so: `cacertfile`, as RabbitMQ's own clients have it.
fn roots(url: &str) -> Result<Option<Roots>, Error> {
    let (_, query) = url.split_once('?').unwrap_or((url, ""));
    let mut roots = None;
    for pair in query.split('&') {
        match pair.split_once('=').unwrap_or((pair, "")) {
            ("cacertfile", file) => {
                let file = percent_decode_str(file).decode_utf8_lossy().into_owned();
                roots = Some(Roots::File(file.into()));
            }
            ("verify", mode) if mode != "verify_peer" => {
                return Err(Error::Url("asks not to verify; amqps:// always does"));
            }
            (name, _) if NOT_HERE.contains(&name) => {
                return Err(Error::Url(
                    "asks for certfile, keyfile or server_name_indication, which are not supported",
                ));
            }
            _ => {}
        }
    }
    Ok(roots)
}

/// Why there is no TLS, in words if there are some.
fn refused(error: io::Error) -> io::Error {
    match trust::explain(&error, "AMQP_URL", "cacertfile") {
        Some(words) => io::Error::other(words),
        None => error,
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
        for url in [
            "hunter2",
            "bob:hunter2@h",
            "amqp://b:hunter2@[::1]/",
            "amqps://b:hunter2@h/?cacertfile=/nowhere.pem",
            "amqps://b:hunter2@h/?verify=verify_none",
        ] {
            let error = Address::parse(url).err().unwrap();
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
        let address = Address::parse("amqp://bob:hunter2@rabbit:5673/prod").unwrap();
        assert_eq!(address.to_string(), "rabbit:5673, virtual host prod");
        assert!(!address.unreachable(&"x").to_string().contains("hunter2"));
    }

    #[test]
    fn what_tls_needs_is_read_or_refused() {
        let address = Address::parse("amqps://u:p@rabbit/%2f?verify=verify_peer").unwrap();
        assert!(address.is_encrypted());
        assert_eq!(address.to_string(), "rabbit:5671, virtual host /");
        assert!(!Address::parse("amqp://u:p@rabbit/%2f").unwrap().is_encrypted());
        for (url, words) in [
            ("amqps://h/?cacertfile=/no%20where.pem", "cacertfile: /no where.pem cannot be read"),
            ("amqp://h/?cacertfile=/ca.pem", "needs amqps://"),
            ("amqps://h/?heartbeat=5&verify=verify_none", "amqps:// always does"),
            ("amqps://h/?certfile=/me.pem", "not supported"),
        ] {
            let error = Address::parse(url).err().unwrap().to_string();
            assert!(error.starts_with("AMQP_URL") && error.contains(words), "{error}");
        }
    }
}
