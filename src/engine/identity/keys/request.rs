//! What somebody wants for a key, read once into what cannot be wrong.

use super::error::KeyError;
use crate::model::field::FieldError;
use crate::model::key::{KeyRequest, KeyScope, MOST_DAYS, USUAL_DAYS};
use crate::model::role::Role;
use ipnet::IpNet;
use std::net::IpAddr;

/// The longest name, in characters.
const LONGEST_NAME: usize = 60;

/// The most networks that a key may be used from.
const MOST_ADDRESSES: usize = 20;

/// What a key is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WantedKey {
    pub(super) name: String,
    pub(super) scope: KeyScope,
    /// None for the role of the owner.
    pub(super) role: Option<Role>,
    pub(super) days: u16,
    pub(super) addresses: Vec<IpNet>,
}

impl WantedKey {
    /// Reads a wish; `servers` are those that have tools.
    pub(super) fn read(wish: &KeyRequest, servers: &[String]) -> Result<Self, KeyError> {
        let mut wrong = Vec::new();
        let mut note = |field: &str, message: String| wrong.push(FieldError::new(field, message));
        let name = read_name(&wish.name).map_err(|message| note("name", message)).ok();
        let scope = read_scope(wish, servers).map_err(|(field, message)| note(field, message)).ok();
        let role = read_role(&wish.role).map_err(|message| note("role", message)).ok();
        let days = read_days(&wish.days).map_err(|message| note("days", message)).ok();
        let addresses = read_addresses(&wish.addresses).map_err(|message| note("addresses", message)).ok();
        match (name, scope, role, days, addresses) {
            (Some(name), Some(scope), Some(role), Some(days), Some(addresses)) => {
                Ok(Self { name, scope, role, days, addresses })
            }
            _ => Err(KeyError::Unsuitable(wrong)),
        }
    }
}

fn read_name(typed: &str) -> Result<String, String> {
    let name = typed.trim();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits {
        Ok(name.to_owned())
    } else {
        Err(format!("has to have 1 to {LONGEST_NAME} characters, in one line"))
    }
}

fn read_scope(wish: &KeyRequest, servers: &[String]) -> Result<KeyScope, (&'static str, String)> {
    match wish.scope.as_str() {
        "read" => Ok(KeyScope::ReadTools),
        "all" => Ok(KeyScope::AllTools),
        "servers" => {
            let mut named: Vec<_> = wish.servers.iter().map(|name| name.trim().to_owned()).collect();
            named.sort_unstable();
            named.dedup();
            if named.is_empty() {
                return Err(("servers", "has to be one at least".to_owned()));
            }
            match named.iter().find(|name| !servers.contains(name)) {
                Some(unknown) => {
                    let message = format!("has {unknown:?}, which is none; there are {}", servers.join(", "));
                    Err(("servers", message))
                }
                None => Ok(KeyScope::Servers(named)),
            }
        }
        other => Err(("scope", format!("is {other:?}; allowed are read, all and servers"))),
    }
}

fn read_role(typed: &str) -> Result<Option<Role>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let role = Role::from_id(typed).map(Some);
    role.ok_or_else(|| format!("is {typed:?}; allowed are artist, producer, manager, label and admin"))
}

fn read_days(typed: &str) -> Result<u16, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(USUAL_DAYS);
    }
    let days = typed.parse::<u16>().ok().filter(|days| (1..=MOST_DAYS).contains(days));
    days.ok_or_else(|| format!("has to be a whole number from 1 to {MOST_DAYS}"))
}

/// Networks and single addresses, separated by commas or spaces.
fn read_addresses(typed: &str) -> Result<Vec<IpNet>, String> {
    let texts = typed.split(|c: char| c == ',' || c.is_whitespace()).filter(|text| !text.is_empty());
    let networks = texts.map(read_network).collect::<Result<Vec<_>, _>>()?;
    if networks.len() > MOST_ADDRESSES {
        return Err(format!("has more than {MOST_ADDRESSES} networks"));
    }
    Ok(networks)
}

fn read_network(text: &str) -> Result<IpNet, String> {
    let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network
        .map(|network| network.trunc())
        .map_err(|_| format!("has {text:?}, which is neither an address nor a network such as 10.0.0.0/8"))
}

/// Whether an address lies in one of the networks that are kept; without networks every address does. What
/// cannot be read is a network in which nobody is.
pub(super) fn is_from(networks: &[String], address: Option<IpAddr>) -> bool {
    if networks.is_empty() {
        return true;
    }
    // An IPv4 caller may arrive as a mapped IPv6 address, which no IPv4 network would have.
    let Some(address) = address.map(|address| address.to_canonical()) else { return false };
    networks.iter().filter_map(|text| text.parse::<IpNet>().ok()).any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> KeyRequest {
        KeyRequest { name: "Nightly report".to_owned(), scope: "read".to_owned(), ..KeyRequest::default() }
    }

    fn wrong(wish: &KeyRequest) -> Vec<String> {
        let servers = ["s3".to_owned(), "dynamodb".to_owned()];
        match WantedKey::read(wish, &servers) {
            Ok(_) => Vec::new(),
            Err(KeyError::Unsuitable(fields)) => fields.into_iter().map(|wrong| wrong.field).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_key_lasts_ninety_days_reads_and_works_everywhere_unless_somebody_says_otherwise() {
        let read = WantedKey::read(&wish(), &[]).expect("it can be made");
        let expected = WantedKey {
            name: "Nightly report".to_owned(),
            scope: KeyScope::ReadTools,
            role: None,
            days: 90,
            addresses: Vec::new(),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn what_cannot_be_taken_is_told_at_its_field_and_all_at_once() {
        assert_eq!(wrong(&wish()), Vec::<String>::new());
        let all = KeyRequest {
            name: " ".to_owned(),
            scope: "everything".to_owned(),
            servers: Vec::new(),
            role: "boss".to_owned(),
            days: "0".to_owned(),
            addresses: "10.0.0.0/40".to_owned(),
        };
        assert_eq!(wrong(&all), ["name", "scope", "role", "days", "addresses"]);
        for days in ["366", "-1", "a year", "1.5"] {
            assert_eq!(wrong(&KeyRequest { days: days.to_owned(), ..wish() }), ["days"], "{days}");
        }
        let of = |servers: &[&str]| KeyRequest {
            scope: "servers".to_owned(),
            servers: servers.iter().map(|name| (*name).to_owned()).collect(),
            ..wish()
        };
        assert_eq!(wrong(&of(&[])), ["servers"]);
        assert_eq!(wrong(&of(&["s3", "coffee"])), ["servers"]);
        assert_eq!(wrong(&of(&["s3", "dynamodb", "s3"])), Vec::<String>::new());
    }

    #[test]
    fn networks_and_single_addresses_are_taken_however_they_are_separated() {
        let read = read_addresses(" 10.1.2.3/8, 192.0.2.7  2001:db8::1/32\n").expect("networks");
        let shown: Vec<_> = read.iter().map(IpNet::to_string).collect();
        assert_eq!(shown, ["10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32"]);
    }

    #[test]
    fn an_address_is_in_one_of_the_networks_or_refused() {
        let networks = ["10.0.0.0/8".to_owned(), "no network".to_owned()];
        let from = |address: &str| is_from(&networks, address.parse().ok());
        assert!(from("10.9.8.7") && from("::ffff:10.9.8.7"));
        assert!(!from("192.0.2.1") && !from("::1") && !is_from(&networks, None));
        assert!(!is_from(&networks[1..], "10.9.8.7".parse().ok()));
        assert!(is_from(&[], None), "without networks it is used everywhere");
    }
}
