//! The words of a query.

use std::fmt;
use std::ops::Range;

/// A word and its place in the query, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: TokenKind,
    /// Where it is.
    pub(super) span: Range<usize>,
}

/// What a word is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A command, a function, a keyword or a field: only its place tells which.
    Word(String),
    /// A field name with a part in backticks, which cannot be anything else.
    QuotedName(String),
    /// A string in single or double quotes, without them.
    Text(String),
    /// A number.
    Number(f64),
    /// A count and a unit, such as `5m`.
    Duration(u32, String),
    /// A regular expression between slashes, without them.
    Regex(String),
    /// Punctuation and operators.
    Symbol(Symbol),
    /// The end of the query.
    End,
}

/// Punctuation and operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Pipe,
    Comma,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Caret,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
}

impl Symbol {
    /// All of them; of two that begin alike the longer one comes first.
    pub(super) const ALL: [Self; 19] = [
        Self::Matches,
        Self::NotEqual,
        Self::LessOrEqual,
        Self::GreaterOrEqual,
        Self::Pipe,
        Self::Comma,
        Self::OpenParenthesis,
        Self::CloseParenthesis,
        Self::OpenBracket,
        Self::CloseBracket,
        Self::Plus,
        Self::Minus,
        Self::Star,
        Self::Slash,
        Self::Percent,
        Self::Caret,
        Self::Equal,
        Self::Less,
        Self::Greater,
    ];

    /// As it is written in a query.
    pub(super) fn written(self) -> &'static str {
        match self {
            Self::Pipe => "|",
            Self::Comma => ",",
            Self::OpenParenthesis => "(",
            Self::CloseParenthesis => ")",
            Self::OpenBracket => "[",
            Self::CloseBracket => "]",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Star => "*",
            Self::Slash => "/",
            Self::Percent => "%",
            Self::Caret => "^",
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Matches => "=~",
        }
    }
}

/// As an error message names it.
impl fmt::Display for TokenKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write!(formatter, "\"{word}\""),
            Self::QuotedName(name) => write!(formatter, "the field `{name}`"),
            Self::Text(text) => write!(formatter, "the string \"{text}\""),
            Self::Number(number) => write!(formatter, "the number {number}"),
            Self::Duration(count, unit) => write!(formatter, "the duration {count}{unit}"),
            Self::Regex(pattern) => write!(formatter, "the regular expression /{pattern}/"),
            Self::Symbol(symbol) => write!(formatter, "\"{}\"", symbol.written()),
            Self::End => formatter.write_str("the end of the query"),
        }
    }
}
