//! A million events, and how long queries over them take.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::batch::{DAY, NewEvent};
use super::Operations;

const EVENTS: i64 = 1_000_000;
const NOW: i64 = 1_794_996_000_000;

fn ask(operations: &Operations, operation: &str, body: Value) -> Value {
    operations.answer(operation, body, NOW).unwrap_or_else(|error| panic!("{operation}: {error}"))
}

/// A group whose events lie at equal distances over thirty days. They are written past the rules of
/// `PutLogEvents`, which takes nothing older than two weeks.
fn fill(operations: &Operations, count: i64) {
    ask(operations, "CreateLogGroup", json!({"logGroupName": "g"}));
    ask(operations, "CreateLogStream", json!({"logGroupName": "g", "logStreamName": "s"}));
    let group = operations.store.group("g").unwrap().unwrap().id;
    let stream = operations.store.stream(group, "s").unwrap().unwrap().id;
    let event = |number: i64| NewEvent {
        timestamp: NOW - 30 * DAY + number * (30 * DAY / count),
        message: format!(
            r#"{{"level":"{}","tool":"tool{}","ms":{},"requestId":"{number:032}","message":"called"}}"#,
            if number % 50 == 0 { "ERROR" } else { "INFO" },
            number % 7,
            number % 1000,
        ),
    };
    for start in (0..count).step_by(50_000) {
        let events: Vec<_> = (start..(start + 50_000).min(count)).map(event).collect();
        operations.store.append(group, stream, &events, NOW).unwrap();
    }
}

fn start(operations: &Operations, query: &str) -> String {
    let body = json!({
        "logGroupName": "g", "startTime": NOW / 1000 - 31 * 86_400, "endTime": NOW / 1000, "queryString": query,
    });
    ask(operations, "StartQuery", body)["queryId"].as_str().unwrap().to_owned()
}

/// The answer once the query is over.
fn results(operations: &Operations, id: &str) -> Value {
    loop {
        let answer = ask(operations, "GetQueryResults", json!({ "queryId": id }));
        if answer["status"] != "Running" {
            return answer;
        }
        std::thread::yield_now();
    }
}

#[test]
#[ignore = "loads a million events: run with `--run-ignored only --no-capture` to see how long queries take"]
fn a_million_events_are_counted_by_the_hour_within_two_seconds() {
    let directory = tempfile::TempDir::new().unwrap();
    let operations = Operations::open(&directory.path().join("logs.sqlite"), "us-east-1").unwrap();
    let loading = Instant::now();
    fill(&operations, EVENTS);
    report("loading", loading.elapsed());
    let mut first = None;
    for query in [
        "stats count(*) by bin(1h)",
        "filter @message like 'ERROR' | stats count(*) by bin(1d)",
        "filter level = 'ERROR' | stats count(*), pct(ms, 95) by tool, bin(1d)",
        "fields @timestamp, @message | sort @timestamp desc | limit 100",
    ] {
        let asked = Instant::now();
        let answer = results(&operations, &start(&operations, query));
        report(query, asked.elapsed());
        assert_eq!(answer["status"], "Complete");
        assert_eq!(answer["statistics"]["recordsScanned"], 1_000_000.0);
        first.get_or_insert((asked.elapsed(), answer["results"].as_array().map(Vec::len)));
    }
    let (took, rows) = first.unwrap();
    assert_eq!(rows, Some(720));
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[expect(clippy::print_stderr, reason = "the figure is what the measurement is for")]
fn report(what: &str, took: Duration) {
    eprintln!("{:>8} ms  {what}", took.as_millis());
}

#[test]
fn counting_by_periods_agrees_with_counting_one_by_one() {
    let directory = tempfile::TempDir::new().unwrap();
    let operations = Operations::open(&directory.path().join("logs.sqlite"), "us-east-1").unwrap();
    fill(&operations, 5000);
    for period in ["45m", "1h", "7h", "1d", "1w", "1mo"] {
        let at_once =
            results(&operations, &start(&operations, &format!("stats count(*) as n by bin({period}) as t")));
        let query = format!("filter 1 = 1 | stats count(*) as n by bin({period}) as t");
        let one_by_one = results(&operations, &start(&operations, &query));
        assert_eq!(at_once, one_by_one, "{period}");
        assert_eq!(at_once["statistics"]["recordsMatched"], 5000.0);
    }
}

#[test]
fn a_query_returns_ten_thousand_rows_unless_more_are_asked_for() {
    let directory = tempfile::TempDir::new().unwrap();
    let operations = Operations::open(&directory.path().join("logs.sqlite"), "us-east-1").unwrap();
    fill(&operations, 10_500);
    for (query, limit, rows) in [
        ("fields @timestamp", None, 10_000.0),
        ("fields @timestamp", Some(100_000), 10_500.0),
        ("fields @timestamp | limit 10200", None, 10_200.0),
        ("fields @timestamp", Some(7), 7.0),
    ] {
        let body = json!({
            "logGroupName": "g", "startTime": 0, "endTime": NOW / 1000, "queryString": query, "limit": limit,
        });
        let started = ask(&operations, "StartQuery", body);
        let answer = results(&operations, started["queryId"].as_str().unwrap());
        assert_eq!(answer["statistics"]["resultCount"], rows, "{query} {limit:?}");
        assert_eq!(answer["nextToken"].is_string(), rows > 10_000.0);
    }
}

#[test]
fn a_running_query_reports_progress_and_can_be_stopped() {
    let directory = tempfile::TempDir::new().unwrap();
    let operations = Operations::open(&directory.path().join("logs.sqlite"), "us-east-1").unwrap();
    fill(&operations, 50_000);
    let id = start(&operations, "filter @message like /(a|b|c|d|e)*f.*g/ | stats count_distinct(requestId)");
    let seen = loop {
        let answer = ask(&operations, "GetQueryResults", json!({ "queryId": id }));
        let scanned = answer["statistics"]["recordsScanned"].as_f64().unwrap();
        let goes_on = answer["status"] == "Scheduled" || answer["status"] == "Running";
        if scanned > 0.0 || !goes_on {
            break answer;
        }
    };
    assert!(seen["statistics"]["bytesScanned"].as_f64().unwrap() > 0.0);
    if seen["status"] == "Running" {
        let stopped = operations.answer("StopQuery", json!({ "queryId": id }), NOW);
        let after = ask(&operations, "GetQueryResults", json!({ "queryId": id }));
        assert_eq!(after["status"] == "Cancelled", stopped.is_ok());
    }
    operations.close().unwrap();
    assert!(operations.answer("StopQuery", json!({ "queryId": id }), NOW).is_err());
}

#[test]
fn what_is_older_than_its_group_keeps_is_gone_at_once_and_removed_later() {
    let directory = tempfile::TempDir::new().unwrap();
    let operations = Operations::open(&directory.path().join("logs.sqlite"), "us-east-1").unwrap();
    fill(&operations, 300);
    let count = |now: i64| {
        let answer = operations.answer("FilterLogEvents", json!({"logGroupName": "g"}), now).unwrap();
        answer["events"].as_array().unwrap().len()
    };
    assert_eq!(count(NOW), 300);
    ask(&operations, "PutRetentionPolicy", json!({"logGroupName": "g", "retentionInDays": 7}));
    assert_eq!(count(NOW), 70);
    let answer = results(&operations, &start(&operations, "stats count(*) as n"));
    assert_eq!(answer["results"][0][0]["value"], "70");
    assert_eq!(operations.remove_expired(NOW).unwrap(), 230);
    assert_eq!(operations.remove_expired(NOW).unwrap(), 0);
    ask(&operations, "DeleteRetentionPolicy", json!({"logGroupName": "g"}));
    assert_eq!(count(NOW), 70);
    let streams = ask(&operations, "DescribeLogStreams", json!({"logGroupName": "g"}));
    assert_eq!(streams["logStreams"][0]["firstEventTimestamp"], NOW - 7 * DAY);
}

#[test]
fn a_page_ends_where_its_effort_ends_and_says_so() {
    let directory = tempfile::TempDir::new().unwrap();
    let operations = Operations::open(&directory.path().join("logs.sqlite"), "us-east-1").unwrap();
    fill(&operations, 100_001);
    let body =
        |token: Option<&str>| json!({"logGroupName": "g", "filterPattern": "nothing", "nextToken": token});
    let first = ask(&operations, "FilterLogEvents", body(None));
    assert_eq!(first["events"], json!([]));
    let second = ask(&operations, "FilterLogEvents", body(first["nextToken"].as_str()));
    assert_eq!((&second["events"], &second["nextToken"]), (&json!([]), &Value::Null));
}
