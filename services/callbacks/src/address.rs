//! What an IP address belongs to, in whatever form it is written.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// A host of the internet.
    Public,
    /// This machine, or a network that its owner made: loopback, RFC 1918, carrier-grade NAT,
    /// unique local.
    Private,
    /// Nowhere that a callback may go, whatever the operator lists: link-local and with it the
    /// metadata of clouds, groups, broadcasts, documentation, tunnels that hide another address.
    Forbidden,
}

/// Classifies an address. One that stands for another, as an IPv4 address within an IPv6 one does,
/// is judged by the other.
pub(crate) fn reach(address: IpAddr) -> Reach {
    match address.to_canonical() {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => reach_v6(address),
    }
}

/// Blocks of the IANA registry of special-purpose addresses that are nobody's host.
const FORBIDDEN_V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::UNSPECIFIED, 8),
    // Metadata of a cloud, within the block of carrier-grade NAT.
    (Ipv4Addr::new(100, 100, 100, 200), 32),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

const PRIVATE_V4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
];

fn reach_v4(address: Ipv4Addr) -> Reach {
    let is_in = |&(block, prefix): &(Ipv4Addr, u32)| {
        let host_bits = 32 - prefix;
        address.to_bits() >> host_bits == block.to_bits() >> host_bits
    };
    if FORBIDDEN_V4.iter().any(is_in) {
        Reach::Forbidden
    } else if PRIVATE_V4.iter().any(is_in) {
        Reach::Private
    } else {
        Reach::Public
    }
}

/// Metadata of a cloud, within the block of unique local addresses.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
/// The well-known prefix of NAT64: the last 32 bits are the IPv4 address that is meant.
const NAT64: Ipv6Addr = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);

/// Blocks within the global range that hide another address or are nobody's host: protocol
/// assignments with Teredo, documentation, 6to4.
const FORBIDDEN_V6: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];
/// All that is global today; what lies outside is special, or will be.
const GLOBAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
const UNIQUE_LOCAL_V6: (Ipv6Addr, u32) = (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7);

fn reach_v6(address: Ipv6Addr) -> Reach {
    let is_in = |&(block, prefix): &(Ipv6Addr, u32)| {
        let host_bits = 128 - prefix;
        address.to_bits() >> host_bits == block.to_bits() >> host_bits
    };
    if is_in(&(NAT64, 96)) {
        let [.., a, b, c, d] = address.octets();
        return reach_v4(Ipv4Addr::new(a, b, c, d));
    }
    if address == METADATA_V6 || FORBIDDEN_V6.iter().any(is_in) {
        Reach::Forbidden
    } else if address.is_loopback() || is_in(&UNIQUE_LOCAL_V6) {
        Reach::Private
    } else if is_in(&GLOBAL_V6) {
        Reach::Public
    } else {
        Reach::Forbidden
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Reach {
        reach(text.parse().unwrap())
    }

    #[test]
    fn hosts_of_the_internet_are_public() {
        for text in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2606:4700:4700::1111",
            "2a00:1450:4007::200e",
        ] {
            assert_eq!(of(text), Reach::Public, "{text}");
        }
    }

    #[test]
    fn networks_that_somebody_made_are_private_in_every_form() {
        for text in [
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "64:ff9b::10.1.2.3",
            "64:ff9b::127.0.0.1",
            "fc00::1",
            "fd12:3456:789a::1",
        ] {
            assert_eq!(of(text), Reach::Private, "{text}");
        }
    }

    #[test]
    fn what_is_no_host_is_forbidden() {
        for text in [
            "0.0.0.0",
            "0.1.2.3",
            "100.100.100.200",
            "169.254.169.254",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::7f00:1",
            "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::7f00:1",
            "100::1",
            "2001::1",
            "2001:2::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert_eq!(of(text), Reach::Forbidden, "{text}");
        }
    }
}
