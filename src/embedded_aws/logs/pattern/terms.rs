//! Patterns of terms: `error "not found" -debug`, or `?error ?warn`.

use super::PatternError;
use super::reader::Reader;

/// Terms that a message has, or has not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Terms {
    required: Vec<String>,
    /// At least one of these, unless others are required: then they say nothing, as AWS has it.
    optional: Vec<String>,
    excluded: Vec<String>,
}

impl Terms {
    pub(super) fn match_message(&self, message: &str) -> bool {
        let is_there = |term: &String| message.contains(term.as_str());
        let has_one =
            self.optional.is_empty() || !self.required.is_empty() || self.optional.iter().any(is_there);
        has_one && self.required.iter().all(is_there) && !self.excluded.iter().any(is_there)
    }
}

/// Reads terms to the end of the pattern.
pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Terms, PatternError> {
    let mut terms = Terms::default();
    loop {
        reader.skip_blanks();
        if reader.peek().is_none() {
            return Ok(terms);
        }
        let list = if reader.accept('?') {
            &mut terms.optional
        } else if reader.accept('-') {
            &mut terms.excluded
        } else {
            &mut terms.required
        };
        list.push(term(reader)?);
    }
}

/// A word of letters, digits and underscores, or anything in double quotes.
fn term(reader: &mut Reader<'_>) -> Result<String, PatternError> {
    let term = match reader.peek() {
        Some('"') => reader.quoted()?,
        Some('%') => return Err(reader.error("the embedded AWS does not implement regular expressions, %…%")),
        _ => reader.take_while(|character| character.is_alphanumeric() || character == '_').to_owned(),
    };
    if term.is_empty() {
        return Err(reader.error(
            "expected a term; one with other characters than letters and digits is written in double quotes",
        ));
    }
    match reader.peek() {
        Some(next) if !next.is_whitespace() => Err(reader.error(
            "expected a space after a term; one with other characters than letters and digits is written in double quotes",
        )),
        _ => Ok(term),
    }
}
