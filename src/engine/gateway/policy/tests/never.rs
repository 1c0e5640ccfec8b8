//! What must never be let through, whatever the policies are: each test is a way in which a policy engine
//! can fail open.

use super::*;
use crate::engine::gateway::policy::vocabulary::ROLES;
use cedar_policy::PolicyId;
use proptest::prelude::*;

#[test]
fn a_rule_that_errs_denies_instead_of_being_left_out() {
    let policy = policy(Vec::new());
    assert!(admin_may(&policy, "list_audio_files", audio("")));
    for (text, shadow) in [
        // More than the largest number.
        ("forbid(principal, action, resource) when { context.minute * 9223372036854775807 < 0 };", false),
        ("forbid(principal, action, resource) when { context.minute * 9223372036854775807 < 0 };", true),
        ("forbid(principal, action, resource) when { context.size > 5 };", false),
    ] {
        let rule = Rule { shadow, ..named((0, Says::AtMostBytes(5))) };
        let erring = cedar_policy::Policy::parse(Some(PolicyId::new("rule-0")), text).expect("a policy");
        let compiled = Compiled::new(&policy.words, Vec::new(), BLOCK).expect("no rules");
        policy.compiled.store(Arc::new(compiled.with_unchecked(rule, erring)));
        let decided = decision(&policy, &person(Role::Admin), "list_audio_files", audio(""), &at_noon());
        assert_eq!(decided.allowed(), shadow, "{text}: only on trial it denies nothing");
        if shadow {
            assert_eq!(decided.would_deny.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["rule-0"]);
        } else {
            assert_eq!(decided.reason(), "could not be decided");
        }
    }
}

#[test]
fn groups_of_actions_are_known_to_the_engine() {
    // Without them, a rule about a whole server would silently match nothing.
    let policy = policy(vec![Says::OnlyTools(vec!["get_audio_file".to_owned()])]);
    let words = &policy.words;
    for row in PERMISSIONS {
        let action = words.action(row.operation).expect("an action");
        let ancestors = words.entities.ancestors(action).expect("the action is there").count();
        assert!(ancestors >= 2, "{}: its part, and admins at least", row.operation);
    }
    assert!(!admin_may(&policy, "list_audio_files", audio("")));
    assert!(!admin_may(&policy, "query_artist_data", Place::Other(Kind::Table, "artists")));
}

#[test]
fn a_policy_that_could_err_is_refused_when_it_is_put_in_place() {
    let words = Vocabulary::new().expect("the schema");
    let validator = cedar_policy::Validator::new(words.schema.clone());
    for text in [
        "forbid(principal, action, resource) when { context.size > 5 };",
        "forbid(principal, action, resource) when { principal.mfa };",
        r#"forbid(principal, action == Patchline::Action::"no_such_tool", resource);"#,
    ] {
        let set: PolicySet = text.parse().expect("it is Cedar");
        let checked = validator.validate(&set, cedar_policy::ValidationMode::Strict);
        assert!(!checked.validation_passed(), "{text}");
    }
}

#[test]
fn hours_are_those_of_the_wall_clock_at_every_minute_of_a_week() {
    for text in ["Mon-Fri 09:00-18:30", "Fri 22:00-02:00", "Sat-Mon 08:00-24:00", "Sun 23:00-01:00"] {
        let hours = schedule(text);
        let policy = policy(vec![Says::OnlyAt(hours.clone())]);
        let monday: jiff::Zoned = "2026-11-16T00:00[Europe/Oslo]".parse().expect("a moment");
        for minute in (0..7 * 24 * 60).step_by(15) {
            let moment = &monday + jiff::Span::new().minutes(minute);
            let circumstances =
                Circumstances::at(moment.timestamp(), moment.time_zone(), None, Channel::Rest);
            let allowed = may(&policy, &person(Role::Admin), "list_audio_files", audio(""), &circumstances);
            assert_eq!(allowed, hours.allows(&moment), "{text} at {moment}");
        }
    }
}

#[test]
fn an_address_is_in_one_of_several_networks_or_refused() {
    let networks = ["10.0.0.0/8", "192.168.7.0/24", "2001:db8::/32", "::ffff:172.16.0.0/108"];
    let networks = networks.iter().map(|network| network.parse().expect("a network")).collect::<Vec<_>>();
    let only = policy(vec![Says::OnlyFrom(networks.clone())]);
    let not = policy(vec![Says::NotFrom(networks)]);
    for (address, within) in [
        ("10.9.8.7", true),
        ("192.168.7.1", true),
        ("192.168.8.1", false),
        ("2001:db8::1", true),
        ("2001:db9::1", false),
        ("::ffff:10.1.2.3", true),
        ("::ffff:0a01:0203", true),
        ("172.16.5.5", true),
        ("172.32.0.1", false),
        ("8.8.8.8", false),
        ("::1", false),
    ] {
        let circumstances =
            Circumstances { address: Some(address.parse().expect("an address")), ..at_noon() };
        let ask = |policy: &Policy| {
            may(policy, &person(Role::Admin), "list_audio_files", audio(""), &circumstances)
        };
        assert_eq!((ask(&only), ask(&not)), (within, !within), "{address}");
    }
    let unknown = Circumstances { address: None, ..at_noon() };
    for policy in [&only, &not] {
        assert!(!may(policy, &person(Role::Admin), "list_audio_files", audio(""), &unknown));
    }
}

#[test]
fn no_name_leads_out_of_its_folder() {
    let policy = policy(vec![Says::OnlyFiles(patterns(&["*"]))]);
    for key in ["../x", "x/../y", "x/..", ".."] {
        assert!(!admin_may(&policy, "get_audio_file", audio(key)), "{key}");
    }
    for key in ["mix..v2.wav", "..hidden", "a/b..", ""] {
        assert!(admin_may(&policy, "get_audio_file", audio(key)), "{key}");
    }
}

#[test]
fn a_rule_about_the_supervisor_is_about_whoever_it_acts_for() {
    let policy = policy(vec![Says::NotForAgents(vec!["update_release_data".to_owned()])]);
    let table = Place::Other(Kind::Table, "releases");
    let mut agent = person(Role::Admin);
    assert!(may(&policy, &agent, "update_release_data", table, &at_noon()));
    agent.kind = ActorKind::Key;
    assert!(may(&policy, &agent, "update_release_data", table, &at_noon()));
    agent.kind = ActorKind::Agent { on_behalf_of: "admin-1".to_owned() };
    assert!(!may(&policy, &agent, "update_release_data", table, &at_noon()));
}

#[test]
fn what_the_schema_does_not_know_is_denied() {
    let policy = policy(Vec::new());
    let admin = person(Role::Admin);
    assert!(!may(&policy, &admin, "delete_everything", Place::Label, &at_noon()), "an operation");
    let model = Place::Other(Kind::Model, "anthropic.claude");
    assert!(!may(&policy, &admin, "list_audio_files", model, &at_noon()), "a place it never touches");
    assert!(!policy.offers(&admin, "delete_everything", false));
}

#[test]
fn what_people_set_is_never_read_as_a_condition() {
    let hostile = ["\"] || true || [\"", "x\"; permit(principal, action, resource); //", "\\", "é\u{202E}x"];
    let policy = policy(vec![Says::OnlyPlaces(Kind::Bucket, patterns(&hostile))]);
    assert!(!admin_may(&policy, "list_audio_files", audio("")));
    for name in hostile {
        let place = Place::Bucket { name, purpose: None, key: name };
        assert!(admin_may(&policy, "list_audio_files", place), "{name}: it is a name like any other");
    }
    for name in hostile {
        let policy = self::policy(vec![Says::NoTools(vec![name.to_owned()])]);
        assert!(admin_may(&policy, "list_audio_files", audio("")), "{name}");
    }
    for id in ["", "Rule", "a:b", "role:admin", "a b", &"a".repeat(65)] {
        assert!(id.parse::<RuleId>().is_err(), "{id}");
    }
}

#[test]
fn strange_ids_of_callers_decide_as_plain_ones_do() {
    let policy = policy(Vec::new());
    for id in ["", "\"", "Patchline::Role::\"admin\"", "a\nb", "\u{0}"] {
        let actor = Actor { id: id.to_owned(), ..person(Role::Artist) };
        assert!(!may(&policy, &actor, "drain_server", Place::Label, &at_noon()), "{id:?}");
        assert!(may(&policy, &actor, "list_knowledge_bases", Place::Label, &at_noon()), "{id:?}");
    }
}

fn everything() -> Policy {
    let mut rules: Vec<Rule> = [
        Says::NoTools(vec!["store_contract".to_owned()]),
        Says::OnlyPlaces(Kind::Bucket, patterns(&["patchline-*"])),
        Says::NoPlaces(Kind::Table, patterns(&["secrets"])),
        Says::OnlyFrom(vec!["10.0.0.0/8".parse().expect("a network")]),
        Says::OnlyAt(schedule("Mon-Fri 09:00-18:30")),
        Says::OnlyFiles(patterns(&["masters/*", "artists/*"])),
        Says::AtMostBytes(1000),
        Says::NotForAgents(vec!["upload_artwork".to_owned()]),
        Says::NoTools(vec!["get_artwork".to_owned()]),
    ]
    .into_iter()
    .enumerate()
    .map(named)
    .collect();
    rules[0].roles = vec![Role::Label];
    rules[8].shadow = true;
    Policy::with(rules, BLOCK).expect("valid rules")
}

fn any_place() -> impl Strategy<Value = Place<'static>> {
    let buckets = prop::sample::select(vec!["patchline-audio", "patchline-contracts", "elsewhere"]);
    let purposes = prop::sample::select(vec![None, Some(BucketRole::Audio), Some(BucketRole::Contracts)]);
    let keys = prop::sample::select(vec!["", "masters/a.wav", "artists/art_1/a.wav", "stems/a.wav"]);
    let bucket =
        (buckets, purposes, keys).prop_map(|(name, purpose, key)| Place::Bucket { name, purpose, key });
    let kinds = vec![Kind::Table, Kind::Model, Kind::KnowledgeBase, Kind::LogGroup, Kind::Database];
    let names = prop::sample::select(vec!["artists", "secrets", "m"]);
    let other = (prop::sample::select(kinds), names).prop_map(|(kind, name)| Place::Other(kind, name));
    prop_oneof![bucket, other, Just(Place::Label), Just(Place::Operation("x"))]
}

fn any_actor() -> impl Strategy<Value = Actor> {
    let artists = prop::sample::select(vec![vec![], vec!["art_1"], vec!["art_1", "art_2"]]);
    let agent = ActorKind::Agent { on_behalf_of: "ana".to_owned() };
    let kinds = prop::sample::select(vec![ActorKind::Person, ActorKind::Key, agent]);
    (prop::sample::select(ROLES.to_vec()), artists, kinds)
        .prop_map(|(role, artists, kind)| Actor { kind, ..with_artists(role, &artists) })
}

fn any_circumstances() -> impl Strategy<Value = Circumstances> {
    let addresses = prop::sample::select(vec![None, Some("10.1.2.3"), Some("8.8.8.8"), Some("::1")]);
    let owners = prop::sample::select(vec![None, Some(vec![]), Some(vec!["art_1"]), Some(vec!["art_3"])]);
    let size = prop::option::of(any::<u64>());
    (addresses, owners, size, 0..24_i64 * 60, 1..8_i64).prop_map(
        |(address, owners, size, minute, weekday)| Circumstances {
            address: address.map(|address| address.parse().expect("an address")),
            owners: owners.map(|owners| owners.into_iter().map(str::to_owned).collect()),
            size,
            minute,
            weekday,
            channel: Channel::Mcp,
        },
    )
}

#[test]
fn the_policies_that_are_left_out_of_a_question_could_not_have_mattered() {
    let policy = everything();
    let uncut = policy.compiled.load().uncut().expect("all policies");
    let operations = PERMISSIONS.iter().map(|row| row.operation).collect::<Vec<_>>();
    let operations = prop::sample::select(operations);
    let asked = (any_actor(), operations, any_place(), any_circumstances());
    proptest!(ProptestConfig::with_cases(2_000), |((actor, operation, place, circumstances) in asked)| {
        let question =
            Question { actor: &actor, operation, foreign: false, place, circumstances: &circumstances };
        let Ok(asked) = policy.asked(&question) else {
            prop_assert!(!policy.decide(&question).allowed());
            return Ok(());
        };
        let slice = policy.slice(&policy.compiled.load(), &question).expect("a known operation");
        for (cut, whole) in
            [(&slice.role, &uncut.role), (&slice.rules, &uncut.rules), (&slice.shadow, &uncut.shadow)]
        {
            let (cut, whole) = (policy.ask(cut, &asked), policy.ask(whole, &asked));
            prop_assert_eq!(cut.decision(), whole.decision());
            prop_assert_eq!(names(&cut), names(&whole));
        }
    });
}

#[test]
fn an_agent_is_never_allowed_what_its_person_is_not() {
    let policy = everything();
    let operations = PERMISSIONS.iter().map(|row| row.operation).collect::<Vec<_>>();
    let operations = prop::sample::select(operations);
    let asked = (any_actor(), operations, any_place(), any_circumstances());
    proptest!(ProptestConfig::with_cases(1_000), |((actor, operation, place, circumstances) in asked)| {
        let agent = Actor { kind: ActorKind::Agent { on_behalf_of: "ana".to_owned() }, ..actor.clone() };
        let person = Actor { id: "ana".to_owned(), kind: ActorKind::Person, ..actor };
        let ask = |actor: &Actor| may(&policy, actor, operation, place, &circumstances);
        prop_assert!(!ask(&agent) || ask(&person));
    });
}
