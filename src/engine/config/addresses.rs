//! Reads addresses: where Patchline listens and is reached, where it sends spans, from where calls may come.

use super::upstreams;
use super::values::names;
use ipnet::IpNet;
use reqwest::Url;
use std::net::SocketAddr;

/// An address of this machine with its port.
pub(super) fn loopback_address(text: &str) -> Result<SocketAddr, String> {
    match text.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(address),
        Ok(_) => Err("only a loopback address such as 127.0.0.1:3000 is allowed, because there is no TLS, \
                      and passwords would cross the network in the clear"
            .to_owned()),
        Err(_) => Err("an address with a port such as 127.0.0.1:3000 is allowed".to_owned()),
    }
}

/// The beginning of our addresses where nobody says otherwise.
pub(super) fn own_url(address: SocketAddr) -> String {
    let url = format!("http://{address}");
    public_url(&url).unwrap_or(url)
}

/// The beginning of our addresses, as others write it.
pub(super) fn public_url(text: &str) -> Result<String, String> {
    let allowed = "an address of a host alone is allowed, such as https://patchline.label.example; http:// on \
                   this machine only";
    let url = text.parse::<Url>().map_err(|_| allowed.to_owned())?;
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && upstreams::is_loopback(&url));
    let is_bare = url.username().is_empty() && url.password().is_none() && url.path() == "/";
    if is_safe && is_bare && url.has_host() && url.query().is_none() && url.fragment().is_none() {
        Ok(url.origin().ascii_serialization())
    } else {
        Err(allowed.to_owned())
    }
}

/// A name and a password have a variable of their own, with the other headers.
pub(super) fn collector(text: &str) -> Result<Url, String> {
    let allowed = "an address that begins with http:// or https://, without a name or a password, such as \
                   http://127.0.0.1:4318";
    let url = text.parse::<Url>().map_err(|_| allowed.to_owned())?;
    let plain = url.username().is_empty() && url.password().is_none();
    let is_address = matches!(url.scheme(), "http" | "https") && url.query().is_none();
    if plain && is_address { Ok(url) } else { Err(allowed.to_owned()) }
}

/// CIDR blocks and single addresses, with commas between them.
pub(super) fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    names(text)?
        .iter()
        .map(|name| {
            name.parse::<IpNet>()
                .or_else(|_| name.parse::<std::net::IpAddr>().map(IpNet::from))
                .map_err(|_| format!("{name:?} is not a CIDR block such as 10.0.0.0/8"))
        })
        .collect()
}
