//! Where callbacks come from.

use std::net::{IpAddr, Ipv4Addr};

/// The addresses from which PaySsam sends callbacks (reported by integrations; one of them was observed).
///
/// They may change without notice, so do not refuse an address only because it is not in this list.
pub const KNOWN_SENDERS: [Ipv4Addr; 7] = [
    Ipv4Addr::new(52, 78, 118, 82),
    Ipv4Addr::new(52, 78, 236, 125),
    Ipv4Addr::new(52, 79, 214, 146),
    Ipv4Addr::new(3, 36, 243, 225),
    Ipv4Addr::new(3, 39, 97, 44),
    Ipv4Addr::new(13, 209, 0, 172),
    Ipv4Addr::new(13, 209, 248, 179),
];

/// Whether this is one of the [known senders](KNOWN_SENDERS), also as an IPv4-mapped IPv6 address.
///
/// It proves nothing: behind a proxy the address is what the proxy says.
pub fn from_known_sender(address: impl Into<IpAddr>) -> bool {
    match address.into().to_canonical() {
        IpAddr::V4(address) => KNOWN_SENDERS.contains(&address),
        IpAddr::V6(_) => false,
    }
}
