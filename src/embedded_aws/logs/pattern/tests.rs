//! Which messages match which patterns, and which patterns are refused.

use proptest::prelude::*;

use super::FilterPattern;
use crate::fuzzing;

fn matches(pattern: &str, message: &str) -> bool {
    FilterPattern::parse(pattern).unwrap().matches(message)
}

fn problem(pattern: &str) -> String {
    FilterPattern::parse(pattern).unwrap_err().to_string()
}

#[test]
fn all_terms_must_be_there_and_no_excluded_one() {
    let message = "ERROR 404: page /a/b not found";
    for pattern in
        ["", "  ", "ERROR", "ERROR 404", "\"not found\"", "ERROR -WARN", "\"/a/b\"", "-\"was found\""]
    {
        assert!(matches(pattern, message), "{pattern}");
    }
    for pattern in ["error", "ERROR WARN", "\"found not\"", "ERROR -404", "-ERROR"] {
        assert!(!matches(pattern, message), "{pattern}");
    }
}

#[test]
fn one_of_the_optional_terms_is_enough() {
    assert!(matches("?ERROR ?WARN", "WARN: low"));
    assert!(!matches("?ERROR ?WARN", "INFO: fine"));
    assert!(!matches("?ERROR ?WARN -low", "WARN: low"));
    assert!(matches("low ?ERROR", "WARN: low"));
    assert!(matches("?\"not found\" ?gone", "it is not found"));
}

#[test]
fn conditions_look_into_json() {
    let message = r#"{"level": "ERROR", "ms": 250, "tool": "archive", "user": {"id": null, "roles": ["a", "b"]},
        "ok": false, "odd key": "x", "items": [{"id": 1}, {"id": 2}]}"#;
    for pattern in [
        r#"{ $.level = "ERROR" }"#,
        "{ $.level = ERROR }",
        r#"{ $.level = "ERROR" && ($.ms > 300 || $.tool = "a*") }"#,
        r#"{ $.tool = "*chi*" }"#,
        r#"{ $.tool != "b*" }"#,
        "{$.ms>=250&&$.ms<=250.0}",
        "{ $.ms != 1 }",
        "{ $.ms < 1e3 }",
        "{ $.user.id IS NULL }",
        "{ $.ok is false }",
        "{ $.user.name NOT EXISTS }",
        "{ $.user.id EXISTS }",
        r#"{ $.user.roles[1] = "b" }"#,
        "{ $.items[*].id = 2 }",
        r#"{ $["odd key"] = "x" }"#,
        "{ $.none = 1 || $.ms = 250 && $.ok IS FALSE }",
    ] {
        assert!(matches(pattern, message), "{pattern}");
    }
    for pattern in [
        r#"{ $.level = "error" }"#,
        r#"{ $.none = "x" }"#,
        r#"{ $.none != "x" }"#,
        "{ $.ms = 251 }",
        r#"{ $.ms = "250" }"#,
        "{ $.ok IS TRUE }",
        "{ $.user.name IS NULL }",
        "{ $.level NOT EXISTS }",
        "{ $.items[2].id EXISTS }",
        "{ ($.none = 1 || $.ms = 250) && $.ok IS TRUE }",
    ] {
        assert!(!matches(pattern, message), "{pattern}");
    }
    assert!(!matches("{ $.a NOT EXISTS }", "not JSON"));
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    for (pattern, expected) in [
        ("[a, b]", "patterns of columns"),
        ("%a.*%", "regular expressions"),
        ("a:b", "character 1: expected a space after a term"),
        ("\"a", "closing double quote"),
        ("{ level = 1 }", "character 2: expected a selector"),
        ("{ $ = 1 }", "expected a property"),
        ("{ $.a }", "expected =, !="),
        ("{ $.a = }", "expected a number or a text"),
        ("{ $.a > b }", "expected a number"),
        ("{ $.a > \"b\" }", "texts are compared with = and != only"),
        ("{ $.a IS x }", "expected NULL, TRUE or FALSE"),
        ("{ $.a NOT x }", "expected EXISTS after NOT"),
        ("{ $.a = 1", "expected &&, || or }"),
        ("{ ($.a = 1 }", "expected &&, || or )"),
        ("{ $.a = 1 } b", "expected nothing after }"),
        ("{ $.a[x] = 1 }", "expected an index"),
        ("{ $.a = %b% }", "regular expressions"),
    ] {
        assert!(problem(pattern).contains(expected), "{pattern}: {}", problem(pattern));
    }
    assert!(problem(&"a".repeat(1025)).contains("at most 1024"));
    assert!(problem(&format!("{{{}", "(".repeat(900))).contains("levels of parentheses"));
}

proptest! {
    #[test]
    fn a_quoted_term_matches_what_contains_it(before in "\\PC{0,20}", term in "[^\\\\\"]{1,20}", after in "\\PC{0,20}") {
        let message = format!("{before}{term}{after}");
        let pattern = format!("\"{term}\"");
        prop_assert!(matches(&pattern, &message));
        let pattern = format!("-\"{term}\"");
        prop_assert!(!matches(&pattern, &message));
    }

    #[test]
    fn no_text_makes_reading_fail_otherwise(pattern in "\\PC{0,60}", message in "\\PC{0,30}") {
        if let Ok(pattern) = FilterPattern::parse(&pattern) {
            pattern.matches(&message);
        }
        let pattern = format!("{{ $.{pattern}");
        if let Ok(pattern) = FilterPattern::parse(&pattern) {
            pattern.matches(&message);
        }
    }
}

#[test]
fn fuzz_pattern_of_a_filter() {
    let seeds = [
        "ERROR -WARN \"not found\" ?a ?b",
        "{ ($.level = \"ERR*R\" || $.ms >= 1.5e3) && $.tags[0] NOT EXISTS && $.ok IS TRUE }",
        "[w1, w2]",
    ];
    let words = ["{ ", "(", "$.a", " && ", " || ", " = \"*\"", "IS NULL", "%x%", "[0]", "-"];
    fuzzing::text(400, &seeds, &words, |pattern| match FilterPattern::parse(pattern) {
        Ok(read) => {
            assert!(pattern.chars().count() <= super::LONGEST);
            for message in ["", "ERROR", r#"{"level":"ERROR","ms":2000,"tags":[],"ok":true}"#, pattern] {
                assert_eq!(read.matches(message), read.matches(message));
            }
        }
        Err(problem) => assert!(problem.position <= pattern.chars().count(), "{problem}"),
    });
}
