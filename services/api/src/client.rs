//! Who is at the other end: the peer, or the client that a trusted proxy names.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use http::HeaderMap;

/// Address of the client, put into every request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Client(pub(crate) IpAddr);

/// A block of addresses, written `10.0.0.0/8` or as a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    address: IpAddr,
    prefix_bits: u32,
}

/// A text that is not a block of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address or a block like 10.0.0.0/8")]
pub(crate) struct NotANetwork(String);

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                same_prefix(own.to_bits().into(), other.to_bits().into(), 32 - self.prefix_bits)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                same_prefix(own.to_bits(), other.to_bits(), 128 - self.prefix_bits)
            }
            _ => false,
        }
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Network {
        Network { address, prefix_bits: if address.is_ipv4() { 32 } else { 128 } }
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Network, NotANetwork> {
        let wrong = || NotANetwork(text.to_owned());
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix_bits = match prefix {
            Some(prefix) => prefix.trim().parse().map_err(|_| wrong())?,
            None => width,
        };
        if prefix_bits > width {
            return Err(wrong());
        }
        Ok(Network { address, prefix_bits })
    }
}

/// The client of a request: the last address that no trusted proxy added.
///
/// `X-Forwarded-For` is believed only as far as trusted proxies wrote it, read from its end.
pub(crate) fn resolve(peer: SocketAddr, headers: &HeaderMap, trusted: &[Network]) -> Client {
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

fn same_prefix(one: u128, other: u128, host_bits: u32) -> bool {
    let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
    one & mask == other & mask
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

    #[test]
    fn reads_networks() {
        assert!("10.0.0.0/33".parse::<Network>().is_err());
        assert!("somewhere".parse::<Network>().is_err());
        assert!("::1".parse::<Network>().is_ok());
    }
}
