//! What rules forbid, and what comes of it in each mode.

use super::*;

#[test]
fn a_denied_tool_is_refused_and_in_no_list() {
    let policy = policy(vec![Says::NoTools(vec!["upload_audio_file".to_owned()])]);
    let admin = person(Role::Admin);
    let refused = decision(&policy, &admin, "upload_audio_file", audio("a.wav"), &at_noon());
    assert!(!refused.allowed());
    assert_eq!(refused.policies.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["rule-0"]);
    assert_eq!(refused.reason(), "tool not allowed");
    assert!(!admin_may(&policy, "upload_audio_stream", audio("a.wav")), "nor as a stream");
    assert!(!policy.offers(&admin, "upload_audio_file", false));
    assert!(policy.offers(&admin, "list_audio_files", false));
    assert!(admin_may(&policy, "list_audio_files", audio("")));
}

#[test]
fn where_only_some_tools_are_allowed_pages_go_on() {
    let policy = policy(vec![Says::OnlyTools(vec!["list_audio_files".to_owned()])]);
    assert!(admin_may(&policy, "list_audio_files", audio("")));
    assert!(!admin_may(&policy, "get_audio_file", audio("a.wav")));
    assert!(!policy.offers(&person(Role::Admin), "get_audio_file", false));
    assert!(admin_may(&policy, "browse_artists", Place::Other(Kind::Table, "artists")));
    assert!(admin_may(&policy, "drain_server", Place::Label));
}

#[test]
fn a_rule_for_producers_leaves_others_alone() {
    let mut rule = named((0, Says::NoTools(vec!["upload_audio_file".to_owned()])));
    rule.roles = vec![Role::Producer];
    let policy = Policy::with(vec![rule], BLOCK).expect("a valid rule");
    assert!(!may(&policy, &person(Role::Producer), "upload_audio_file", audio("a.wav"), &at_noon()));
    assert!(!policy.offers(&person(Role::Producer), "upload_audio_file", false));
    assert!(may(&policy, &person(Role::Label), "upload_audio_file", audio("a.wav"), &at_noon()));
    assert!(policy.offers(&person(Role::Label), "upload_audio_file", false));
}

#[test]
fn places_are_allowed_and_denied_by_name_or_pattern() {
    let only = policy(vec![Says::OnlyPlaces(Kind::Model, patterns(&["local.extractive-v1", "anthropic.*"]))]);
    for (model, allowed) in
        [("local.extractive-v1", true), ("anthropic.claude", true), ("amazon.nova", false), ("", false)]
    {
        let place = Place::Other(Kind::Model, model);
        assert_eq!(admin_may(&only, "generate_music_insights", place), allowed, "{model}");
    }
    let base = Place::Other(Kind::KnowledgeBase, "kb-music-industry");
    assert!(admin_may(&only, "generate_music_insights", base), "other kinds of places are not meant");
    let none = policy(vec![Says::NoPlaces(Kind::Table, patterns(&["*secret*"]))]);
    assert!(!admin_may(&none, "query_artist_data", Place::Other(Kind::Table, "artists-secret-2")));
    assert!(admin_may(&none, "query_artist_data", Place::Other(Kind::Table, "artists")));
}

#[test]
fn files_are_allowed_by_folder_and_by_size() {
    let policy = policy(vec![Says::OnlyFiles(patterns(&["masters/*"])), Says::AtMostBytes(1000)]);
    let upload = |key: &str, size: Option<u64>| {
        let circumstances = Circumstances { size, ..at_noon() };
        may(&policy, &person(Role::Admin), "upload_audio_file", audio(key), &circumstances)
    };
    assert!(upload("masters/a.wav", Some(1000)));
    assert!(!upload("masters/a.wav", Some(1001)));
    assert!(!upload("masters/a.wav", Some(u64::MAX)));
    assert!(!upload("masters/a.wav", None), "nobody knows how much it is");
    assert!(!upload("stems/a.wav", Some(10)));
    assert!(admin_may(&policy, "get_audio_file", audio("masters/a.wav")), "reading stores nothing");
}

#[test]
fn in_permissive_mode_rules_count_and_never_deny_but_roles_do() {
    for enforcement in [
        Enforcement { mode: SecurityMode::Permissive, on_violation: OnViolation::Block },
        Enforcement { mode: SecurityMode::Permissive, on_violation: OnViolation::Log },
        Enforcement { mode: SecurityMode::Enforcing, on_violation: OnViolation::Log },
    ] {
        let rule = named((0, Says::NoTools(vec!["upload_audio_file".to_owned()])));
        let policy = Policy::with(vec![rule], enforcement).expect("a valid rule");
        let admin = person(Role::Admin);
        let decided = decision(&policy, &admin, "upload_audio_file", audio("a.wav"), &at_noon());
        assert!(decided.allowed(), "{enforcement:?}");
        assert_eq!(decided.would_deny.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["rule-0"]);
        assert!(policy.offers(&admin, "upload_audio_file", false), "{enforcement:?}");
        assert_eq!(policy.violations(), [("rule-0".to_owned(), 1)]);
        let artist = person(Role::Artist);
        assert!(!may(&policy, &artist, "drain_server", Place::Label, &at_noon()), "{enforcement:?}");
    }
}

#[test]
fn a_rule_on_trial_denies_nothing_and_says_what_it_would_deny() {
    let mut tried = named((0, Says::NoTools(vec!["upload_audio_file".to_owned()])));
    tried.shadow = true;
    let strict = named((1, Says::NoTools(vec!["get_audio_file".to_owned()])));
    let policy = Policy::with(vec![tried, strict], BLOCK).expect("valid rules");
    let admin = person(Role::Admin);
    let decided = decision(&policy, &admin, "upload_audio_file", audio("a.wav"), &at_noon());
    assert!(decided.allowed() && policy.offers(&admin, "upload_audio_file", false));
    assert_eq!(decided.would_deny.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["rule-0"]);
    assert!(!admin_may(&policy, "get_audio_file", audio("a.wav")), "the rest is in force");
}

#[test]
fn rules_are_replaced_at_once() {
    let policy = policy(vec![Says::NoTools(vec!["list_audio_files".to_owned()])]);
    assert!(!admin_may(&policy, "list_audio_files", audio("")));
    policy.replace(Vec::new(), BLOCK).expect("no rules are valid");
    assert!(admin_may(&policy, "list_audio_files", audio("")));
}

#[test]
fn a_wrong_rule_is_refused_by_name_and_the_former_ones_stay() {
    let policy = policy(vec![Says::NoTools(vec!["list_audio_files".to_owned()])]);
    for says in [
        Says::OnlyTools(Vec::new()),
        Says::OnlyFrom(Vec::new()),
        Says::OnlyPlaces(Kind::Bucket, Vec::new()),
        Says::OnlyPlaces(Kind::Person, patterns(&["ana"])),
    ] {
        let error = policy.replace(vec![named((7, says))], BLOCK).expect_err("it is wrong");
        assert!(matches!(&error, PolicyError::Rule { id, .. } if id == "rule-7"), "{error}");
    }
    assert!(!admin_may(&policy, "list_audio_files", audio("")));
}

#[test]
fn the_policies_can_be_read_in_cedars_language() {
    let policy = policy(vec![Says::NoTools(vec!["list_audio_files".to_owned()])]);
    let shown = policy.in_cedar();
    let (_, rule) = shown.iter().find(|(name, _)| name == "rule-0").expect("the rule");
    assert!(rule.contains("forbid") && rule.contains("list_audio_files"), "{rule}");
    assert!(shown.iter().any(|(name, text)| name == "role:producer" && text.contains("permit")));
    assert!(Policy::schema_in_cedar().contains("action \"list_audio_files\""));
}

#[test]
fn what_was_decided_before_holds_for_the_same_question_by_the_same_rules_only() {
    let policy = policy(vec![Says::OnlyAt(schedule("Mon-Fri 09:00-18:00"))]);
    let admin = person(Role::Admin);
    let place = Place::Other(Kind::Table, "artists");
    let ask = |circumstances: &Circumstances| {
        let operation = "query_artist_data";
        policy.decide_again(&Question { actor: &admin, operation, foreign: false, place, circumstances })
    };
    let later = |hours: i64| Circumstances { minute: at_noon().minute + hours * 60, ..at_noon() };
    let first = ask(&at_noon());
    assert!(first.allowed());
    assert_eq!(ask(&at_noon()), first, "remembered");
    assert!(ask(&later(1)).allowed() && !ask(&later(8)).allowed(), "at another time it is another question");
    assert!(!ask(&later(8)).allowed());
    assert_eq!(policy.violations(), [("rule-0".to_owned(), 2)], "what is denied is counted each time");
    let rule = named((0, Says::NoTools(vec!["query_artist_data".to_owned()])));
    policy.replace(vec![rule], BLOCK).expect("a valid rule");
    assert!(!ask(&at_noon()).allowed(), "other rules are asked anew");
    let endless = "a".repeat(100_000);
    assert!(!ask(&about(&[&endless])).allowed(), "what is too long to be remembered is decided all the same");
}
