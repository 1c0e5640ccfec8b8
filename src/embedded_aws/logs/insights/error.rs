//! What is wrong with a query, and where.

use std::ops::Range;

/// A query that cannot be run as it is written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct QueryError {
    /// What was expected, for people.
    pub(crate) message: String,
    /// The place in the query, in bytes.
    pub(crate) span: Range<usize>,
}

impl QueryError {
    /// An error at this place.
    pub(crate) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { message: message.into(), span }
    }

    /// The place in characters, as AWS reports it.
    pub(crate) fn characters(&self, query: &str) -> Range<usize> {
        let characters_before =
            |byte: usize| query.char_indices().take_while(|(position, _)| *position < byte).count();
        characters_before(self.span.start)..characters_before(self.span.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_counted_in_characters() {
        let query = "filter ä = é!";
        let start = query.find('!').unwrap_or_default();
        let error = QueryError::new(start..start + 1, "unexpected");
        assert_eq!(error.characters(query), 12..13);
    }
}
