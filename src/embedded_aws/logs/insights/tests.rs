//! Whole queries over a few events.

use std::sync::Arc;

use super::memory::MOST_BYTES;
use super::{ExecutionError, ResultRow, compile};

/// The result of a query over messages, of which each is a second younger than the one before.
fn run(query: &str, messages: &[&str]) -> Vec<ResultRow> {
    try_run(query, messages).unwrap().0
}

fn try_run(query: &str, messages: &[&str]) -> Result<(Vec<ResultRow>, u64), ExecutionError> {
    try_run_within(MOST_BYTES, query, messages)
}

fn try_run_within(
    bytes: usize,
    query: &str,
    messages: &[&str],
) -> Result<(Vec<ResultRow>, u64), ExecutionError> {
    let plan = compile(query, None).unwrap_or_else(|error| panic!("{query}: {error} at {:?}", error.span));
    let mut execution = plan.start().with_memory(bytes);
    let stream: Arc<str> = Arc::from("stream");
    for (number, message) in (0_i64..).zip(messages).collect::<Vec<_>>().into_iter().rev() {
        let event = execution.event();
        event.timestamp = 1_700_000_000_000 + number * 1000;
        event.ingestion_time = event.timestamp + 5;
        event.number = number;
        event.stream = Arc::clone(&stream);
        event.log = Arc::from("000000000000:/group");
        event.message.clear();
        event.message.push_str(message);
        execution.take()?;
    }
    let matched = execution.matched();
    Ok((execution.finish()?, matched))
}

/// The values of the columns but `@ptr`, a row on a line.
fn table(query: &str, messages: &[&str]) -> Vec<String> {
    let cells = |row: &ResultRow| {
        let cells: Vec<_> =
            row.iter().filter(|(name, _)| name != "@ptr").map(|(_, value)| value.as_str()).collect();
        cells.join(" ")
    };
    run(query, messages).iter().map(cells).collect()
}

const CALLS: [&str; 6] = [
    r#"{"level": "INFO", "tool": "search", "ms": 10, "user": {"id": "a"}}"#,
    r#"{"level": "ERROR", "tool": "search", "ms": 300, "user": {"id": "b"}, "cached": true}"#,
    r#"{"level": "INFO", "tool": "upload", "ms": 20.5, "user": {"id": "a"}}"#,
    "not JSON at all",
    r#"{"level": "ERROR", "tool": "upload", "ms": "40", "user": {"id": "c"}, "cached": false}"#,
    r#"{"level": "WARN", "tool": "search", "ms": 50, "tags": ["x", {"name": "y"}]}"#,
];

#[test]
fn without_columns_a_query_shows_time_and_message_newest_first() {
    let rows = run("filter level = 'INFO'", &CALLS);
    let names: Vec<_> = rows[0].iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["@timestamp", "@message", "@ptr"]);
    assert_eq!(rows[0][0].1, "2023-11-14 22:13:22.000");
    assert!(rows[0][1].1.contains("upload") && rows[1][1].1.contains("search"));
}

#[test]
fn fields_are_found_in_json_and_left_out_where_they_are_missing() {
    assert_eq!(
        table("fields tool, user.id as who, tags.1.name | limit 3", &CALLS),
        ["search y", "upload c", ""]
    );
    assert_eq!(
        table("fields @logStream, @log, ms + 1 | filter user.id = 'c'", &CALLS),
        ["stream 000000000000:/group 41"]
    );
}

#[test]
fn filters_compare_numbers_texts_and_truth() {
    for (query, count) in [
        ("ms > 40", 2),
        ("ms >= 40", 3),
        ("ms = 40", 1),
        ("level in ['ERROR', 'WARN']", 3),
        ("level not in ['ERROR', 'WARN']", 3),
        ("level like 'RR'", 2),
        ("level not like /^E/", 4),
        ("level =~ /(?i)^err/", 2),
        ("@message like 'not JSON'", 1),
        ("ispresent(ms)", 5),
        ("not ispresent(ms)", 1),
        ("level = 'ERROR' and ms > 100 or tool = 'upload'", 3),
        ("level = 'ERROR' and (ms > 100 or tool = 'upload')", 2),
        ("level != 'ERROR'", 4),
        ("cached", 1),
        ("cached = 0", 1),
        ("cached = true", 1),
        ("ms % 3 = 0 or 2 ^ 3 = 9", 1),
        ("@timestamp > 1700000003000", 2),
        ("strlen(tool) / 0 = 1", 0),
    ] {
        let (rows, matched) = try_run(&format!("filter {query}"), &CALLS).unwrap();
        assert_eq!((rows.len(), matched), (count, count as u64), "{query}");
    }
}

#[test]
fn groups_are_counted_and_measured() {
    assert_eq!(
        table(
            "stats count(*) as n, sum(ms), max(ms) - min(ms) as spread by tool | sort n desc, tool",
            &CALLS
        ),
        ["search 3 360 290", "upload 2 60.5 19.5", "1"]
    );
    assert_eq!(table("stats count(*), count(ms), count_distinct(user.id)", &CALLS), ["6 5 3"]);
    assert_eq!(
        table("filter ispresent(ms) | stats avg(ms), pct(ms, 50), latest(tool), sortsFirst(level)", &CALLS),
        ["84.1 40 search ERROR"]
    );
    assert_eq!(table("filter level = 'NONE' | stats count(*)", &CALLS), Vec::<String>::new());
}

#[test]
fn groups_come_first_in_their_row_and_are_found_by_what_was_written() {
    let rows = run("stats count(*) by bin(3s) | sort bin( 3s ) asc | filter count(*) > 1", &CALLS);
    let names: Vec<_> = rows[0].iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["bin(3s)", "count(*)"]);
    let cells: Vec<_> = rows.iter().map(|row| format!("{} {}", row[0].1, row[1].1)).collect();
    assert_eq!(cells, ["2023-11-14 22:13:21.000 3", "2023-11-14 22:13:24.000 2"]);
    let cases = [r#"{"a": 1, "A": 2}"#, r#"{"a": 3, "A": 4}"#];
    assert_eq!(table("stats count(*) by a, A | sort A desc | display A, a", &cases), ["4 3", "2 1"]);
}

#[test]
fn groups_can_be_grouped_again() {
    assert_eq!(
        table(
            "stats count(*) as n by tool, level | stats max(n) as most by tool | filter tool = 'upload'",
            &CALLS
        ),
        ["upload 1"]
    );
    assert_eq!(
        table("stats count(*) as n by tool | fields n * 10 as tenfold | filter n > 1", &CALLS),
        ["search 3 30", "upload 2 20"]
    );
    assert_eq!(
        table(
            "stats max(ms) as most, min(ms) as least, most - least as spread by tool | filter spread > 100",
            &CALLS
        ),
        ["search 300 10 290"],
        "what was computed before in the same command can be used"
    );
}

#[test]
fn what_a_group_does_not_have_is_refused_after_stats() {
    for (query, place) in [
        ("stats sum(ms) by tool | stats max(strlen(@message))", "@message"),
        ("stats sum(ms) as total by tool | stats avg(total) by bin(5m)", "bin"),
        ("stats count(*) as n by tool | filter level = 'INFO'", "level"),
        ("stats count(*) as n by tool | sort @timestamp desc", "@timestamp"),
        ("stats count(*) as n by tool | fields n, level", "level"),
    ] {
        let error = compile(query, None).unwrap_err();
        assert_eq!(query.get(error.span.clone()), Some(place), "{query}");
        assert!(error.message.contains("is gone"), "{query}: {error}");
    }
    assert_eq!(
        table(
            "stats max(@timestamp) as @t, count(*) as n by tool | stats max(n) by dateceil(@t, 1m) as @m",
            &CALLS
        ),
        ["2023-11-14 22:14:00.000 3"],
        "a time that is kept can be grouped by again"
    );
}

#[test]
fn texts_are_parsed() {
    let lines = ["[INFO] user=ann, took 12 ms", "[WARN] user=bo, took 7 ms", "nothing"];
    assert_eq!(
        table(
            "parse @message '[*] user=*, took * ms' as level, user, ms | filter ms > 10 | display user, ms",
            &lines
        ),
        ["ann 12"]
    );
    let system = "parse @message 'user=*, took * ms' as @user, @ms | stats avg(@ms) by @user | sort @user";
    assert_eq!(table(system, &lines), ["", "ann 12", "bo 7"], "names may begin with @");
    assert_eq!(
        table(r"fields @timestamp | parse @message /took (?<ms>\d+)/ | stats sum(ms)", &lines),
        ["19"]
    );
    assert_eq!(
        table("fields 1 as one | parse '[*]' as level | parse level 'I*' as rest", &lines),
        ["1", "1 WARN", "1 INFO NFO"]
    );
}

#[test]
fn rows_are_sorted_limited_and_freed_of_doubles() {
    assert_eq!(
        table("fields ms | filter ispresent(ms) | sort ms desc | limit 3", &CALLS),
        ["300", "50", "40"]
    );
    assert_eq!(table("fields ms | sort ms", &CALLS), ["", "10", "20.5", "40", "50", "300"]);
    assert_eq!(table("fields tool, ms | filter ms > 0 | dedup tool", &CALLS), ["search 50", "upload 40"]);
    assert_eq!(table("fields tool | sort tool | dedup tool | limit 2", &CALLS), ["", "search"]);
}

#[test]
fn a_sort_puts_texts_before_numbers_and_is_stable() {
    let values = [r#"{"v": "take 10"}"#, r#"{"v": 9}"#, r#"{"v": "10"}"#, r#"{"v": "take 2"}"#, "no field"];
    assert_eq!(table("fields v | sort v", &values), ["", "take 2", "take 10", "9", "10"]);
    assert_eq!(table("fields v | sort v desc", &values), ["10", "9", "take 10", "take 2", ""]);
    assert_eq!(table("stats sortsFirst(v), sortsLast(v)", &values), ["take 2 10"]);
    let alike = [r#"{"k": 1, "n": "a"}"#, r#"{"k": "1", "n": "b"}"#, r#"{"k": 1.0, "n": "c"}"#];
    assert_eq!(table("fields n | sort k", &alike), ["c", "b", "a"], "what is alike stays newest first");
    assert_eq!(table("fields n | sort k desc", &alike), ["c", "b", "a"]);
}

#[test]
fn of_many_rows_sorting_keeps_the_right_ones() {
    let numbers: Vec<String> =
        (0..5000_u32).map(|n| format!("{{\"n\": {}}}", n.wrapping_mul(7919) % 5000)).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    assert_eq!(table("fields n | sort n desc | limit 3", &numbers), ["4999", "4998", "4997"]);
    assert_eq!(table("fields n | sort n | limit 2", &numbers), ["0", "1"]);
}

#[test]
fn what_belongs_to_groups_is_refused_elsewhere() {
    let error = compile("fields a, count(*)", None).unwrap_err();
    assert_eq!(error.span, 10..18);
    assert!(error.message.contains("belong to stats"), "{error}");
    let error = compile("stats level by tool", None).unwrap_err();
    assert_eq!(error.span, 6..11);
    assert!(error.message.contains("around the field level"), "{error}");
}

#[test]
fn groups_have_no_time_that_latest_could_go_by() {
    for function in ["latest", "earliest"] {
        let query = format!("stats count(*) as n by tool | stats {function}(tool)");
        let error = compile(&query, None).unwrap_err();
        assert_eq!(query.get(error.span.clone()), Some(format!("{function}(tool)").as_str()));
        assert!(error.message.contains("of no single time"), "{error}");
    }
    let of_events = "stats latest(tool) as last by level | stats max(last)";
    assert!(compile(of_events, None).is_ok(), "events have their times");
}

#[test]
fn messages_are_needed_only_when_the_query_touches_them() {
    for (query, is_needed) in [
        ("stats count(*) by bin(1h)", false),
        ("stats count(*) by @logStream", false),
        ("fields @timestamp, @ptr", false),
        ("stats count(*) by level", true),
        ("filter @message like 'x' | stats count(*)", true),
        ("sort @timestamp", true),
    ] {
        assert_eq!(compile(query, None).unwrap().needs_message(), is_needed, "{query}");
    }
}

#[test]
fn queries_that_only_count_by_time_say_how_finely() {
    for (query, period) in [
        ("stats count(*)", Some(86_400_000)),
        ("stats count(*) as n by bin(1h) as hour | sort n | limit 3", Some(3_600_000)),
        ("stats count(*), count() by bin(45m), bin(1h)", Some(900_000)),
        ("stats count(*) by bin(1mo)", Some(86_400_000)),
        ("stats count(ms) by bin(1h)", None),
        ("stats count(*) by bin(1h), tool", None),
        ("stats max(@timestamp) by bin(1h)", None),
        ("filter ms > 1 | stats count(*) by bin(1h)", None),
        ("fields @timestamp", None),
    ] {
        assert_eq!(compile(query, None).unwrap().counting_period(), period, "{query}");
    }
}

#[test]
fn the_deepest_expression_that_is_read_can_be_computed() {
    let deep = format!("fields {}1{} as sum{}", "(".repeat(50), ")".repeat(50), " | filter 1 = 1");
    assert_eq!(table(&deep, &["x"]), ["1"]);
    let long = format!("fields 0{} as sum", "+1".repeat(200));
    assert_eq!(table(&long, &["x"]), ["200"]);
    let negated = format!("filter {} ispresent(@message)", "not ".repeat(50));
    assert_eq!(run(&negated, &["x"]).len(), 1);
}

#[test]
fn whatever_a_query_holds_is_bounded_in_bytes() {
    let long: Vec<String> = (0..100).map(|number| format!("{number} {}", "x".repeat(1000))).collect();
    let messages: Vec<&str> = long.iter().map(String::as_str).collect();
    for query in [
        "fields @message | sort @message",
        "stats count_distinct(@message)",
        "stats count(*) by @message",
        "dedup @message | limit 1",
        "fields @message",
    ] {
        let refused = try_run_within(50_000, query, &messages).unwrap_err();
        assert_eq!(refused, ExecutionError::OutOfMemory, "{query}");
        assert!(try_run(query, &messages).is_ok(), "{query}");
    }
    let numbers: Vec<String> = (0..1000).map(|number| number.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let percentile = "parse @message '*' as n | stats pct(n, 50)";
    assert_eq!(try_run_within(5000, percentile, &numbers).unwrap_err(), ExecutionError::OutOfMemory);
}

#[test]
fn a_query_ends_at_a_record_that_is_too_long_for_its_expression() {
    let long: String =
        (0..1 << 20).map(|place: u32| if place.count_ones().is_multiple_of(2) { 'a' } else { 'b' }).collect();
    for query in
        ["filter @message like /[ab]*a[ab]{9000}c/", r"parse @message /(?<x>[ab]*a[ab]{9000}c)/ | display x"]
    {
        assert_eq!(try_run(query, &[&long]).unwrap_err(), ExecutionError::PatternTooHard, "{query}");
        assert!(try_run(query, &["aba"]).is_ok(), "{query}");
    }
    assert_eq!(run("filter @message like /^a[ab]+b?$/", &[&long]).len(), 1);
}

#[test]
fn rows_that_fall_behind_a_limit_are_let_go() {
    let long: Vec<String> = (0..5000).map(|number| format!("{number:05} {}", "x".repeat(100))).collect();
    let messages: Vec<&str> = long.iter().map(String::as_str).collect();
    let (rows, _) = try_run_within(1_000_000, "sort @message | limit 2", &messages).unwrap();
    assert_eq!(rows.len(), 2);
}
