//! Who is at the other end: the peer, or the client that a trusted proxy names.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use settings::Network;

/// Address of the client, put into every request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(pub IpAddr);

/// The client of a request: the last address that no trusted proxy added.
///
/// `X-Forwarded-For` is believed only as far as trusted proxies wrote it, read from its end.
pub fn resolve(peer: SocketAddr, headers: &HeaderMap, trusted: &[Network]) -> Client {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.ip().to_canonical();
    let forwarded = headers.get_all("x-forwarded-for").iter().rev();
    let hops =
        forwarded.filter_map(|value| value.to_str().ok()).flat_map(|value| value.rsplit(','));
    for hop in hops {
        if !is_trusted(client) {
            break;
        }
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        client = address.to_canonical();
    }
    Client(client)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let headers = HeaderMap::from_iter([(
            "x-forwarded-for".parse().unwrap(),
            forwarded.parse().unwrap(),
        )]);
        let trusted: Vec<Network> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        resolve(format!("{peer}:4711").parse().unwrap(), &headers, &trusted).0.to_string()
    }

    #[test]
    fn believes_only_trusted_proxies() {
        assert_eq!(client("203.0.113.9", "198.51.100.1", &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(client("10.1.2.3", "198.51.100.1", &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(
            client("10.1.2.3", "6.6.6.6, 198.51.100.1, 10.0.0.7", &["10.0.0.0/8"]),
            "198.51.100.1"
        );
        assert_eq!(client("10.1.2.3", "nonsense", &["10.0.0.0/8"]), "10.1.2.3");
        assert_eq!(client("10.1.2.3", "198.51.100.1", &["0.0.0.0/0"]), "198.51.100.1");
    }
}
