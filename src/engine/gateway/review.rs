//! What rules would have done to calls that are on record.
//!
//! Only rules are judged: what a role may do does not change by them. Where a record does not tell what a rule
//! asks about, that is said and not guessed.

use super::authorise::Rules;
use super::policy::{
    Actor, ActorKind, Circumstances, PERMISSIONS, Place, Policy, PolicyError, Question, Violated,
};
use super::principal::{Channel, is_key_of_nobody};
use crate::engine::tools::views::{RecordedCall, RecordedCalls};
use crate::model::policy::{PolicyVersion, RuleDocument, RuleSays};
use crate::model::policy_review::{CallGroup, Fate, PolicyReview};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

/// The most groups that are shown.
const SHOWN: usize = 200;

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Done,
    DoneAndNoted,
    Denied,
}

/// What the policies of a version say of a call.
struct Judgement {
    standing: Standing,
    rules: Vec<Arc<str>>,
    /// The first thing that it touches and that a rule is against.
    place: Option<String>,
}

/// What could not be judged, counted.
#[derive(Debug, Default, PartialEq, Eq)]
struct NotJudged {
    sizes: u32,
    places: u32,
    undecided: u32,
    keys: u32,
}

/// The calls that fare otherwise with one version than with another.
pub(super) fn difference(
    rules: &Rules,
    (held, now): (&PolicyVersion, &Policy),
    (next, then): (&PolicyVersion, &Policy),
    read: &RecordedCalls,
) -> PolicyReview {
    let mut groups = Groups::default();
    let mut missing = NotJudged::default();
    let sized = SizeRules::of(held, next);
    let for_roles = held.rules.iter().chain(&next.rules).any(|rule| !rule.roles.is_empty());
    let mut judged = 0;
    for call in read.calls.iter().filter(|call| is_decided_by_rules(rules, call)) {
        let both = judge(rules, now, &sized, call).and_then(|before| {
            let after = judge(rules, then, &sized, call)?;
            Ok((before, after))
        });
        let Ok(((before, size_before), (after, size_after))) = both else {
            missing.undecided += 1;
            continue;
        };
        judged += 1;
        if sized.differ && (size_before || size_after) {
            missing.sizes += 1;
        }
        if for_roles && call.on_behalf_of.is_some() {
            missing.keys += 1;
        }
        let Some(fate) = fate(before.standing, after.standing) else { continue };
        if fate == Fate::Allowed && call.resources.is_empty() {
            missing.places += 1;
        }
        let gone = matches!(fate, Fate::Allowed | Fate::NoLongerNoted);
        groups.add(fate, if gone { before } else { after }, call, read);
    }
    groups.into_review(judged, read, missing.in_words(read))
}

/// The calls that were done although a rule would have denied them.
pub(super) fn report(read: &RecordedCalls) -> PolicyReview {
    let mut groups = Groups::default();
    let mut judged = 0;
    for call in &read.calls {
        judged += 1;
        if call.decision == "wouldDeny" {
            let rules = call.would_deny.iter().map(|rule| Arc::from(rule.as_str())).collect();
            let judgement = Judgement { standing: Standing::DoneAndNoted, rules, place: None };
            groups.add(Fate::Noted, judgement, call, read);
        }
    }
    groups.into_review(judged, read, NotJudged::default().in_words(read))
}

/// Rules about sizes, which not every record has.
struct SizeRules {
    names: BTreeSet<String>,
    /// Whether they say something else than before.
    differ: bool,
}

impl SizeRules {
    fn of(held: &PolicyVersion, next: &PolicyVersion) -> Self {
        let sized = |version: &PolicyVersion| {
            let rules = version.rules.iter();
            let rules = rules.filter(|rule| matches!(rule.says, RuleSays::AtMostBytes { .. }));
            rules.cloned().collect::<Vec<RuleDocument>>()
        };
        let (before, after) = (sized(held), sized(next));
        let names = before.iter().chain(&after).map(|rule| rule.id.clone()).collect();
        Self { names, differ: before != after || held.mode != next.mode }
    }
}

/// Whether it was let in, or kept out by rules, of which others might say something else. What a role may not
/// do, and what was not understood or came too often, stays as it is.
fn is_decided_by_rules(rules: &Rules, call: &RecordedCall) -> bool {
    let is_known = PERMISSIONS.iter().any(|row| row.operation == call.operation) || is_foreign(rules, call);
    let by_rules = !call.policies.is_empty() && call.policies.iter().all(|policy| !policy.contains(':'));
    is_known && (matches!(call.decision.as_str(), "allowed" | "wouldDeny") || by_rules)
}

fn is_foreign(rules: &Rules, call: &RecordedCall) -> bool {
    rules.third_parties().iter().any(|beginning| call.operation.starts_with(beginning))
}

/// What policies say of a call: of the operation as such, then of each place. Beside it, whether a rule about
/// sizes was left out.
fn judge(
    rules: &Rules,
    policy: &Policy,
    sized: &SizeRules,
    call: &RecordedCall,
) -> Result<(Judgement, bool), PolicyError> {
    let is_key = call.on_behalf_of.is_some() || is_key_of_nobody(&call.principal);
    let kind = if is_key { ActorKind::Key } else { ActorKind::Person };
    let actor = Actor { id: call.principal.clone(), role: call.role, artists: Vec::new(), kind };
    let circumstances = Circumstances { size: call.size, ..circumstances(rules, call)? };
    let ask = |place: Place<'_>| {
        policy.violated(&Question {
            actor: &actor,
            operation: &call.operation,
            foreign: is_foreign(rules, call),
            place,
            circumstances: &circumstances,
        })
    };
    let mut violated = ask(Place::Operation(&call.operation))?;
    let mut at = None;
    for resource in &call.resources {
        // What is no place now was none that rules could be against.
        let Some(place) = rules.place(resource) else { continue };
        let there = ask(place)?;
        if at.is_none() && there != Violated::default() {
            at = Some(resource.name.clone());
        }
        violated.in_force.extend(there.in_force);
        violated.on_trial.extend(there.on_trial);
    }
    let unknown = |rule: &Arc<str>| call.size.is_none() && sized.names.contains(rule.as_ref());
    let left_out = violated.in_force.iter().chain(&violated.on_trial).any(unknown);
    violated.in_force.retain(|rule| !unknown(rule));
    violated.on_trial.retain(|rule| !unknown(rule));
    let standing = match (policy.blocks(), violated.in_force.is_empty(), violated.on_trial.is_empty()) {
        (true, false, _) => Standing::Denied,
        (_, true, true) => Standing::Done,
        _ => Standing::DoneAndNoted,
    };
    let mut named = violated.in_force;
    if standing != Standing::Denied {
        named.extend(violated.on_trial);
    }
    named.sort_unstable();
    named.dedup();
    Ok((Judgement { standing, rules: named, place: at }, left_out))
}

fn circumstances(rules: &Rules, call: &RecordedCall) -> Result<Circumstances, PolicyError> {
    let unreadable = || PolicyError::Unanswerable(format!("{} is no moment", call.time));
    let moment = call.time.parse::<Timestamp>().map_err(|_| unreadable())?;
    let address = call.address.as_deref().and_then(|address| address.parse::<IpAddr>().ok());
    let channels = [Channel::Page, Channel::Rest, Channel::Mcp, Channel::Command, Channel::Schedule];
    let channel = channels.into_iter().find(|channel| channel.id() == call.channel);
    let channel = channel.unwrap_or(Channel::Rest);
    Ok(Circumstances::at(moment, rules.time_zone(), address, channel))
}

fn fate(before: Standing, after: Standing) -> Option<Fate> {
    match (before, after) {
        (Standing::Done | Standing::DoneAndNoted, Standing::Denied) => Some(Fate::Denied),
        (Standing::Denied, Standing::Done | Standing::DoneAndNoted) => Some(Fate::Allowed),
        (Standing::Done, Standing::DoneAndNoted) => Some(Fate::Noted),
        (Standing::DoneAndNoted, Standing::Done) => Some(Fate::NoLongerNoted),
        (Standing::Done, Standing::Done)
        | (Standing::DoneAndNoted, Standing::DoneAndNoted)
        | (Standing::Denied, Standing::Denied) => None,
    }
}

/// What makes calls the same to whoever reads about them.
type Same = (Fate, String, String, String, Vec<String>);

/// Calls by what makes them the same: how many, and when the last was made.
#[derive(Default)]
struct Groups(BTreeMap<Same, (u32, String)>);

impl Groups {
    fn add(&mut self, fate: Fate, judgement: Judgement, call: &RecordedCall, read: &RecordedCalls) {
        let place = judgement.place.or_else(|| call.resources.first().map(|resource| resource.name.clone()));
        let rules = judgement.rules.iter().map(ToString::to_string).collect();
        let same = (fate, person(call, read), call.operation.clone(), place.unwrap_or_default(), rules);
        let (count, last) = self.0.entry(same).or_default();
        *count += 1;
        if call.time > *last {
            last.clone_from(&call.time);
        }
    }

    fn into_review(self, judged: u32, read: &RecordedCalls, not_judged: Vec<String>) -> PolicyReview {
        let group = |((fate, person, operation, place, rules), (calls, last))| CallGroup {
            fate,
            person,
            operation,
            place,
            rules,
            calls,
            last,
        };
        let mut groups: Vec<CallGroup> = self.0.into_iter().map(group).collect();
        groups.sort_by(|one, other| one.fate.cmp(&other.fate).then(other.calls.cmp(&one.calls)));
        let left_out = groups.len().saturating_sub(SHOWN);
        groups.truncate(SHOWN);
        let groups_left_out = u32::try_from(left_out).unwrap_or(u32::MAX);
        PolicyReview {
            since: read.since.clone(),
            judged,
            are_all: read.are_all,
            groups,
            groups_left_out,
            not_judged,
        }
    }
}

/// Whose call it was, as people call them.
fn person(call: &RecordedCall, read: &RecordedCalls) -> String {
    let name = |id: &str| read.names.get(id).cloned();
    match call.on_behalf_of.as_deref() {
        Some(owner) => {
            // A record tells the two apart by the id of the caller alone.
            let what = if call.principal.starts_with("token:") { "An access token" } else { "A key" };
            format!("{what} of {}", name(owner).unwrap_or_else(|| owner.to_owned()))
        }
        None => name(&call.principal).unwrap_or_else(|| call.principal.clone()),
    }
}

impl NotJudged {
    fn in_words(&self, read: &RecordedCalls) -> Vec<String> {
        let mut words = Vec::new();
        let mut say = |count: u32, what: &str| {
            if count > 0 {
                let calls = if count == 1 { "call" } else { "calls" };
                words.push(format!("{count} {calls} {what}"));
            }
        };
        say(
            self.sizes,
            "stored files whose size is not on record: what a rule about sizes does to them is not known.",
        );
        say(
            self.places,
            "had been refused before it was known what they would touch: a rule about places, or whose artists they are about, may refuse them still.",
        );
        say(
            self.keys,
            "came from keys or access tokens: they are judged by the lower of two roles, that of their person and the one that they are held to, though rules about the higher one hold for them, too.",
        );
        say(self.undecided, "could not be judged from what is on record.");
        if read.unreadable > 0 {
            words.push(format!("{} records of the log could not be read.", read.unreadable));
        }
        if !read.are_all {
            let read = read.calls.len();
            words.push(format!(
                "There were more calls than are read at once: the latest {read} were looked at, and not the others."
            ));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::gateway::Role;
    use crate::model::tool::AwsResource;

    fn call(principal: &str, decision: &str, on_behalf_of: Option<&str>) -> RecordedCall {
        RecordedCall {
            time: "2026-11-24T09:00:00Z".to_owned(),
            decision: decision.to_owned(),
            principal: principal.to_owned(),
            on_behalf_of: on_behalf_of.map(str::to_owned),
            role: Role::Producer,
            channel: "page".to_owned(),
            address: None,
            operation: "get_contract".to_owned(),
            resources: vec![AwsResource {
                service: "s3".to_owned(),
                action: "s3:GetObject".to_owned(),
                name: "patchline-contracts/a.md".to_owned(),
            }],
            size: None,
            policies: Vec::new(),
            would_deny: vec!["no-contracts".to_owned()],
        }
    }

    #[test]
    fn what_becomes_of_a_call_is_told_where_it_is_something_else() {
        let all = [Standing::Done, Standing::DoneAndNoted, Standing::Denied];
        for standing in all {
            assert_eq!(fate(standing, standing), None);
        }
        assert_eq!(fate(Standing::DoneAndNoted, Standing::Denied), Some(Fate::Denied));
        assert_eq!(fate(Standing::Denied, Standing::DoneAndNoted), Some(Fate::Allowed));
        assert_eq!(fate(Standing::Done, Standing::DoneAndNoted), Some(Fate::Noted));
    }

    #[test]
    fn calls_that_would_have_been_denied_are_counted_for_each_person() {
        let mut read = RecordedCalls { are_all: true, ..RecordedCalls::default() };
        read.names.insert("usr_1".to_owned(), "Ben".to_owned());
        read.calls = vec![
            call("usr_1", "wouldDeny", None),
            call("usr_1", "wouldDeny", None),
            call("key:a", "wouldDeny", Some("usr_1")),
            call("token:report#1", "wouldDeny", Some("usr_1")),
            call("usr_2", "allowed", None),
        ];
        let report = report(&read);
        let told: Vec<_> = report.groups.iter().map(|group| (group.person.as_str(), group.calls)).collect();
        let expected = vec![("Ben", 2), ("A key of Ben", 1), ("An access token of Ben", 1)];
        assert_eq!((report.judged, told), (5, expected));
        assert_eq!(report.groups[0].rules, ["no-contracts"]);
        assert!(report.not_judged.is_empty());
    }

    #[test]
    fn what_could_not_be_read_is_said() {
        let read = RecordedCalls { unreadable: 2, are_all: false, ..RecordedCalls::default() };
        let words = NotJudged { sizes: 1, ..NotJudged::default() }.in_words(&read);
        assert_eq!(words.len(), 3, "{words:?}");
        assert!(words[0].starts_with("1 call stored files"), "{words:?}");
    }
}
