//! The patterns of `like`, `=~` and `parse`: regular expressions that run in linear time.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use super::error::QueryError;

/// What a compiled expression may take, in bytes. Beyond it a query is refused.
const SIZE_LIMIT: usize = 1024 * 1024;
const NESTING_LIMIT: u32 = 64;

/// A regular expression of a query.
pub(super) fn regex(pattern: &str, span: &Range<usize>) -> Result<Regex, QueryError> {
    RegexBuilder::new(pattern)
        .size_limit(SIZE_LIMIT)
        .dfa_size_limit(SIZE_LIMIT)
        .nest_limit(NESTING_LIMIT)
        .build()
        .map_err(|error| {
            QueryError::new(
                span.clone(),
                format!("expected a regular expression that can be used: {}", reason(&error)),
            )
        })
}

/// A pattern with `*` where values are: each takes as little as it can, one at the end all the rest.
pub(super) fn glob(pattern: &str, span: &Range<usize>) -> Result<Regex, QueryError> {
    let mut parts = pattern.split('*').peekable();
    let mut expression = String::from("(?s)");
    while let Some(part) = parts.next() {
        expression.push_str(&regex::escape(part));
        match parts.peek() {
            Some(&"") => expression.push_str(if is_last(&mut parts.clone()) { "(.*)" } else { "(.*?)" }),
            Some(_) => expression.push_str("(.*?)"),
            None => {}
        }
    }
    regex(&expression, span)
}

/// Whether only one part is left.
fn is_last<'p>(parts: &mut impl Iterator<Item = &'p str>) -> bool {
    parts.next();
    parts.next().is_none()
}

/// The reason on one line: the last of those that the library writes below its picture.
fn reason(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "it would grow too large".to_owned(),
        other => {
            let message = other.to_string();
            let last = message.lines().last().unwrap_or_default();
            last.trim_start_matches("error: ").to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
        let captures = glob(pattern, &(0..0)).unwrap().captures(text)?;
        Some(captures.iter().skip(1).map(|part| part.map_or("", |part| part.as_str())).collect())
    }

    #[test]
    fn stars_take_what_lies_between() {
        assert_eq!(parts("[*] *", "x [INFO] all is well"), Some(vec!["INFO", "all is well"]));
        assert_eq!(parts("user=*, id=*;", "user=a, b, id=7; z"), Some(vec!["a, b", "7"]));
        assert_eq!(parts("a*", "b"), None);
        assert_eq!(parts("(.*", "(.x"), Some(vec!["x"]));
    }

    #[test]
    fn what_cannot_be_a_regular_expression_says_why() {
        let error = regex("(a", &(7..9)).unwrap_err();
        assert_eq!(error.span, 7..9);
        assert!(error.message.contains("unclosed group"), "{}", error.message);
        assert!(regex("(?=a)", &(0..1)).unwrap_err().message.contains("look-around"));
    }

    #[test]
    fn what_would_grow_without_bound_is_refused() {
        assert!(regex(r"(\w{100}){100}", &(0..1)).unwrap_err().message.contains("too large"));
    }
}
