//! From text to words.

use super::ExpressionError;

/// A word of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    /// An id or the name of a function.
    Name(String),
    Text(String),
    Plus,
    Minus,
    Times,
    Divide,
    Open,
    Close,
    OpenList,
    CloseList,
    Comma,
}

/// The words with their places, from 1.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, usize)>, ExpressionError> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(character) = characters.get(at).copied() {
        let position = at + 1;
        let token = match character {
            ' ' | '\t' | '\n' | '\r' => {
                at += 1;
                continue;
            }
            '+' => Token::Plus,
            '-' => Token::Minus,
            '*' => Token::Times,
            '/' => Token::Divide,
            '(' => Token::Open,
            ')' => Token::Close,
            '[' => Token::OpenList,
            ']' => Token::CloseList,
            ',' => Token::Comma,
            '"' | '\'' => {
                let text: String =
                    rest(&characters, position).take_while(|next| *next != character).collect();
                let length = text.chars().count();
                if characters.get(position + length) != Some(&character) {
                    return Err(ExpressionError::OpenText(position));
                }
                at += length + 2;
                tokens.push((Token::Text(text), position));
                continue;
            }
            '0'..='9' | '.' => {
                let number: String =
                    rest(&characters, at).take_while(|next| next.is_ascii_digit() || *next == '.').collect();
                at += number.len();
                let value = number.parse().map_err(|_| ExpressionError::Character { character, position })?;
                tokens.push((Token::Number(value), position));
                continue;
            }
            'a'..='z' | 'A'..='Z' => {
                let name: String = rest(&characters, at)
                    .take_while(|next| next.is_ascii_alphanumeric() || *next == '_')
                    .collect();
                at += name.len();
                tokens.push((Token::Name(name), position));
                continue;
            }
            _ => return Err(ExpressionError::Character { character, position }),
        };
        at += 1;
        tokens.push((token, position));
    }
    Ok(tokens)
}

fn rest(characters: &[char], from: usize) -> impl Iterator<Item = char> + '_ {
    characters.iter().skip(from).copied()
}
