//! What does not fit together among rules: some that leave nothing between them, and some that add nothing to others.
//!
//! It is found out from what rules say, without asking about calls. What is told is so; not everything that is so is
//! told, since two names with stars are only known to be apart where their beginnings or ends are.

use super::rules::{Pattern, Rule, Says, plain};
use super::written::plural;
use crate::engine::config::{Schedule, Span};
use crate::engine::gateway::Role;
use ipnet::IpNet;
use std::collections::BTreeSet;

/// What is to be told, a sentence each. Rules on trial deny nothing, so they are left out.
pub(in crate::engine::gateway) fn findings(rules: &[Rule]) -> Vec<String> {
    let in_force: Vec<&Rule> = rules.iter().filter(|rule| !rule.shadow).collect();
    let mut found = Vec::new();
    for (place, one) in in_force.iter().enumerate() {
        let others = in_force.iter().skip(place + 1);
        found.extend(others.filter_map(|other| of_two(one, other)));
    }
    found
}

fn of_two(one: &Rule, other: &Rule) -> Option<String> {
    let whom = both(&one.roles, &other.roles)?;
    let left = leave_nothing(&one.says, &other.says).or_else(|| leave_nothing(&other.says, &one.says));
    if let Some(what) = left {
        return Some(format!("{} and {} together leave no {what} to {whom}.", one.id, other.id));
    }
    if is_for_all_of(&one.roles, &other.roles) && says_already(&one.says, &other.says) {
        return Some(format!("{} adds nothing: {} says that already.", other.id, one.id));
    }
    let adds_nothing = is_for_all_of(&other.roles, &one.roles) && says_already(&other.says, &one.says);
    adds_nothing.then(|| format!("{} adds nothing: {} says that already.", one.id, other.id))
}

/// Those for whom two rules hold, in words; none where they are about different people.
fn both(one: &[Role], other: &[Role]) -> Option<String> {
    let roles: Vec<Role> = match (one, other) {
        ([], []) => return Some("anybody".to_owned()),
        ([], roles) | (roles, []) => roles.to_vec(),
        (one, other) => one.iter().filter(|role| other.contains(role)).copied().collect(),
    };
    let words: Vec<_> = roles.into_iter().map(plural).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Whether a rule for these is for all for whom another is.
fn is_for_all_of(these: &[Role], others: &[Role]) -> bool {
    these.is_empty() || (!others.is_empty() && others.iter().all(|role| these.contains(role)))
}

/// What there is none left of; none where something may be left.
fn leave_nothing(one: &Says, other: &Says) -> Option<&'static str> {
    let nothing = match (one, other) {
        (Says::OnlyTools(tools), Says::OnlyTools(others)) => !tools.iter().any(|tool| others.contains(tool)),
        (Says::OnlyTools(tools), Says::NoTools(denied)) => tools.iter().all(|tool| denied.contains(tool)),
        (Says::OnlyPlaces(kind, names), Says::OnlyPlaces(same, others)) => {
            kind == same && all_apart(names, others)
        }
        (Says::OnlyPlaces(kind, names), Says::NoPlaces(same, denied)) => {
            kind == same && all_covered(names, denied)
        }
        (Says::OnlyFiles(names), Says::OnlyFiles(others)) => all_apart(names, others),
        (Says::OnlyFrom(networks), Says::OnlyFrom(others)) => {
            let overlap = |one: &IpNet, other: &IpNet| lies_in(one, other) || lies_in(other, one);
            !networks.iter().any(|one| others.iter().any(|other| overlap(one, other)))
        }
        (Says::OnlyFrom(networks), Says::NotFrom(denied)) => all_lie_in(networks, denied),
        (Says::OnlyAt(hours), Says::OnlyAt(others)) => minutes(hours).is_disjoint(&minutes(others)),
        _ => false,
    };
    nothing.then(|| match one {
        Says::OnlyPlaces(kind, _) => kind.in_words(),
        Says::OnlyFiles(_) => "file",
        Says::OnlyFrom(_) => "network",
        Says::OnlyAt(_) => "hour",
        _ => "tool",
    })
}

/// Whether one denies everything that the other denies.
fn says_already(one: &Says, other: &Says) -> bool {
    match (one, other) {
        (Says::OnlyTools(tools), Says::OnlyTools(others)) => tools.iter().all(|tool| others.contains(tool)),
        (Says::NoTools(tools), Says::NoTools(others) | Says::NotForAgents(others))
        | (Says::NotForAgents(tools), Says::NotForAgents(others)) => {
            others.iter().all(|tool| tools.contains(tool))
        }
        (Says::OnlyTools(tools), Says::NoTools(denied) | Says::NotForAgents(denied)) => {
            !denied.iter().any(|tool| tools.contains(tool))
        }
        (Says::OnlyPlaces(kind, names), Says::OnlyPlaces(same, others)) => {
            kind == same && all_covered(names, others)
        }
        (Says::NoPlaces(kind, names), Says::NoPlaces(same, others)) => {
            kind == same && all_covered(others, names)
        }
        (Says::OnlyPlaces(kind, names), Says::NoPlaces(same, denied)) => {
            kind == same && all_apart(names, denied)
        }
        (Says::OnlyFiles(names), Says::OnlyFiles(others)) => all_covered(names, others),
        (Says::AtMostBytes(bytes), Says::AtMostBytes(more)) => bytes <= more,
        (Says::OnlyFrom(networks), Says::OnlyFrom(others)) => all_lie_in(networks, others),
        (Says::NotFrom(networks), Says::NotFrom(others)) => all_lie_in(others, networks),
        (Says::OnlyAt(hours), Says::OnlyAt(others)) => minutes(hours).is_subset(&minutes(others)),
        _ => false,
    }
}

fn all_covered(names: &[Pattern], by: &[Pattern]) -> bool {
    names.iter().all(|name| by.iter().any(|wide| covers(wide, name)))
}

fn all_apart(names: &[Pattern], others: &[Pattern]) -> bool {
    names.iter().all(|name| others.iter().all(|other| are_apart(name, other)))
}

/// Whether every name that fits the one fits the other. A star of the narrow one can only be met by a star.
fn covers(wide: &Pattern, narrow: &Pattern) -> bool {
    fits(wide, narrow.as_str())
}

/// Whether a text has the pieces of a pattern in their order, the first at its beginning, the last at its end.
fn fits(pattern: &Pattern, text: &str) -> bool {
    if let Some(name) = pattern.exact() {
        return name == text;
    }
    let pieces: Vec<&str> = pattern.pieces().collect();
    let [first, middle @ .., last] = pieces.as_slice() else { return false };
    let Some(rest) = text.strip_prefix(*first).and_then(|rest| rest.strip_suffix(*last)) else {
        return false;
    };
    let mut rest = rest;
    middle.iter().all(|piece| match rest.split_once(*piece) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// Whether no name fits both, as far as that can be told.
fn are_apart(one: &Pattern, other: &Pattern) -> bool {
    match (one.exact(), other.exact()) {
        (Some(name), _) => !fits(other, name),
        (_, Some(name)) => !fits(one, name),
        (None, None) => {
            let ends = |pattern: &Pattern| {
                let pieces: Vec<String> = pattern.pieces().map(str::to_owned).collect();
                (pieces.first().cloned().unwrap_or_default(), pieces.last().cloned().unwrap_or_default())
            };
            let ((begins, closes), (also_begins, also_closes)) = (ends(one), ends(other));
            let differ =
                |one: &str, other: &str, has: fn(&str, &str) -> bool| !has(one, other) && !has(other, one);
            differ(&begins, &also_begins, |text, part| text.starts_with(part))
                || differ(&closes, &also_closes, |text, part| text.ends_with(part))
        }
    }
}

fn lies_in(network: &IpNet, wide: &IpNet) -> bool {
    plain(*wide).contains(&plain(*network))
}

fn all_lie_in(networks: &[IpNet], wide: &[IpNet]) -> bool {
    networks.iter().all(|network| wide.iter().any(|wide| lies_in(network, wide)))
}

/// The minutes of a week within some hours, as weekday and minute.
fn minutes(hours: &Schedule) -> BTreeSet<(i64, i64)> {
    let of_span = |span: Span| {
        let (from, to) = (span.from, span.to);
        span.weekdays.into_iter().flat_map(move |day| (from..to).map(move |minute| (day, minute)))
    };
    hours.spans().flat_map(of_span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::gateway::policy::Kind;
    use crate::engine::gateway::policy::tests::{named, patterns, schedule};

    fn told(rules: Vec<Says>) -> Vec<String> {
        findings(&rules.into_iter().enumerate().map(named).collect::<Vec<_>>())
    }

    fn tools(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn networks(list: &[&str]) -> Vec<IpNet> {
        list.iter().map(|network| network.parse().expect("a network")).collect()
    }

    #[test]
    fn rules_that_leave_nothing_between_them_are_told() {
        let buckets = |names: &[&str]| Says::OnlyPlaces(Kind::Bucket, patterns(names));
        for (one, other, what) in [
            (Says::OnlyTools(tools(&["a"])), Says::OnlyTools(tools(&["b"])), "tool"),
            (Says::NoTools(tools(&["a", "b"])), Says::OnlyTools(tools(&["a"])), "tool"),
            (buckets(&["masters"]), buckets(&["demos*"]), "bucket"),
            (buckets(&["demos-*"]), Says::NoPlaces(Kind::Bucket, patterns(&["demos*"])), "bucket"),
            (buckets(&["a*-eu"]), buckets(&["*-us"]), "bucket"),
            (Says::OnlyFiles(patterns(&["*.wav"])), Says::OnlyFiles(patterns(&["*.flac"])), "file"),
            (
                Says::OnlyFrom(networks(&["10.0.0.0/8"])),
                Says::OnlyFrom(networks(&["192.168.0.0/16"])),
                "network",
            ),
            (Says::OnlyFrom(networks(&["10.1.0.0/16"])), Says::NotFrom(networks(&["10.0.0.0/8"])), "network"),
            (
                Says::OnlyAt(schedule("Mon-Fri 09:00-18:00")),
                Says::OnlyAt(schedule("Sat-Sun 09:00-18:00")),
                "hour",
            ),
        ] {
            let expected = format!("rule-0 and rule-1 together leave no {what} to anybody.");
            assert_eq!(told(vec![one.clone(), other.clone()]), [expected.as_str()], "{one:?}, {other:?}");
            assert_eq!(told(vec![other, one]), [expected], "in the other order");
        }
    }

    #[test]
    fn a_rule_that_adds_nothing_to_another_is_told() {
        let denied = |names: &[&str]| Says::NoPlaces(Kind::Bucket, patterns(names));
        for (enough, idle) in [
            (Says::NoTools(tools(&["a", "b"])), Says::NoTools(tools(&["b"]))),
            (Says::NoTools(tools(&["a"])), Says::NotForAgents(tools(&["a"]))),
            (Says::OnlyTools(tools(&["a"])), Says::OnlyTools(tools(&["a", "b"]))),
            (Says::OnlyTools(tools(&["a"])), Says::NoTools(tools(&["b"]))),
            (denied(&["demos*"]), denied(&["demos-*-old"])),
            (Says::AtMostBytes(10), Says::AtMostBytes(20)),
            (Says::NotFrom(networks(&["10.0.0.0/8"])), Says::NotFrom(networks(&["::ffff:10.1.0.0/112"]))),
            (Says::OnlyAt(schedule("Mon-Fri 09:00-18:00")), Says::OnlyAt(schedule("Mon-Sun 08:00-20:00"))),
        ] {
            let first = told(vec![enough.clone(), idle.clone()]);
            assert_eq!(first, ["rule-1 adds nothing: rule-0 says that already."], "{enough:?}, {idle:?}");
            assert_eq!(told(vec![idle, enough]), ["rule-0 adds nothing: rule-1 says that already."]);
        }
    }

    #[test]
    fn rules_that_do_something_each_are_not_told() {
        let buckets = |names: &[&str]| Says::OnlyPlaces(Kind::Bucket, patterns(names));
        for (one, other) in [
            (Says::OnlyTools(tools(&["a", "b"])), Says::NoTools(tools(&["a"]))),
            (Says::NoTools(tools(&["a"])), Says::NoTools(tools(&["b"]))),
            (buckets(&["a*"]), buckets(&["*b"])),
            (buckets(&["masters"]), Says::OnlyPlaces(Kind::Table, patterns(&["artists"]))),
            (Says::OnlyFrom(networks(&["10.0.0.0/8"])), Says::NotFrom(networks(&["10.1.0.0/16"]))),
            (Says::OnlyAt(schedule("Mon-Fri 09:00-18:00")), Says::OnlyAt(schedule("Fri-Sat 12:00-20:00"))),
        ] {
            assert_eq!(told(vec![one.clone(), other.clone()]), Vec::<String>::new(), "{one:?}, {other:?}");
        }
    }

    #[test]
    fn rules_for_different_people_and_rules_on_trial_have_nothing_to_do_with_each_other() {
        let rule = |index, names: &[&str], roles: &[Role]| Rule {
            roles: roles.to_vec(),
            ..named((index, Says::OnlyTools(tools(names))))
        };
        let apart = [rule(0, &["a"], &[Role::Artist]), rule(1, &["b"], &[Role::Producer])];
        assert!(findings(&apart).is_empty());
        let shared = [rule(0, &["a"], &[Role::Artist, Role::Producer]), rule(1, &["b"], &[Role::Producer])];
        assert_eq!(findings(&shared), ["rule-0 and rule-1 together leave no tool to producers."]);
        let on_trial = [rule(0, &["a"], &[]), Rule { shadow: true, ..rule(1, &["b"], &[]) }];
        assert!(findings(&on_trial).is_empty());
        let narrower = [rule(0, &["a"], &[Role::Artist]), rule(1, &["a", "b"], &[])];
        assert!(findings(&narrower).is_empty(), "the one for everybody still does something for others");
    }
}
