//! What is sealed of records, what becomes of them, and which are found.

use super::*;
use crate::model::merkle::{self, Tree};
use std::collections::BTreeMap;

fn record() -> AuditRecord {
    AuditRecord {
        log_hour: "log#inst#2026112609".to_owned(),
        id: "01".to_owned(),
        seq: 0,
        leaf: String::new(),
        time: "2026-11-26T09:00:00Z".to_owned(),
        phase: Phase::Outcome,
        decision: Decision::Allowed,
        principal: "usr_1".to_owned(),
        on_behalf_of: None,
        role: Role::Label,
        authenticated: "session".to_owned(),
        channel: "page".to_owned(),
        request_id: "req_1".to_owned(),
        session: None,
        passed_on: None,
        operation: "get_contract".to_owned(),
        definition: None,
        policies: vec!["role:label".to_owned()],
        would_deny: Vec::new(),
        reason: None,
        aws_request_ids: Vec::new(),
        error_kind: None,
        task: None,
        step: None,
        bytes_sent: None,
        bytes_received: None,
        size: None,
        cost_micro_dollars: None,
        duration_micros: 12,
        expires_at: 1_900_000_000,
        payload_sha256: String::new(),
        salt: None,
        address: Some("127.0.0.1".to_owned()),
        arguments: "{}".to_owned(),
        arguments_sha256: "44".to_owned(),
        resources: vec![AwsResource {
            service: "s3".to_owned(),
            action: "s3:GetObject".to_owned(),
            name: "patchline-contracts/a.pdf".to_owned(),
        }],
        error: None,
        bearer: None,
    }
}

fn proof() -> RecordProof {
    let mut record = record();
    let leaf = record.seal("salt".to_owned());
    let mut tree = Tree::default();
    tree.push(leaf);
    RecordProof {
        record,
        size: 1,
        root: merkle::to_hex(&tree.root()),
        path: Vec::new(),
        time: String::new(),
        checkpoint: String::new(),
        key: String::new(),
    }
}

#[test]
fn a_record_that_was_left_alone_is_proven() {
    assert_eq!(proof().check(), Checked::Right);
}

#[test]
fn a_record_that_was_changed_is_not() {
    let mut changed = proof();
    changed.record.principal = "usr_2".to_owned();
    assert_eq!(changed.check(), Checked::Wrong);
    let mut changed = proof();
    changed.record.arguments = "{\"a\":1}".to_owned();
    assert_eq!(changed.check(), Checked::PayloadChanged);
}

#[test]
fn what_joined_records_later_leaves_the_hashes_of_older_ones_as_they_were() {
    let mut old = record();
    old.seal("salt".to_owned());
    assert_eq!(
        old.leaf, "3c6f77249099760340b821f9c6432a078efb13b960971d7399547c84ddcc8aff",
        "this is what was sealed before there were bytes, cost, task and step"
    );
    let written = serde_json::to_value(&old).expect("JSON");
    for later in ["task", "step", "bytesSent", "bytesReceived", "size", "costMicroDollars"] {
        assert!(written.get(later).is_none(), "{later}");
    }
    let hash = old.hash();
    for changed in [
        AuditRecord { task: Some("run_1".to_owned()), ..old.clone() },
        AuditRecord { step: Some("2".to_owned()), ..old.clone() },
        AuditRecord { bytes_sent: Some(1), ..old.clone() },
        AuditRecord { bytes_received: Some(1), ..old.clone() },
        AuditRecord { size: Some(1), ..old.clone() },
        AuditRecord { cost_micro_dollars: Some(1), ..old.clone() },
    ] {
        assert_ne!(changed.hash(), hash, "where it is, it is sealed");
    }
}

#[test]
fn erasing_the_payload_does_not_break_the_proof() {
    let mut erased = proof();
    erased.record = erased.record.without_payload();
    assert_eq!(erased.check(), Checked::Erased);
}

#[test]
fn whose_token_called_is_sealed_where_it_is_known_and_can_be_erased() {
    let ana = TokenBearer {
        issuer: "https://login.example".to_owned(),
        subject: Some("ana-1".to_owned()),
        client: "reports".to_owned(),
    };
    assert_eq!(ana.in_words(), "ana-1 at https://login.example, by the client reports");
    let mut sealed = AuditRecord { bearer: Some(ana.clone()), ..record() };
    let hash = sealed.seal("salt".to_owned());
    assert_eq!(sealed.payload(), Payload::Whole);
    let other = TokenBearer { subject: Some("ben-1".to_owned()), ..ana };
    assert_eq!(AuditRecord { bearer: Some(other), ..sealed.clone() }.payload(), Payload::Changed);
    let asked = AuditQuestion { who: "ANA-1".to_owned(), ..AuditQuestion::default() };
    assert!(asked.fits(&sealed) && !asked.fits(&record()));
    let erased = sealed.without_payload();
    assert_eq!((erased.payload(), erased.hash(), &erased.bearer), (Payload::Erased, hash, &None));
}

#[test]
fn whoever_called_has_a_name_where_one_is_known() {
    let names = BTreeMap::from([("usr_1".to_owned(), "Ana".to_owned())]);
    let key =
        AuditRecord { principal: "key:a".to_owned(), on_behalf_of: Some("usr_1".to_owned()), ..record() };
    assert_eq!(AuditPage::caller(&names, &record()).as_deref(), Some("Ana"));
    assert_eq!(AuditPage::caller(&names, &key).as_deref(), Some("A key of Ana"));
    assert_eq!(AuditPage::caller(&BTreeMap::new(), &key), None);
}

#[test]
fn filters_look_for_parts_of_words_and_the_way_it_ended() {
    let record = AuditRecord { on_behalf_of: Some("usr_owner".to_owned()), ..record() };
    let asks = |change: fn(&mut AuditQuestion)| {
        let mut question = AuditQuestion::default();
        change(&mut question);
        question.fits(&record)
    };
    assert!(asks(|_| {}));
    assert!(asks(|question| question.who = "USR".to_owned()));
    assert!(asks(|question| question.who = "owner".to_owned()));
    assert!(!asks(|question| question.who = "nobody".to_owned()));
    assert!(asks(|question| question.resource = "contracts".to_owned()));
    assert!(!asks(|question| question.resource = "masters".to_owned()));
    assert!(!asks(|question| question.outcome = "failed".to_owned()));
    let left_open = AuditRecord { error: Some(format!("{UNKNOWN_OUTCOME}: It ended.")), ..record.clone() };
    assert_eq!((record.outcome(), left_open.outcome()), ("allowed", "unknown"));
}

#[test]
fn what_failed_on_trial_failed() {
    let on_trial = AuditRecord { decision: Decision::WouldDeny, ..record() };
    assert_eq!(on_trial.outcome(), "wouldDeny");
    let failed = AuditRecord { error: Some("notFound: There is none.".to_owned()), ..on_trial.clone() };
    assert_eq!(failed.outcome(), "failed");
    let unknown = AuditRecord { error: Some(format!("{UNKNOWN_OUTCOME}: Silent.")), ..on_trial };
    assert_eq!(unknown.outcome(), "unknown");
}

#[test]
fn what_failed_has_failed_also_when_its_payload_is_erased() {
    for (error, outcome) in [("notFound: There is none.", "failed"), ("unknownOutcome: Silent.", "unknown")] {
        let mut failed = AuditRecord { error: Some(error.to_owned()), ..record() };
        let hash = failed.seal("salt".to_owned());
        let erased = failed.without_payload();
        assert_eq!((erased.outcome(), erased.payload()), (outcome, Payload::Erased));
        assert_eq!(erased.hash(), hash, "the kind of the error is sealed");
        assert_ne!(AuditRecord { error_kind: None, ..erased }.hash(), hash);
    }
}

#[test]
fn an_error_without_a_kind_leaves_none_of_its_words() {
    let mut odd = AuditRecord { error: Some("Mira Sol said: no".to_owned()), ..record() };
    odd.seal("salt".to_owned());
    assert_eq!(odd.error_kind.as_deref(), Some("internal"));
}

#[test]
fn a_denied_call_says_in_a_few_words_why() {
    let told = |decision, reason: Option<&str>, kind: Option<&str>, policies: &[&str]| {
        let reason = reason.map(str::to_owned);
        let policies = policies.iter().map(ToString::to_string).collect();
        let error_kind = kind.map(str::to_owned);
        AuditRecord { decision, policies, reason, error_kind, ..record() }.why_denied()
    };
    let denied = |reason, kind, policies: &[&str]| told(Decision::Denied, reason, Some(kind), policies);
    let words = |text: &str| Some(text.to_owned());
    assert_eq!(denied(Some(NOT_PERMITTED), "forbidden", &["role:artist"]), words(NOT_PERMITTED));
    assert_eq!(denied(Some("not at this time"), "forbidden", &["office"]), words("not at this time: office"));
    assert_eq!(denied(Some("permitted"), "tooManyRequests", &["role:label"]), words("a limit was reached"));
    assert_eq!(denied(None, "unauthenticated", &[]), words("not known who asks"));
    assert_eq!(denied(None, "forbidden", &[]), None);
    assert_eq!(told(Decision::Allowed, Some("permitted"), None, &[]), None);
    let trial =
        AuditRecord { decision: Decision::WouldDeny, would_deny: vec!["office".to_owned()], ..record() };
    assert_eq!(trial.why_denied(), words("against the rule office"));
}

#[test]
fn a_record_is_found_by_the_id_that_somebody_was_told() {
    let record = AuditRecord {
        request_id: "req_01".to_owned(),
        task: Some("tsk_02".to_owned()),
        aws_request_ids: vec!["AWS03".to_owned()],
        ..record()
    };
    let fits = |call: &str| AuditQuestion { call: call.to_owned(), ..AuditQuestion::default() }.fits(&record);
    assert!(fits("") && fits("req_01") && fits(" TSK_02 ") && fits("aws03"));
    assert!(!fits("req_02"));
}
