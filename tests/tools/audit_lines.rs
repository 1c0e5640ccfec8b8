//! The audit log against the lines of the audit log group: what is done to either is found by the other.

use crate::support::Patchline;
use aws_sdk_cloudwatchlogs::types::{FilteredLogEvent, InputLogEvent};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use patchline::engine::audit_check::{AuditReport, verify_in};
use patchline::engine::catalog::Catalog;
use patchline::engine::sealing::Problem;
use serde_json::{Value, json};

const GROUP: &str = "/patchline/mcp/audit";

/// A log that has ended, with the lines of its calls.
struct Written {
    patchline: Patchline,
    catalog: Catalog,
    /// The lines, by the places of their records.
    lines: Vec<Value>,
}

impl Written {
    async fn new() -> Self {
        let patchline = Patchline::start().await;
        for prefix in ["masters/", "demos/", "artists/", "live/"] {
            patchline.result_of("list_audio_files", json!({ "prefix": prefix })).await;
        }
        patchline.engine.close().await;
        let catalog = Catalog::new(patchline.clients.clone(), &patchline.engine.config);
        let found = patchline.clients.logs.filter_log_events().log_group_name(GROUP).send().await;
        let found = found.expect("the events");
        let read = |message: &str| serde_json::from_str::<Value>(message).expect("JSON");
        let mut lines: Vec<_> =
            found.events().iter().filter_map(FilteredLogEvent::message).map(read).collect();
        lines.sort_by_key(|line| line["seq"].as_u64());
        assert!(lines.len() >= 4 && lines.iter().all(|line| line["leaf"].is_string()), "{lines:?}");
        Self { patchline, catalog, lines }
    }

    /// Writes what stands in the group anew, with these lines. The group itself stays: of records that are older than
    /// their group no line is wanted.
    async fn rewrite(&self, lines: &[Value]) {
        let logs = &self.patchline.clients.logs;
        let there = logs.describe_log_streams().log_group_name(GROUP).send().await.expect("the streams");
        for stream in there.log_streams() {
            let delete = logs.delete_log_stream().log_group_name(GROUP);
            let name = stream.log_stream_name().expect("a name");
            delete.log_stream_name(name).send().await.expect("it is gone");
        }
        let stream = logs.create_log_stream().log_group_name(GROUP).log_stream_name("by-hand");
        stream.send().await.expect("it is there");
        let event = |line: &Value| {
            let time: Timestamp = line["timestamp"].as_str().expect("a text").parse().expect("a moment");
            let event = InputLogEvent::builder().timestamp(time.as_millisecond()).message(line.to_string());
            event.build().expect("an event")
        };
        let mut events: Vec<_> = lines.iter().map(event).collect();
        events.sort_by_key(InputLogEvent::timestamp);
        let put = logs.put_log_events().log_group_name(GROUP).log_stream_name("by-hand");
        put.set_log_events(Some(events)).send().await.expect("they are put");
    }

    async fn report(&self) -> AuditReport {
        verify_in(&self.catalog, None).await.expect("everything can be read")
    }

    async fn problems(&self) -> Vec<Problem> {
        self.report().await.logs.into_iter().flat_map(|log| log.problems).collect()
    }

    /// The place of a line in the middle, and the place of its record.
    fn middle(&self) -> (usize, u64) {
        let at = self.lines.len() / 2;
        (at, self.seq(at))
    }

    fn seq(&self, line: usize) -> u64 {
        self.lines[line]["seq"].as_u64().expect("a number")
    }
}

#[tokio::test]
async fn where_nothing_was_done_each_line_fits_its_record() {
    let log = Written::new().await;
    let report = log.report().await;
    assert_eq!(report.problems(), 0, "{report:?}");
    let count = u64::try_from(log.lines.len()).expect("a count");
    assert_eq!(report.logs[0].group_lines, count, "{report:?}");
    let group = report.group.expect("the group is read");
    assert_eq!((group.name.as_str(), group.lines, group.without_record), (GROUP, count, 0));
}

#[tokio::test]
async fn a_line_that_was_tampered_with_is_found_and_where_it_stands_is_said() {
    let log = Written::new().await;
    let (at, seq) = log.middle();
    for (name, value) in [
        ("principal", json!("usr_somebody_else")),
        ("tool", json!("get_contract")),
        ("outcome", json!("denied")),
        ("requestId", json!("req_other")),
    ] {
        let mut lines = log.lines.clone();
        lines[at][name] = value;
        log.rewrite(&lines).await;
        let problems = log.problems().await;
        let [Problem::LineChanged { seq: told, place }] = problems.as_slice() else {
            panic!("{name}: {problems:?}")
        };
        assert!(*told == seq && place.starts_with("stream by-hand, 20"), "{name}: {problems:?}");
    }
    let mut lines = log.lines.clone();
    lines[at]["leaf"] = json!("ab".repeat(32));
    log.rewrite(&lines).await;
    let problems = log.problems().await;
    assert!(
        matches!(problems.as_slice(), [Problem::LineDiffers { seq: told, .. }] if *told == seq),
        "{problems:?}"
    );
    let mut lines = log.lines.clone();
    lines[at]["leaf"] = json!("no hash");
    log.rewrite(&lines).await;
    let report = log.report().await;
    assert!(matches!(report.unreadable.as_slice(), [name] if name.contains("by-hand")), "{report:?}");
}

#[tokio::test]
async fn a_record_whose_line_is_gone_is_found() {
    let log = Written::new().await;
    let (at, seq) = log.middle();
    let without = |gone: usize| {
        let left = log.lines.iter().enumerate().filter(move |(place, _)| *place != gone);
        left.map(|(_, line)| line.clone()).collect::<Vec<_>>()
    };
    log.rewrite(&without(at)).await;
    assert_eq!(log.problems().await, [Problem::WithoutLine { from: seq, last: seq, count: 1 }]);
    let end = log.lines.len() - 1;
    log.rewrite(&without(end)).await;
    let seq = log.seq(end);
    assert_eq!(log.problems().await, [Problem::WithoutLine { from: seq, last: seq, count: 1 }]);

    let group = log.patchline.clients.logs.delete_log_group().log_group_name(GROUP);
    group.send().await.expect("it is gone");
    let report = log.report().await;
    assert_eq!(report.problems(), 1, "the whole group is told once: {report:?}");
    assert!(report.group.is_some_and(|group| group.problem.is_some()));
}

#[tokio::test]
async fn a_line_of_a_record_that_is_not_in_the_log_is_found() {
    let log = Written::new().await;
    let mut behind = log.lines[0].clone();
    behind["seq"] = json!(10_000);
    let mut elsewhere = log.lines[0].clone();
    elsewhere["log"] = json!("0".repeat(26));
    let earlier = Timestamp::now() - jiff::SignedDuration::from_mins(5);
    elsewhere["timestamp"] = json!(earlier.to_string());
    let mut lines = log.lines.clone();
    lines.extend([behind, elsewhere]);
    log.rewrite(&lines).await;
    let report = log.report().await;
    let found = |name: &dyn Fn(&str) -> bool| -> Vec<Problem> {
        let logs = report.logs.iter().filter(|log| name(&log.log));
        logs.flat_map(|log| log.problems.clone()).collect()
    };
    let of_nothing = found(&|name| name == "0".repeat(26));
    assert!(matches!(of_nothing.as_slice(), [Problem::OnlyInGroup { .. }]), "{report:?}");
    let of_log = found(&|name| name != "0".repeat(26));
    assert!(matches!(of_log.as_slice(), [Problem::OnlyInGroup { seq: 10_000, .. }]), "{report:?}");
}

#[tokio::test]
async fn a_record_that_no_checkpoint_covers_and_was_changed_is_found_by_its_line() {
    let log = Written::new().await;
    let store = &log.patchline.clients.dynamodb;
    let kept = store.scan().table_name("patchline-audit-checkpoints").send().await.expect("a scan");
    for item in kept.items() {
        let delete = store.delete_item().table_name("patchline-audit-checkpoints");
        let delete = delete.key("log", item["log"].clone()).key("id", item["id"].clone());
        delete.send().await.expect("it is deleted");
    }
    let (_, seq) = log.middle();
    let records = store.scan().table_name("patchline-audit").send().await.expect("a scan");
    let is_it = |item: &&std::collections::HashMap<String, AttributeValue>| {
        item["seq"] == AttributeValue::N(seq.to_string())
    };
    let record = records.items().iter().find(is_it).expect("its record");
    let change = store.update_item().table_name("patchline-audit");
    let change = change.key("logHour", record["logHour"].clone()).key("id", record["id"].clone());
    let change = change.update_expression("SET operation = :other");
    let change = change.expression_attribute_values(":other", AttributeValue::S("nothing".to_owned()));
    change.send().await.expect("somebody changes it");
    let problems = log.problems().await;
    let is_told =
        |problem: &Problem| matches!(problem, Problem::LineDiffers { seq: told, .. } if *told == seq);
    assert!(problems.iter().any(is_told), "{problems:?}");
}
