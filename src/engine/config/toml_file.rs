//! Reads the files that variables name: a mistake in one is told with its line and what is allowed instead.

use serde::de::DeserializeOwned;
use std::fmt::Display;
use std::ops::Range;
use toml::Spanned;

/// What is wrong, and where in the text.
pub(super) struct Mistake {
    at: Range<usize>,
    words: String,
}

/// The mistake at a value.
pub(super) fn mistake<T>(value: &Spanned<T>, words: impl Display) -> Mistake {
    Mistake { at: value.span(), words: words.to_string() }
}

/// The text of a file.
pub(super) fn text_of(path: &str) -> Result<String, String> {
    std::fs::read_to_string(path)
        .map_err(|error| format!("the file cannot be read ({error}); a TOML file is allowed"))
}

/// Reads a text, first as tables and then as what they mean.
pub(super) fn parse<F: DeserializeOwned, T>(
    text: &str,
    understand: impl FnOnce(F) -> Result<T, Mistake>,
) -> Result<T, String> {
    let line = |at: &Range<usize>| {
        text.get(..at.start).unwrap_or_default().bytes().filter(|byte| *byte == b'\n').count() + 1
    };
    let file: F = toml::from_str(text).map_err(|error| {
        let message = error.message();
        error.span().map_or_else(|| message.to_owned(), |at| format!("line {}: {message}", line(&at)))
    })?;
    understand(file).map_err(|Mistake { at, words }| format!("line {}: {words}", line(&at)))
}
