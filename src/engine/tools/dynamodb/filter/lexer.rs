//! Cuts a condition into words, values and signs, each with its position.

use super::FilterError;

/// A piece of a condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// An attribute, a function or a key word.
    Word(String),
    /// A quoted text.
    Text(String),
    /// A number as written.
    Number(String),
    /// A sign: a comparison, a bracket, a comma or a dot.
    Sign(&'static str),
    /// The end.
    End,
}

/// A piece and where it begins, in characters from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) piece: Piece,
    pub(super) position: usize,
}

/// Longer signs first, so that `<=` is not read as `<`.
const SIGNS: [&str; 12] = ["<>", "<=", ">=", "!=", "=", "<", ">", "(", ")", ",", ".", "!"];

/// The most digits that DynamoDB keeps of a number.
const MAX_DIGITS: usize = 38;

/// All pieces of a text, the last one being the end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let characters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < characters.len() {
        if characters[at].is_whitespace() {
            at += 1;
            continue;
        }
        let (piece, length) = piece(&characters[at..], at + 1)?;
        tokens.push(Token { piece, position: at + 1 });
        at += length;
    }
    tokens.push(Token { piece: Piece::End, position: characters.len() + 1 });
    Ok(tokens)
}

fn piece(rest: &[char], position: usize) -> Result<(Piece, usize), FilterError> {
    let first = rest[0];
    if matches!(first, '\'' | '"') {
        return quoted(rest, position);
    }
    if first.is_ascii_digit() || (first == '-' && rest.get(1).is_some_and(char::is_ascii_digit)) {
        return number(rest, position);
    }
    if first.is_alphabetic() || first == '_' {
        let length = rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count();
        return Ok((Piece::Word(rest[..length].iter().collect()), length));
    }
    for sign in SIGNS {
        if sign.chars().enumerate().all(|(offset, c)| rest.get(offset) == Some(&c)) {
            let piece = if sign == "!=" { "<>" } else { sign };
            return Ok((Piece::Sign(piece), sign.len()));
        }
    }
    Err(FilterError { position, message: format!("the character {first:?} is not allowed here") })
}

/// A text in single or double quotes; a backslash takes the next character as it is.
fn quoted(rest: &[char], position: usize) -> Result<(Piece, usize), FilterError> {
    let mut text = String::new();
    let mut at = 1;
    while let Some(character) = rest.get(at) {
        match character {
            c if *c == rest[0] => return Ok((Piece::Text(text), at + 1)),
            '\\' => {
                at += 1;
                text.extend(rest.get(at));
            }
            c => text.push(*c),
        }
        at += 1;
    }
    Err(FilterError { position, message: "the text that begins here does not end".to_owned() })
}

fn number(rest: &[char], position: usize) -> Result<(Piece, usize), FilterError> {
    let length = rest
        .iter()
        .enumerate()
        .take_while(|(at, c)| {
            let sign_of_exponent = *at > 0 && matches!(rest[at - 1], 'e' | 'E') && matches!(c, '+' | '-');
            c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E') || (*at == 0 && **c == '-') || sign_of_exponent
        })
        .count();
    let text: String = rest[..length].iter().collect();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    // DynamoDB keeps numbers from 1e-130 to 9.9e125.
    let fits = text.parse::<f64>().is_ok_and(|value| value == 0.0 || (1e-130..1e126).contains(&value.abs()));
    if fits && digits <= MAX_DIGITS {
        Ok((Piece::Number(text), length))
    } else {
        Err(FilterError { position, message: "this is not a number that can be stored".to_owned() })
    }
}
