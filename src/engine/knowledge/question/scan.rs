//! The words of a question, as they stand in it.

/// A word or figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// As written, without marks around it.
    pub(super) text: String,
    /// In lower case.
    pub(super) lower: String,
    /// Whether a comma or the end of a clause follows.
    pub(super) ends: bool,
}

/// Splits at blanks and hyphens between letters; days such as 2026-01-31 stay whole.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    for word in text.split_whitespace() {
        let trimmed = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '$' | '€'));
        let ends =
            word.ends_with([',', ';', '?', '!', ')']) || (word.ends_with('.') && !trimmed.contains('.'));
        if trimmed.parse::<jiff::civil::Date>().is_ok() {
            push(&mut tokens, trimmed, ends);
            continue;
        }
        let parts: Vec<&str> = trimmed.split(['-', '–', '/']).filter(|part| !part.is_empty()).collect();
        let last = parts.len().saturating_sub(1);
        for (place, part) in parts.into_iter().enumerate() {
            push(&mut tokens, part, ends && place == last);
        }
    }
    tokens
}

fn push(tokens: &mut Vec<Token>, text: &str, ends: bool) {
    if !text.is_empty() {
        tokens.push(Token { text: text.to_owned(), lower: text.to_lowercase(), ends });
    }
}
