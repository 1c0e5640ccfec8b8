//! What the policies decide: the roles, the rules, the modes, and what must never be let through.

mod never;
mod roles;
mod rules;

use super::*;
use crate::engine::config::{BucketRole, Schedule};
use crate::engine::gateway::Channel;

/// Rules that block.
pub(super) const BLOCK: Enforcement =
    Enforcement { mode: SecurityMode::Enforcing, on_violation: OnViolation::Block };

/// Policies with some rules, named `rule-0`, `rule-1` …
pub(super) fn policy(rules: Vec<Says>) -> Policy {
    Policy::with(rules.into_iter().enumerate().map(named).collect(), BLOCK).expect("valid rules")
}

pub(super) fn named((index, says): (usize, Says)) -> Rule {
    let id = format!("rule-{index}").parse().expect("a name");
    Rule { id, says, roles: Vec::new(), shadow: false }
}

pub(super) fn person(role: Role) -> Actor {
    Actor { id: format!("{}-1", role.id()), role, artists: Vec::new(), kind: ActorKind::Person }
}

pub(super) fn with_artists(role: Role, artists: &[&str]) -> Actor {
    Actor { artists: artists.iter().map(|id| (*id).to_owned()).collect(), ..person(role) }
}

/// A Wednesday at noon, from the label's network.
pub(super) fn at_noon() -> Circumstances {
    Circumstances {
        address: Some("10.1.2.3".parse().expect("an address")),
        channel: Channel::Page,
        minute: 12 * 60,
        weekday: 3,
        size: None,
        owners: None,
    }
}

pub(super) fn about(artists: &[&str]) -> Circumstances {
    Circumstances { owners: Some(artists.iter().map(|id| (*id).to_owned()).collect()), ..at_noon() }
}

pub(super) fn audio(key: &str) -> Place<'_> {
    Place::Bucket { name: "patchline-audio", purpose: Some(BucketRole::Audio), key }
}

pub(super) fn contract(key: &str) -> Place<'_> {
    Place::Bucket { name: "patchline-contracts", purpose: Some(BucketRole::Contracts), key }
}

/// Whether somebody may do something somewhere.
pub(super) fn may(
    policy: &Policy,
    actor: &Actor,
    operation: &str,
    place: Place<'_>,
    circumstances: &Circumstances,
) -> bool {
    decision(policy, actor, operation, place, circumstances).allowed()
}

pub(super) fn decision(
    policy: &Policy,
    actor: &Actor,
    operation: &str,
    place: Place<'_>,
    circumstances: &Circumstances,
) -> Decision {
    policy.decide(&Question { actor, operation, foreign: false, place, circumstances })
}

/// Whether an admin may do something at noon.
pub(super) fn admin_may(policy: &Policy, operation: &str, place: Place<'_>) -> bool {
    may(policy, &person(Role::Admin), operation, place, &at_noon())
}

pub(super) fn patterns(names: &[&str]) -> Vec<Pattern> {
    names.iter().map(|name| name.parse().expect("a pattern")).collect()
}

pub(super) fn schedule(text: &str) -> Schedule {
    text.parse().expect("a schedule")
}
