//! Addresses and subnets.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) fn is_v4(address: &str) -> bool {
    address.parse::<Ipv4Addr>().is_ok()
}

pub(super) fn is_v6(address: &str) -> bool {
    address.parse::<Ipv6Addr>().is_ok()
}

/// Whether an address is in a subnet such as `10.0.0.0/8`; not if either cannot be read.
pub(super) fn is_in(address: &str, subnet: &str) -> bool {
    let network = subnet.split_once('/');
    let (Some((network, length)), Ok(address)) = (network, address.parse::<IpAddr>()) else {
        return false;
    };
    let (Ok(network), Ok(length)) = (network.parse::<IpAddr>(), length.parse::<u32>()) else {
        return false;
    };
    let (difference, width) = match (address, network) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits() ^ b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits(), 128),
        _ => return false,
    };
    length <= width && difference.checked_shr(width - length).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_addresses_in_subnets() {
        let cases = [
            ("10.1.2.3", "10.0.0.0/8", true),
            ("11.1.2.3", "10.0.0.0/8", false),
            ("11.1.2.3", "0.0.0.0/0", true),
            ("10.0.0.1", "10.0.0.1/32", true),
            ("10.0.0.1", "10.0.0.1/33", false),
            ("fe80::1", "fe80::/10", true),
            ("::2", "::1/128", false),
            ("::2", "::/0", true),
            ("10.0.0.1", "::/0", false),
            ("10.0.0.1", "10.0.0.1", false),
            ("x", "10.0.0.0/8", false),
        ];
        for (address, subnet, expected) in cases {
            assert_eq!(is_in(address, subnet), expected, "{address} in {subnet}");
        }
    }
}
