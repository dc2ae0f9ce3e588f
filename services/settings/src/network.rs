//! Blocks of IP addresses.

use std::net::IpAddr;
use std::str::FromStr;

/// A block of addresses, written `10.0.0.0/8` or as a single address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix_bits: u32,
}

/// A text that is not a block of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address or a block like 10.0.0.0/8")]
pub struct NotANetwork(String);

impl Network {
    /// Whether `address` is in the block.
    pub fn contains(self, address: IpAddr) -> bool {
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

fn same_prefix(one: u128, other: u128, host_bits: u32) -> bool {
    let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
    one & mask == other & mask
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().unwrap()
    }

    #[test]
    fn holds_the_addresses_with_its_prefix() {
        let private = network("10.0.0.0/8");
        assert!(private.contains("10.255.0.1".parse().unwrap()));
        assert!(!private.contains("11.0.0.1".parse().unwrap()));
        assert!(!private.contains("::1".parse().unwrap()));
        assert!(network("0.0.0.0/0").contains("203.0.113.9".parse().unwrap()));
        assert!(network("2001:db8::/32").contains("2001:db8::7".parse().unwrap()));
        assert!(network("10.0.0.7").contains("10.0.0.7".parse().unwrap()));
        assert!(!network("10.0.0.7").contains("10.0.0.8".parse().unwrap()));
    }

    #[test]
    fn refuses_what_is_not_a_block() {
        for text in ["", "somewhere", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0/8"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
