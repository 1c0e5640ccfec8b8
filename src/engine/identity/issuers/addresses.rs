//! To which addresses a request may go whose target somebody else has named.

use crate::engine::config::{IssuerSettings, WebhookAddresses};
use ipnet::{Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(a: u16, b: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), length)
}

/// The networks of an organisation.
const PRIVATE_V4: [Ipv4Net; 4] =
    [v4(10, 0, 0, 0, 8), v4(172, 16, 0, 0, 12), v4(192, 168, 0, 0, 16), v4(100, 64, 0, 0, 10)];

const PRIVATE_V6: [Ipv6Net; 1] = [v6(0xfc00, 0, 7)];

/// What is nobody's: this machine, neighbours on the wire (the metadata of a cloud among them), groups,
/// examples, measurements, and ways around the other rules.
const NOWHERE_V4: [Ipv4Net; 10] = [
    v4(0, 0, 0, 0, 8),
    v4(127, 0, 0, 0, 8),
    v4(169, 254, 0, 0, 16),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
];

/// The same: unspecified, this machine and what wraps IPv4; translation; Teredo; examples; 6to4; neighbours;
/// sites of old; groups.
const NOWHERE_V6: [Ipv6Net; 8] = [
    v6(0, 0, 16),
    v6(0x64, 0xff9b, 32),
    v6(0x2001, 0, 32),
    v6(0x2001, 0xdb8, 32),
    v6(0x2002, 0, 16),
    v6(0xfe80, 0, 10),
    v6(0xfec0, 0, 10),
    v6(0xff00, 0, 8),
];

/// The addresses of AWS for metadata over IPv6, which lie among private ones.
const METADATA_V6: [Ipv6Net; 1] = [v6(0xfd00, 0xec2, 32)];

/// How far requests reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engine) enum Reach {
    /// This machine and nothing else: the issuer itself is there.
    Here,
    /// The internet.
    Public,
    /// The internet, and the networks of an organisation.
    Private,
}

impl Reach {
    /// How far requests reach for an issuer.
    pub(super) fn of(settings: &IssuerSettings) -> Self {
        match (settings.url.is_here(), settings.private_addresses) {
            (true, _) => Self::Here,
            (false, false) => Self::Public,
            (false, true) => Self::Private,
        }
    }

    /// A client whose requests reach no further and follow no redirects: how long it may take until somebody answers,
    /// and how long the answer may take.
    ///
    /// # Errors
    /// Where there is no client with these guards: then there is none at all.
    pub(in crate::engine) fn client(self, connect: Duration, patience: Duration) -> reqwest::Result<Client> {
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(connect)
            .timeout(patience)
            .dns_resolver(Arc::new(Guarded(self)));
        // What is on this machine is behind no proxy.
        let client = if self == Self::Here { client.no_proxy() } else { client };
        client.build()
    }

    /// Whether a request may go to an address.
    pub(in crate::engine) fn allows(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        match self {
            Self::Here => address.is_loopback(),
            Self::Public => !is_nowhere(address) && !is_private(address),
            Self::Private => !is_nowhere(address),
        }
    }

    /// Why a request must not go to an address, before its name is looked up.
    pub(in crate::engine) fn check(self, url: &Url) -> Result<(), String> {
        if url.scheme() != "https" && !(self == Self::Here && url.scheme() == "http") {
            return Err("it does not use https".to_owned());
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        match host.parse::<IpAddr>() {
            Ok(address) if !self.allows(address) => Err(self.refusal(host)),
            _ => Ok(()),
        }
    }

    fn refusal(self, host: &str) -> String {
        match self {
            Self::Here => format!("{host} is not on this machine, as its issuer is"),
            Self::Public => {
                format!("{host} is an address of this machine or of a private network, which is not allowed")
            }
            Self::Private => format!("{host} is an address of this machine or of nobody"),
        }
    }
}

impl From<WebhookAddresses> for Reach {
    /// How far requests reach to the addresses that people gave.
    fn from(addresses: WebhookAddresses) -> Self {
        match addresses {
            WebhookAddresses::Public => Self::Public,
            WebhookAddresses::Private => Self::Private,
            WebhookAddresses::ThisMachine => Self::Here,
        }
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => PRIVATE_V4.iter().any(|network| network.contains(&address)),
        IpAddr::V6(address) => PRIVATE_V6.iter().any(|network| network.contains(&address)),
    }
}

fn is_nowhere(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => NOWHERE_V4.iter().any(|network| network.contains(&address)),
        IpAddr::V6(address) => {
            NOWHERE_V6.iter().chain(&METADATA_V6).any(|network| network.contains(&address))
        }
    }
}

/// Looks names up, and passes on only the addresses to which a request may go: what was looked at is what is
/// connected to.
#[derive(Debug)]
struct Guarded(Reach);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(look_up(self.0, name))
    }
}

async fn look_up(reach: Reach, name: Name) -> Result<Addrs, Box<dyn Error + Send + Sync>> {
    let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
    let allowed: Vec<SocketAddr> = found.filter(|address| reach.allows(address.ip())).collect();
    if allowed.is_empty() {
        return Err(reach.refusal(name.as_str()).into());
    }
    Ok(Box::new(allowed.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(reach: Reach, address: &str) -> bool {
        reach.allows(address.parse().unwrap())
    }

    #[test]
    fn the_internet_is_reached_and_nothing_behind_it() {
        for address in ["8.8.8.8", "2600:1f18::1"] {
            assert!(allows(Reach::Public, address), "{address}");
        }
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "fd00::1",
            "fe80::1",
            "ff02::1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
        ] {
            assert!(!allows(Reach::Public, address), "{address}");
        }
    }

    #[test]
    fn an_organisation_is_reached_where_that_is_wanted_and_never_the_metadata_of_the_cloud() {
        for address in ["10.1.2.3", "fd12::1", "8.8.8.8"] {
            assert!(allows(Reach::Private, address), "{address}");
        }
        for address in ["127.0.0.1", "::1", "169.254.169.254", "fd00:ec2::254"] {
            assert!(!allows(Reach::Private, address), "{address}");
        }
    }

    #[test]
    fn an_issuer_of_this_machine_leads_nowhere_else() {
        assert!(allows(Reach::Here, "127.0.0.1") && allows(Reach::Here, "::1"));
        assert!(!allows(Reach::Here, "10.0.0.1") && !allows(Reach::Here, "8.8.8.8"));
    }

    #[test]
    fn nothing_is_sent_in_the_clear_to_another_machine() {
        let check = |reach: Reach, text: &str| reach.check(&Url::parse(text).unwrap());
        assert!(check(Reach::Public, "https://login.example/token").is_ok());
        assert!(check(Reach::Here, "http://127.0.0.1:9000/token").is_ok());
        for text in ["http://login.example/token", "https://10.0.0.1/token", "https://[::1]/token"] {
            assert!(check(Reach::Public, text).is_err(), "{text}");
        }
        assert!(check(Reach::Here, "ftp://127.0.0.1/token").is_err());
    }
}
