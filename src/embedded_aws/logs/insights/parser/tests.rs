//! What is read, and what is refused with which words.

use proptest::prelude::*;

use super::super::syntax::Command;
use super::parse;
use crate::fuzzing;

/// The place and the message of what is wrong with a query.
fn problem(query: &str) -> (std::ops::Range<usize>, String) {
    let error = parse(query).unwrap_err();
    (error.span, error.message)
}

#[test]
fn a_query_of_all_commands_is_read() {
    let query = r#"
        # how the tools did
        fields @timestamp, tool, ms / 1000 as seconds, `odd-name`
        | filter level = "ERROR" and (ms > 100 or not ispresent(tool)) and tool not in ["a", 'b']
        | parse @message "user=*, id=*" as user, id
        | parse @message /status (?<status>\d+)/
        | stats count(*) as calls, pct(seconds, 95), sum(ms) / count(*) by tool, bin(5m) as slot
        | sort calls desc, slot asc, tool
        | display tool, calls
        | dedup tool
        | limit 20
    "#;
    let commands = parse(query).unwrap();
    assert_eq!(commands.len(), 9);
    let Some(Command::Stats { columns, by }) = commands.get(4) else { panic!("{commands:?}") };
    let names: Vec<_> = columns.iter().chain(by).map(super::super::syntax::Column::name).collect();
    assert_eq!(names, ["calls", "pct(seconds, 95)", "sum(ms) / count(*)", "tool", "slot"]);
}

#[test]
fn commands_and_keywords_may_be_written_in_capitals() {
    assert!(parse("FIELDS a AS b | FILTER a LIKE /x/ AND b IN [1] | SORT a DESC").is_ok());
}

#[test]
fn errors_say_what_was_expected_and_where() {
    let (span, message) = problem("");
    assert_eq!((span, message.starts_with("expected a command")), (0..0, true), "{message}");
    let (span, message) = problem("fields a | blend b");
    assert_eq!(span, 11..16);
    assert!(message.contains("found \"blend\""), "{message}");
    let (span, message) = problem("filter a >");
    assert_eq!(span, 10..10);
    assert_eq!(message, "expected a value, a field or a function, found the end of the query");
    let (span, message) = problem("filter a = 1 b");
    assert_eq!(span, 13..14);
    assert_eq!(message, "expected \"|\" or the end of the query, found \"b\"");
    assert!(problem("filter a in [1, 2").1.starts_with("expected \"]\""));
    assert!(problem("stats count(* by a").1.starts_with("expected \")\""));
    assert!(problem("stats pct(a, 101)").1.starts_with("expected a number from 0 to 100"));
    assert!(problem("stats count(*) by bin(5)").1.contains("expected a duration"));
    assert!(problem("stats count(*) by bin(5 parsecs)").1.contains("expected a duration"));
    assert!(problem("fields shout(a)").1.contains("found \"shout\""));
    assert!(problem("fields substr(a)").1.contains("expected 2 to 3 arguments of substr, found 1"));
    assert!(problem("limit 0").1.contains("from 1 to 100000"));
    assert!(problem("limit 1.5").1.contains("from 1 to 100000"));
    assert!(problem("filter a like b").1.contains("expected a string or a regular expression"));
    assert!(problem("filter a =~ \"b\"").1.contains("expected a regular expression"));
    assert!(problem("filter a like /(/").1.contains("unclosed group"));
    assert!(problem("parse @message \"*,*\" as a").1.contains("2, found 1"));
    assert!(problem("parse @message \"*\"").1.contains("\"as\" and a name"));
    assert!(problem("parse @message /a(b)/").1.contains("named group"));
    assert!(problem("fields a as @message").1.contains("a name that no event has"));
    assert!(problem("fields a as").1.contains("expected a name"));
}

#[test]
fn commands_that_aws_refuses_in_a_place_are_refused_there() {
    let refused = |query: &str, place: &str, why: &str| {
        let (span, message) = problem(query);
        assert_eq!(query.get(span), Some(place), "{query}");
        assert!(message.contains(why), "{query}: {message}");
    };
    for command in ["sort a", "fields a", "filter a = 1", "stats count(*)", "display a", "dedup b"] {
        let word = command.split(' ').next().unwrap();
        refused(&format!("fields b | dedup a | limit 3 | {command}"), word, "nothing but limit after dedup");
    }
    refused("sort b | stats count(*) as n by a | stats max(n)", "sort", "after the last stats");
    refused("stats count(*) as n by a | limit 3 | stats max(n)", "limit", "after the last stats");
    assert!(parse("sort b | stats count(*) by a").is_ok(), "one stats may follow");
    refused(&["stats count(*) as n"; 11].join(" | "), "stats", "at most 10 stats");
}

#[test]
fn commands_of_aws_that_are_missing_here_are_refused_by_name() {
    for command in ["pattern @message", "diff", "anomaly", "unnest a into b", "SOURCE logGroups()"] {
        let (_, message) = problem(command);
        assert!(message.contains("does not implement"), "{message}");
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let deep = format!("filter {}1{}", "(".repeat(5000), ")".repeat(5000));
    assert!(problem(&deep).1.contains("nesting"));
    assert!(problem(&format!("filter {} a", "not ".repeat(5000))).1.contains("nesting"));
    assert!(problem(&format!("fields {}1", "- ".repeat(5000))).1.contains("nesting"));
    assert!(problem(&format!("fields 1{}", "^1".repeat(5000))).1.contains("nesting"));
    assert!(problem(&format!("fields 1{}", "+1".repeat(5000))).1.contains("operators"));
    assert!(parse(&format!("filter a = 1{}", " or a = 1".repeat(1000))).is_ok());
}

#[test]
fn patterns_without_end_are_refused() {
    let many = format!("filter a like /x/{}", " or a like /x/".repeat(30));
    assert!(problem(&many).1.contains("at most 30 patterns"));
    let texts = format!("filter a like 'x'{}", " or a like 'x'".repeat(300));
    assert!(parse(&texts).is_ok(), "texts take no more than themselves");
}

/// Queries that are right; each beginning of one is the beginning of a right query.
const RIGHT: [&str; 5] = [
    "fields @timestamp, ms / 1000 as seconds, `odd-name` | filter level = 'ERROR' and (ms > 100 or not ispresent(tool))",
    "filter tool not in ['a', \"b\", 3] and @message like /x(y|z)/ | display tool, a.b.0.c",
    "stats count(*) as calls, pct(ms, 95), sum(ms) / count(*) by tool, bin(5m) as slot | sort calls desc, slot asc",
    "fields concat(tool, '-', -ms ^ 2 % 7) as key # of the tool\n | dedup key, tool | limit 20",
    "fields datefloor(@timestamp, 1h) as hour | filter é =~ /ü/ or strcontains(tool, 'ö')",
];

/// Where the words of a query are.
fn places(query: &str) -> Vec<std::ops::Range<usize>> {
    let tokens = super::super::lexer::tokens(query).unwrap();
    tokens.into_iter().map(|token| token.span).collect()
}

proptest! {
    #[test]
    fn what_ends_too_early_is_refused_at_its_end(
        query in prop::sample::select(RIGHT.to_vec()),
        word in any::<prop::sample::Index>(),
    ) {
        let places = places(query);
        let beginning = &query[..places[word.index(places.len())].start];
        if let Err(error) = parse(beginning) {
            prop_assert_eq!(error.span, beginning.len()..beginning.len(), "{}", error.message);
            prop_assert!(error.message.ends_with("found the end of the query"), "{}", error.message);
        }
    }

    #[test]
    fn what_does_not_belong_there_is_refused_in_its_place(
        query in prop::sample::select(RIGHT.to_vec()),
        word in any::<prop::sample::Index>(),
        (foreign, characters) in prop::sample::select(vec![("§", 1), ("0.5x", 4), ("'open", 5)]),
    ) {
        let places = places(query);
        let place = places[word.index(places.len())].start;
        let rest = if foreign.starts_with('\'') { "" } else { &query[place..] };
        let broken = format!("{} {foreign} {rest}", &query[..place]);
        let error = parse(&broken).unwrap_err();
        let begin = query[..place].chars().count() + 1;
        let end = if rest.is_empty() && foreign.starts_with('\'') { broken.chars().count() } else { begin + characters };
        prop_assert_eq!(error.characters(&broken), begin..end, "{}: {}", broken, error.message);
    }

    #[test]
    fn no_text_makes_the_parser_fail_otherwise_than_with_a_place(query in "(?s:.){0,60}") {
        if let Err(error) = parse(&query) {
            prop_assert!(query.get(error.span).is_some());
        }
    }

    #[test]
    fn no_order_of_words_makes_the_parser_fail_otherwise(
        words in prop::collection::vec(prop::sample::select(vec![
            "fields", "filter", "stats", "parse", "sort", "limit", "dedup", "display", "|", ",", "(", ")", "[", "]",
            "a", "@message", "`b c`", "\"x*\"", "/y/", "5", "5m", "count", "bin", "pct", "like", "in", "not", "and",
            "or", "as", "by", "=", "=~", "<", "+", "-", "*", "/", "^", "desc",
        ]), 0..25),
    ) {
        let query = words.join(" ");
        if let Err(error) = parse(&query) {
            prop_assert!(query.get(error.span).is_some());
            prop_assert!(!error.message.is_empty());
        }
    }
}

#[test]
fn fuzz_query_of_logs() {
    let seeds = [
        r#"fields @timestamp, ms / 1000 as seconds, `odd-name` | filter level = "ERROR" and (ms > 100 or not ispresent(tool))"#,
        r#"parse @message "user=*, id=*" as user, id | parse @message /status (?<status>\d+)/ | dedup user"#,
        "stats count(*) as calls, pct(ms, 95), sum(ms) / count(*) by tool, bin(5m) as slot | sort calls desc | limit 20",
        "filter tool not in [\"a\", 'b'] | display tool # a comment\n| limit 5",
    ];
    let words =
        [" | ", "filter ", "(", "not ", "a + ", "/(x/", "[1,", "`", "bin(1m)", "like /a*/", "stats count(*)"];
    fuzzing::text(300, &seeds, &words, |query| match parse(query) {
        Ok(commands) => assert!(commands.len() <= query.split('|').count(), "{query}"),
        Err(error) => {
            assert!(
                query.get(error.span.clone()).is_some(),
                "the place is within the query: {:?}",
                error.span
            );
            let characters = error.characters(query);
            assert!(characters.start <= characters.end && characters.end <= query.chars().count());
            assert!(!error.message.is_empty());
        }
    });
}
