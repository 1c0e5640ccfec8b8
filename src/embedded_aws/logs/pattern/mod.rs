//! Filter patterns, as `FilterLogEvents` takes them: terms that a message contains, or a condition on
//! a message that is JSON.
//!
//! The language is that of "Filter pattern syntax" in the user guide of `CloudWatch` Logs. Patterns
//! of columns, `[…]`, and regular expressions, `%…%`, are refused.

mod condition;
mod reader;
mod selector;
mod terms;

use self::condition::Condition;
use self::reader::Reader;
use self::terms::Terms;

/// The longest pattern, as AWS has it.
const LONGEST: usize = 1024;

/// A pattern that messages match or do not.
#[derive(Debug, Clone)]
pub(crate) struct FilterPattern(Pattern);

#[derive(Debug, Clone)]
enum Pattern {
    /// Terms that the message has, or has not; none for all messages.
    Terms(Terms),
    /// What must be true of a message that is JSON.
    Json(Condition),
}

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid filter pattern at character {position}: {message}")]
pub(crate) struct PatternError {
    /// Where, in characters from 0.
    pub(crate) position: usize,
    /// What was expected there.
    pub(crate) message: String,
}

impl FilterPattern {
    /// Reads a pattern.
    pub(crate) fn parse(pattern: &str) -> Result<Self, PatternError> {
        let mut reader = Reader::new(pattern);
        reader.skip_blanks();
        if pattern.chars().count() > LONGEST {
            return Err(reader.error(format!("expected at most {LONGEST} characters")));
        }
        match reader.peek() {
            Some('{') => condition::parse(&mut reader).map(|condition| Self(Pattern::Json(condition))),
            Some('[') => Err(reader.error("the embedded AWS does not implement patterns of columns, [ … ]")),
            _ => terms::parse(&mut reader).map(|terms| Self(Pattern::Terms(terms))),
        }
    }

    /// Whether a message matches. Case matters.
    pub(crate) fn matches(&self, message: &str) -> bool {
        match &self.0 {
            Pattern::Terms(terms) => terms.match_message(message),
            Pattern::Json(condition) => {
                message.trim_start().starts_with('{')
                    && serde_json::from_str(message).is_ok_and(|json| condition.holds(&json))
            }
        }
    }
}

#[cfg(test)]
mod tests;
