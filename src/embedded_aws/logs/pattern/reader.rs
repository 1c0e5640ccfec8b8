//! Reads a pattern character by character.

use super::PatternError;

/// A pattern and how far it was read.
#[derive(Debug)]
pub(super) struct Reader<'p> {
    pattern: &'p str,
    /// In bytes.
    position: usize,
}

impl<'p> Reader<'p> {
    pub(super) fn new(pattern: &'p str) -> Self {
        Self { pattern, position: 0 }
    }

    fn rest(&self) -> &'p str {
        self.pattern.get(self.position..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Moves on if the next character is this one.
    pub(super) fn accept(&mut self, wanted: char) -> bool {
        let is_next = self.peek() == Some(wanted);
        if is_next {
            self.position += wanted.len_utf8();
        }
        is_next
    }

    /// Moves on if this comes next.
    pub(super) fn accept_text(&mut self, wanted: &str) -> bool {
        let is_next = self.rest().starts_with(wanted);
        if is_next {
            self.position += wanted.len();
        }
        is_next
    }

    /// Moves on if this word comes next, in capitals or not.
    pub(super) fn accept_word(&mut self, wanted: &str) -> bool {
        let word: String = self.rest().chars().take_while(|character| character.is_alphanumeric()).collect();
        let is_next = word.eq_ignore_ascii_case(wanted);
        if is_next {
            self.position += word.len();
        }
        is_next
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// Moves on while the characters fit, and returns them.
    pub(super) fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'p str {
        let rest = self.rest();
        let end = rest.find(|character| !fits(character)).unwrap_or(rest.len());
        self.position += end;
        rest.get(..end).unwrap_or_default()
    }

    /// What stands between double quotes, in which a backslash protects a quote or a backslash.
    pub(super) fn quoted(&mut self) -> Result<String, PatternError> {
        let start = self.position;
        self.accept('"');
        let mut text = String::new();
        let mut characters = self.rest().char_indices();
        while let Some((offset, character)) = characters.next() {
            match character {
                '"' => {
                    self.position += offset + 1;
                    return Ok(text);
                }
                '\\' => match characters.next() {
                    Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                    Some((_, other)) => text.extend(['\\', other]),
                    None => break,
                },
                other => text.push(other),
            }
        }
        self.position = start;
        Err(self.error("expected a closing double quote"))
    }

    /// That this was expected here.
    pub(super) fn error(&self, message: impl Into<String>) -> PatternError {
        let read = self.pattern.get(..self.position).unwrap_or_default();
        PatternError { position: read.chars().count(), message: message.into() }
    }
}
