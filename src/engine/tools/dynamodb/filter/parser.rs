//! Reads the pieces of a condition into an expression: OR of AND of NOT of comparisons.

use super::FilterError;
use super::lexer::{Piece, Token};

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Any(Vec<Expression>),
    All(Vec<Expression>),
    Not(Box<Expression>),
    Compare(Path, &'static str, Value),
    Between(Path, Value, Value),
    In(Path, Vec<Value>),
    /// A function with an attribute and, for some, a value.
    Function(&'static str, Path, Option<Value>),
}

/// An attribute, with a path into it.
pub(super) type Path = Vec<String>;

/// A value to compare with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(String),
    Boolean(bool),
}

const COMPARISONS: [&str; 6] = ["=", "<>", "<", "<=", ">", ">="];

/// The functions, and whether they take a value.
const FUNCTIONS: [(&str, bool); 4] =
    [("begins_with", true), ("contains", true), ("attribute_exists", false), ("attribute_not_exists", false)];

const MAX_DEPTH: usize = 20;

/// DynamoDB's own limit for IN.
const MAX_LIST: usize = 100;

pub(super) fn parse(tokens: &[Token]) -> Result<Expression, FilterError> {
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let expression = parser.any()?;
    match parser.peek() {
        Piece::End => Ok(expression),
        _ => Err(parser.mistake("AND, OR or the end is expected here")),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &Piece {
        // The list of tokens always ends with `End`, and `next` never goes beyond it.
        &self.tokens[self.at].piece
    }

    fn next(&mut self) -> Piece {
        let piece = self.tokens[self.at].piece.clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        piece
    }

    fn mistake(&self, message: impl Into<String>) -> FilterError {
        FilterError { position: self.tokens[self.at].position, message: message.into() }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Piece::Word(text) if text.eq_ignore_ascii_case(word));
        if found {
            self.next();
        }
        found
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Piece::Sign(text) if *text == sign);
        if found {
            self.next();
        }
        found
    }

    fn expect_sign(&mut self, sign: &str, message: &str) -> Result<(), FilterError> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.mistake(message)) }
    }

    fn any(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.all()?];
        while self.take_word("OR") {
            parts.push(self.all()?);
        }
        Ok(single_or(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.not()?];
        while self.take_word("AND") {
            parts.push(self.not()?);
        }
        Ok(single_or(parts, Expression::All))
    }

    fn not(&mut self) -> Result<Expression, FilterError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.mistake(format!("brackets and NOT are nested more than {MAX_DEPTH} deep")));
        }
        let expression = if self.take_word("NOT") {
            Expression::Not(Box::new(self.not()?))
        } else if self.take_sign("(") {
            let inner = self.any()?;
            self.expect_sign(")", "a closing bracket is missing here")?;
            inner
        } else {
            self.comparison()?
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn comparison(&mut self) -> Result<Expression, FilterError> {
        let position = self.tokens[self.at].position;
        let path = self.path()?;
        if self.take_sign("(") {
            return self.function(&path, position);
        }
        if self.take_word("BETWEEN") {
            let least = self.value()?;
            if !self.take_word("AND") {
                return Err(self.mistake("BETWEEN needs two values with AND between them"));
            }
            let position = self.tokens[self.at].position;
            let most = self.value()?;
            check_bounds(&least, &most).map_err(|message| FilterError { position, message })?;
            return Ok(Expression::Between(path, least, most));
        }
        if self.take_word("IN") {
            return self.list(path);
        }
        match COMPARISONS.iter().find(|sign| self.take_sign(sign)) {
            Some(sign) => Ok(Expression::Compare(path, sign, self.value()?)),
            None => Err(self.mistake("a comparison such as = or > is expected here")),
        }
    }

    fn function(&mut self, name: &Path, position: usize) -> Result<Expression, FilterError> {
        let unknown =
            || FilterError { position, message: format!("the function {:?} is not known", name.join(".")) };
        let [name] = name.as_slice() else { return Err(unknown()) };
        let (function, takes_value) =
            FUNCTIONS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).ok_or_else(unknown)?;
        let path = self.path()?;
        let value = if *takes_value {
            self.expect_sign(",", &format!("{function} needs a comma and a value"))?;
            let position = self.tokens[self.at].position;
            match (*function, self.value()?) {
                ("begins_with", Value::Number(_) | Value::Boolean(_)) => {
                    let message = "begins_with needs a text in quotes".to_owned();
                    return Err(FilterError { position, message });
                }
                (_, value) => Some(value),
            }
        } else {
            None
        };
        self.expect_sign(")", "a closing bracket is missing here")?;
        Ok(Expression::Function(function, path, value))
    }

    fn list(&mut self, path: Path) -> Result<Expression, FilterError> {
        self.expect_sign("(", "IN needs values in brackets")?;
        let mut values = vec![self.value()?];
        while self.take_sign(",") {
            values.push(self.value()?);
        }
        if values.len() > MAX_LIST {
            return Err(self.mistake(format!("IN takes at most {MAX_LIST} values")));
        }
        self.expect_sign(")", "a closing bracket is missing here")?;
        Ok(Expression::In(path, values))
    }

    fn path(&mut self) -> Result<Path, FilterError> {
        let mut path = vec![self.attribute()?];
        while self.take_sign(".") {
            path.push(self.attribute()?);
        }
        Ok(path)
    }

    fn attribute(&mut self) -> Result<String, FilterError> {
        match self.peek() {
            Piece::Word(_) => match self.next() {
                Piece::Word(name) => Ok(name),
                _ => Err(self.mistake("an attribute is expected here")),
            },
            _ => Err(self.mistake("an attribute is expected here")),
        }
    }

    fn value(&mut self) -> Result<Value, FilterError> {
        let value = match self.peek() {
            Piece::Text(text) if text.is_empty() => return Err(self.mistake("the text is empty")),
            Piece::Text(text) => Value::Text(text.clone()),
            Piece::Number(text) => Value::Number(text.clone()),
            Piece::Word(word) if word.eq_ignore_ascii_case("true") => Value::Boolean(true),
            Piece::Word(word) if word.eq_ignore_ascii_case("false") => Value::Boolean(false),
            Piece::Word(word) => return Err(self.mistake(format!("a text needs quotes: \"{word}\""))),
            Piece::Sign(_) | Piece::End => return Err(self.mistake("a value is missing here")),
        };
        self.next();
        Ok(value)
    }
}

/// DynamoDB refuses bounds of two kinds and bounds in the wrong order.
fn check_bounds(least: &Value, most: &Value) -> Result<(), String> {
    let in_order = match (least, most) {
        (Value::Text(least), Value::Text(most)) => least <= most,
        (Value::Number(least), Value::Number(most)) => {
            // The lexer took only texts that are numbers.
            let number = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
            number(least) <= number(most)
        }
        (Value::Boolean(least), Value::Boolean(most)) => least <= most,
        _ => return Err("both bounds must be of one kind".to_owned()),
    };
    if in_order { Ok(()) } else { Err("the first bound is above the second".to_owned()) }
}

fn single_or(mut parts: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    if parts.len() == 1 { parts.remove(0) } else { join(parts) }
}
