//! Conditions on rows, written by people: checked here, with the position of a mistake, and compiled to
//! DynamoDB's filter expressions with placeholders, so that no text of the caller reaches DynamoDB as
//! syntax.

mod compile;
mod lexer;
mod parser;

use crate::engine::catalog::analytics::Condition;

/// A mistake in a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {position}: {message}")]
pub(super) struct FilterError {
    /// Where, in characters from 1.
    pub(super) position: usize,
    /// What is wrong, and what was expected.
    pub(super) message: String,
}

/// The compiler of conditions.
pub(super) struct Filter;

impl Filter {
    /// Compiles a condition; an empty text asks for every row.
    ///
    /// # Errors
    /// The first mistake, with its position.
    pub(super) fn compile(text: &str) -> Result<Condition, FilterError> {
        if text.trim().is_empty() {
            return Ok(Condition::default());
        }
        let tokens = lexer::tokens(text)?;
        let expression = parser::parse(&tokens)?;
        let condition = compile::compile(expression);
        if condition.expression.len() > compile::MAX_EXPRESSION {
            let message = "the condition has too many parts; ask in several calls".to_owned();
            return Err(FilterError { position: 1, message });
        }
        Ok(condition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;
    use aws_sdk_dynamodb::types::AttributeValue;
    use proptest::prelude::*;

    fn compiled(text: &str) -> Condition {
        Filter::compile(text).expect(text)
    }

    fn mistake(text: &str) -> (usize, String) {
        let error = Filter::compile(text).expect_err(text);
        (error.position, error.message)
    }

    #[test]
    fn no_condition_asks_for_every_row() {
        assert_eq!(compiled("  "), Condition::default());
    }

    #[test]
    fn names_and_values_become_placeholders() {
        let condition = compiled(r#"streams > 1000 AND platform = "spotify""#);
        assert_eq!(condition.expression, "(#n0 > :v0 AND #n1 = :v1)");
        assert_eq!(condition.names["#n0"], "streams");
        assert_eq!(condition.values[":v0"], AttributeValue::N("1000".to_owned()));
        assert_eq!(condition.values[":v1"], AttributeValue::S("spotify".to_owned()));
    }

    #[test]
    fn an_artist_is_taken_out_because_it_is_the_key() {
        let condition = compiled(r#"artistId = "art_1" AND streams >= 10"#);
        assert_eq!(condition.artist.as_deref(), Some("art_1"));
        assert_eq!(condition.expression, "#n0 >= :v0");
        let only = compiled(r#"artistId = "art_1""#);
        assert_eq!((only.artist.as_deref(), only.expression.as_str()), (Some("art_1"), ""));
    }

    #[test]
    fn an_artist_below_or_stays_a_condition() {
        assert_eq!(compiled(r#"artistId = "a" OR artistId = "b""#).artist, None);
        assert_eq!(compiled(r#"NOT artistId = "a""#).artist, None);
    }

    #[test]
    fn other_conditions_on_the_key_make_it_a_scan() {
        let condition = compiled(r#"artistId = "a" AND begins_with(dayPlatform, "2026")"#);
        assert_eq!(condition.artist, None);
        assert_eq!(condition.expression, "(#n0 = :v0 AND begins_with(#n1, :v1))");
    }

    #[test]
    fn bounds_that_can_hold_nothing_are_a_mistake() {
        assert_eq!(mistake("streams BETWEEN 5 AND 1").1, "the first bound is above the second");
        assert_eq!(mistake("streams BETWEEN 1 AND 'x'").1, "both bounds must be of one kind");
        assert_eq!(mistake("begins_with(platform, 5)").1, "begins_with needs a text in quotes");
        assert_eq!(mistake("artistId = ''").1, "the text is empty");
    }

    #[test]
    fn and_binds_closer_than_or() {
        let condition = compiled("a = 1 OR b = 2 AND c = 3");
        assert_eq!(condition.expression, "(#n0 = :v0 OR (#n1 = :v1 AND #n2 = :v2))");
    }

    #[test]
    fn every_form_of_comparison_is_understood() {
        let condition = compiled(
            "(date BETWEEN '2026-01-01' AND '2026-01-31') and not platform in ('spotify', 'appleMusic') \
             and begins_with(dayPlatform, '2026') and contains(source, 'sample') \
             and attribute_exists(territories.NO) and attribute_not_exists(note) and saves <> -1.5",
        );
        assert_eq!(
            condition.expression,
            "(#n0 BETWEEN :v0 AND :v1 AND NOT #n1 IN (:v2, :v3) AND begins_with(#n2, :v4) \
             AND contains(#n3, :v5) AND attribute_exists(#n4.#n5) AND attribute_not_exists(#n6) \
             AND #n7 <> :v6)"
        );
    }

    #[test]
    fn a_mistake_is_named_with_its_position() {
        assert_eq!(mistake("streams >"), (10, "a value is missing here".to_owned()));
        assert_eq!(mistake("streams > > 1").0, 11);
        assert_eq!(mistake("(streams > 1").1, "a closing bracket is missing here");
        assert_eq!(mistake("streams = 'abc").1, "the text that begins here does not end");
        assert_eq!(mistake("size(streams) > 1").1, "the function \"size\" is not known");
        assert_eq!(mistake("streams > 1 platform = 2").0, 13);
        assert_eq!(mistake("streams > 1; drop").1, "the character ';' is not allowed here");
        assert_eq!(mistake("streams > 1e999").1, "this is not a number that can be stored");
    }

    #[test]
    fn deep_nesting_is_refused_before_it_exhausts_the_stack() {
        let text = format!("{}a = 1{}", "(".repeat(10_000), ")".repeat(10_000));
        assert_eq!(mistake(&text).1, "brackets and NOT are nested more than 20 deep");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_compiler(text in "\\PC{0,80}") {
            let _ = Filter::compile(&text);
        }

        #[test]
        fn values_never_become_syntax(value in "[^'\\\\]{1,40}") {
            let condition = Filter::compile(&format!("name = '{value}'")).expect("a quoted value");
            prop_assert_eq!(condition.expression, "#n0 = :v0");
            prop_assert_eq!(&condition.values[":v0"], &AttributeValue::S(value));
        }
    }

    #[test]
    fn fuzz_condition_on_rows() {
        let seeds = [
            "(date BETWEEN '2026-01-01' AND '2026-01-31') and not platform in ('spotify', 'appleMusic')",
            "begins_with(dayPlatform, \"2026\") OR contains(source, 'sam\\'ple') AND saves <> -1.5e3",
            "attribute_exists(territories.NO) and attribute_not_exists(note)",
            "artistId = \"art_1\" AND streams >= 10",
        ];
        let words = [" AND ", " or ", "not ", " in (", "between", "a = 1", "#n0", ":v0", "size("];
        fuzzing::text(500, &seeds, &words, |text| match Filter::compile(text) {
            Err(mistake) => {
                assert!((1..=text.chars().count() + 1).contains(&mistake.position), "{mistake}");
                assert!(!mistake.message.is_empty());
            }
            Ok(condition) => {
                const SYNTAX: [&str; 9] = [
                    "AND",
                    "OR",
                    "NOT",
                    "BETWEEN",
                    "IN",
                    "begins_with",
                    "contains",
                    "attribute_exists",
                    "attribute_not_exists",
                ];
                let separates = |c: char| " ().,=<>".contains(c);
                for word in condition.expression.split(separates).filter(|word| !word.is_empty()) {
                    let stands_for_something =
                        condition.names.contains_key(word) || condition.values.contains_key(word);
                    assert!(stands_for_something || SYNTAX.contains(&word), "{word:?} became syntax");
                }
            }
        });
    }
}
