//! Splits a query into words.
//!
//! One thing depends on what came before: a slash begins a regular expression after `like` and `=~`
//! and anywhere in a `parse` command, and is a division everywhere else.

use super::error::QueryError;
use super::token::{Symbol, Token, TokenKind};

/// The words of the query, ended by [`TokenKind::End`].
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, QueryError> {
    let mut lexer = Lexer { query, position: 0, tokens: Vec::new(), command: String::new() };
    while lexer.next_token()? {}
    Ok(lexer.tokens)
}

struct Lexer<'q> {
    query: &'q str,
    position: usize,
    tokens: Vec<Token>,
    /// The command that the position is in, in lower case.
    command: String,
}

impl<'q> Lexer<'q> {
    /// Reads one token; false after the last.
    fn next_token(&mut self) -> Result<bool, QueryError> {
        self.skip_blanks();
        let start = self.position;
        let Some(first) = self.rest().chars().next() else {
            self.push(start, TokenKind::End);
            return Ok(false);
        };
        let kind = match first {
            '"' | '\'' => TokenKind::Text(self.delimited(first, "string")?),
            '/' if self.expects_regex() => TokenKind::Regex(self.delimited('/', "regular expression")?),
            '`' => self.name()?,
            digit if digit.is_ascii_digit() => self.number()?,
            '.' if self.rest().chars().nth(1).is_some_and(|next| next.is_ascii_digit()) => self.number()?,
            letter if begins_name(letter) => self.name()?,
            other => self.symbol(other)?,
        };
        self.push(start, kind);
        Ok(true)
    }

    fn rest(&self) -> &'q str {
        self.query.get(self.position..).unwrap_or_default()
    }

    fn push(&mut self, start: usize, kind: TokenKind) {
        if let TokenKind::Word(word) = &kind
            && self.tokens.last().is_none_or(|last| last.kind == TokenKind::Symbol(Symbol::Pipe))
        {
            self.command = word.to_ascii_lowercase();
        }
        self.tokens.push(Token { kind, span: start..self.position });
    }

    /// Moves on while the characters fit, and returns them.
    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'q str {
        let rest = self.rest();
        let end = rest.find(|character| !fits(character)).unwrap_or(rest.len());
        self.position += end;
        rest.get(..end).unwrap_or_default()
    }

    /// White space, and comments to the end of their line.
    fn skip_blanks(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            if !self.rest().starts_with('#') {
                return;
            }
            self.take_while(|character| character != '\n');
        }
    }

    fn expects_regex(&self) -> bool {
        self.command == "parse"
            || self.tokens.last().is_some_and(|last| match &last.kind {
                TokenKind::Word(word) => word.eq_ignore_ascii_case("like"),
                TokenKind::Symbol(symbol) => *symbol == Symbol::Matches,
                _ => false,
            })
    }

    /// What stands between two delimiters. A backslash takes the delimiter's meaning away; in a
    /// string it does so for a backslash, too, and everything else keeps it.
    fn delimited(&mut self, delimiter: char, what: &str) -> Result<String, QueryError> {
        let start = self.position;
        let mut content = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((offset, character)) = characters.next() {
            if character == delimiter {
                self.position = start + offset + delimiter.len_utf8();
                return Ok(content);
            }
            if character != '\\' {
                content.push(character);
                continue;
            }
            match characters.next() {
                Some((_, escaped)) if escaped == delimiter => content.push(escaped),
                Some((_, '\\')) if delimiter != '/' => content.push('\\'),
                Some((_, other)) => content.extend(['\\', other]),
                None => break,
            }
        }
        let message = format!("expected {delimiter} at the end of the {what}");
        Err(QueryError::new(start..self.query.len(), message))
    }

    /// A name: parts with dots between them, each bare or in backticks.
    fn name(&mut self) -> Result<TokenKind, QueryError> {
        let mut name = String::new();
        let mut is_quoted = false;
        loop {
            if self.rest().starts_with('`') {
                is_quoted = true;
                name.push_str(&self.delimited('`', "field name")?);
            } else {
                name.push_str(self.take_while(continues_name));
            }
            let mut following = self.rest().chars();
            let is_followed = following.next() == Some('.')
                && following.next().is_some_and(|next| next == '`' || continues_name(next));
            if !is_followed {
                break;
            }
            name.push('.');
            self.position += 1;
        }
        Ok(if is_quoted { TokenKind::QuotedName(name) } else { TokenKind::Word(name) })
    }

    /// A number, or a duration when a unit follows at once.
    fn number(&mut self) -> Result<TokenKind, QueryError> {
        let start = self.position;
        self.take_while(|character| character.is_ascii_digit());
        let is_whole = !self.rest().starts_with('.');
        if !is_whole {
            self.position += 1;
            self.take_while(|character| character.is_ascii_digit());
        }
        let digits = self.query.get(start..self.position).unwrap_or_default();
        let unit = self.take_while(|character| character.is_ascii_alphanumeric() || character == '_');
        let wrong = |message: &str| Err(QueryError::new(start..self.position, message));
        if unit.is_empty() {
            return match digits.parse() {
                Ok(number) => Ok(TokenKind::Number(number)),
                Err(_) => wrong("expected a number"),
            };
        }
        match digits.parse() {
            Ok(count) if is_whole => Ok(TokenKind::Duration(count, unit.to_owned())),
            _ => wrong("expected a whole number before the unit of a duration, such as 5m"),
        }
    }

    fn symbol(&mut self, first: char) -> Result<TokenKind, QueryError> {
        let rest = self.rest();
        let start = self.position;
        if let Some(symbol) = Symbol::ALL.into_iter().find(|symbol| rest.starts_with(symbol.written())) {
            self.position += symbol.written().len();
            return Ok(TokenKind::Symbol(symbol));
        }
        let message = format!(
            "unexpected character {first:?}; names with characters other than letters, digits, _ . and @ are written in backticks"
        );
        Err(QueryError::new(start..start + first.len_utf8(), message))
    }
}

fn begins_name(character: char) -> bool {
    character.is_alphabetic() || matches!(character, '_' | '@' | '$')
}

fn continues_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '@' | '$')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(query: &str) -> Vec<TokenKind> {
        let tokens = tokens(query).unwrap();
        tokens.into_iter().map(|token| token.kind).filter(|kind| *kind != TokenKind::End).collect()
    }

    fn word(word: &str) -> TokenKind {
        TokenKind::Word(word.to_owned())
    }

    #[test]
    fn names_have_dots_indexes_and_backticks() {
        assert_eq!(kinds("@message"), [word("@message")]);
        assert_eq!(kinds("items.0.id"), [word("items.0.id")]);
        assert_eq!(kinds("`my-key`"), [TokenKind::QuotedName("my-key".to_owned())]);
        assert_eq!(kinds("a.`b-c`.d"), [TokenKind::QuotedName("a.b-c.d".to_owned())]);
    }

    #[test]
    fn a_slash_is_a_regular_expression_only_where_one_can_be() {
        let slash = TokenKind::Symbol(Symbol::Slash);
        assert_eq!(kinds("fields a/b"), [word("fields"), word("a"), slash, word("b")]);
        let regex = |text: &str| TokenKind::Regex(text.to_owned());
        assert_eq!(kinds("filter a like /x|\\/y/"), [word("filter"), word("a"), word("like"), regex("x|/y")]);
        assert_eq!(kinds("parse @message /a(?<b>.)/").last(), Some(&regex("a(?<b>.)")));
        assert_eq!(kinds(r"filter a like /\d\\/").last(), Some(&regex(r"\d\\")));
    }

    #[test]
    fn strings_take_either_quote_and_escapes() {
        assert_eq!(kinds("'it''s'").len(), 2);
        assert_eq!(kinds(r#""say \"hi\" \\ \d""#), [TokenKind::Text(r#"say "hi" \ \d"#.to_owned())]);
    }

    #[test]
    fn numbers_and_durations() {
        assert_eq!(kinds("1.5"), [TokenKind::Number(1.5)]);
        assert_eq!(kinds(".5"), [TokenKind::Number(0.5)]);
        assert_eq!(kinds("30s"), [TokenKind::Duration(30, "s".to_owned())]);
        assert!(tokens("1.5h").is_err());
    }

    #[test]
    fn comments_end_with_their_line() {
        assert_eq!(kinds("a # b | c\nd"), [word("a"), word("d")]);
    }

    #[test]
    fn what_is_not_closed_is_named_with_its_place() {
        let error = tokens("filter a = \"x").unwrap_err();
        assert_eq!(error.span, 11..13);
        assert!(error.message.contains("expected \" at the end of the string"), "{}", error.message);
    }

    proptest! {
        #[test]
        fn every_text_is_read_or_refused_and_the_places_are_in_order(query in "(?s:.){0,80}") {
            match tokens(&query) {
                Ok(tokens) => {
                    let mut end = 0;
                    for token in tokens {
                        prop_assert!(token.span.start >= end && query.get(token.span.clone()).is_some());
                        end = token.span.end;
                    }
                    prop_assert_eq!(end, query.len());
                }
                Err(error) => prop_assert!(query.get(error.span).is_some()),
            }
        }

        #[test]
        fn a_string_is_read_as_it_was_meant(text in "[^\\\\\"]{0,40}") {
            prop_assert_eq!(kinds(&format!("\"{text}\"")), [TokenKind::Text(text)]);
        }
    }
}
