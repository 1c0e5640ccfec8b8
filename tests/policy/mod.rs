//! Who may do what, through the real door.

mod budgets;
mod changes;
mod every_address;
mod every_method;
mod every_operation;
mod forms;
mod limits;
mod mcp_client;
mod own_artists;
mod own_imports;
mod page;
pub(crate) mod people;
mod roles;
mod rules;
mod settings;
mod shared_tasks;
mod table;
mod transfers;
mod workflows;

use patchline::engine::gateway::{Channel, Origin, Principal, Role};

/// Somebody of a role.
pub(crate) fn somebody(role: Role) -> Principal {
    Principal::new(format!("{}-1", role.id()), format!("Some {}", role.id()), role)
}

/// Somebody of a role with artists of their own.
pub(crate) fn somebody_with(role: Role, artists: &[&str]) -> Principal {
    let artists = artists.iter().map(|id| id.parse().expect("an id")).collect();
    Principal { artists, ..somebody(role) }
}

/// A call from this machine.
pub(crate) fn from_here() -> Origin {
    Origin::new(Channel::Rest, Some(std::net::Ipv4Addr::LOCALHOST.into()))
}

/// All roles.
pub(crate) const ROLES: [Role; 5] = [Role::Artist, Role::Producer, Role::Manager, Role::Label, Role::Admin];
