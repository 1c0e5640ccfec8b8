//! Patterns on JSON: `{ $.level = "ERROR" && ($.ms > 100 || $.tool = "a*") }`.

use serde_json::Value;

use super::PatternError;
use super::reader::Reader;
use super::selector::Selector;

const DEEPEST: usize = 50;

/// What must be true of a message.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    /// All of these.
    All(Vec<Condition>),
    /// One of these.
    Any(Vec<Condition>),
    /// A value that the selector leads to passes the test.
    Test(Selector, Test),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Exists,
    NotExists,
    Is(Value),
    /// A number compares so with this one.
    Number(Comparison, f64),
    /// A text is, or is not, like this one, in which `*` stands for anything.
    Text {
        is_equal: bool,
        parts: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The longer one of two that begin alike comes first.
const COMPARISONS: [(&str, Comparison); 6] = [
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

impl Condition {
    /// Whether it is true of this message.
    pub(super) fn holds(&self, json: &Value) -> bool {
        match self {
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(json)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(json)),
            Self::Test(selector, Test::NotExists) => selector.select(json).is_empty(),
            Self::Test(selector, test) => selector.select(json).into_iter().any(|value| test.passes(value)),
        }
    }
}

impl Test {
    fn passes(&self, value: &Value) -> bool {
        match self {
            Self::Exists => true,
            Self::NotExists => false,
            Self::Is(wanted) => value == wanted,
            Self::Number(comparison, wanted) => {
                value.as_f64().is_some_and(|number| comparison.holds(number, *wanted))
            }
            Self::Text { is_equal, parts } => {
                value.as_str().is_some_and(|text| is_like(text, parts) == *is_equal)
            }
        }
    }
}

impl Comparison {
    #[expect(clippy::float_cmp, reason = "equal is what was asked for")]
    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

/// Whether a text consists of these parts in this order, with anything between them.
fn is_like(text: &str, parts: &[String]) -> bool {
    let Some((first, rest)) = parts.split_first() else { return text.is_empty() };
    let Some((last, middle)) = rest.split_last() else { return text == first };
    let Some(mut left) = text.strip_prefix(first.as_str()).and_then(|left| left.strip_suffix(last.as_str()))
    else {
        return false;
    };
    for part in middle {
        let Some((_, after)) = left.split_once(part.as_str()) else { return false };
        left = after;
    }
    true
}

/// Reads `{ … }` to the end of the pattern.
pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Condition, PatternError> {
    reader.accept('{');
    let condition = any(reader, 0)?;
    reader.skip_blanks();
    if !reader.accept('}') {
        return Err(reader.error("expected &&, || or }"));
    }
    reader.skip_blanks();
    if reader.peek().is_some() {
        return Err(reader.error("expected nothing after }"));
    }
    Ok(condition)
}

fn any(reader: &mut Reader<'_>, depth: usize) -> Result<Condition, PatternError> {
    let mut conditions = vec![all(reader, depth)?];
    reader.skip_blanks();
    while reader.accept_text("||") {
        conditions.push(all(reader, depth)?);
        reader.skip_blanks();
    }
    Ok(Condition::Any(conditions))
}

fn all(reader: &mut Reader<'_>, depth: usize) -> Result<Condition, PatternError> {
    let mut conditions = vec![one(reader, depth)?];
    reader.skip_blanks();
    while reader.accept_text("&&") {
        conditions.push(one(reader, depth)?);
        reader.skip_blanks();
    }
    Ok(Condition::All(conditions))
}

fn one(reader: &mut Reader<'_>, depth: usize) -> Result<Condition, PatternError> {
    reader.skip_blanks();
    if reader.accept('(') {
        if depth >= DEEPEST {
            return Err(reader.error(format!("expected at most {DEEPEST} levels of parentheses")));
        }
        let condition = any(reader, depth + 1)?;
        return if reader.accept(')') { Ok(condition) } else { Err(reader.error("expected &&, || or )")) };
    }
    let selector = Selector::parse(reader)?;
    reader.skip_blanks();
    Ok(Condition::Test(selector, test(reader)?))
}

fn test(reader: &mut Reader<'_>) -> Result<Test, PatternError> {
    if reader.accept_word("IS") {
        reader.skip_blanks();
        let values = [("NULL", Value::Null), ("TRUE", Value::Bool(true)), ("FALSE", Value::Bool(false))];
        let value = values.into_iter().find(|(word, _)| reader.accept_word(word));
        return value
            .map(|(_, value)| Test::Is(value))
            .ok_or_else(|| reader.error("expected NULL, TRUE or FALSE"));
    }
    if reader.accept_word("EXISTS") {
        return Ok(Test::Exists);
    }
    if reader.accept_word("NOT") {
        reader.skip_blanks();
        let exists = reader.accept_word("EXISTS");
        return if exists { Ok(Test::NotExists) } else { Err(reader.error("expected EXISTS after NOT")) };
    }
    let Some((_, comparison)) = COMPARISONS.into_iter().find(|(written, _)| reader.accept_text(written))
    else {
        return Err(reader.error("expected =, !=, <, <=, >, >=, IS, EXISTS or NOT EXISTS"));
    };
    reader.skip_blanks();
    value(reader, comparison)
}

fn value(reader: &mut Reader<'_>, comparison: Comparison) -> Result<Test, PatternError> {
    let is_equal = match comparison {
        Comparison::Equal => Some(true),
        Comparison::NotEqual => Some(false),
        _ => None,
    };
    match (reader.peek(), is_equal) {
        (Some('"'), Some(is_equal)) => Ok(Test::Text { is_equal, parts: parts(&reader.quoted()?) }),
        (Some('"'), None) => Err(reader.error("expected a number: texts are compared with = and != only")),
        (Some('%'), _) => Err(reader.error("the embedded AWS does not implement regular expressions, %…%")),
        _ => {
            let ends = |character: char| character.is_whitespace() || "(){}&|\"".contains(character);
            let word = reader.take_while(|character| !ends(character));
            let begins_as_number =
                word.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
            let number = word.parse::<f64>().ok().filter(|number| begins_as_number && number.is_finite());
            match (number, is_equal) {
                (Some(number), _) => Ok(Test::Number(comparison, number)),
                (None, Some(is_equal)) if !word.is_empty() => Ok(Test::Text { is_equal, parts: parts(word) }),
                (None, Some(_)) => Err(reader.error("expected a number or a text")),
                (None, None) => Err(reader.error("expected a number")),
            }
        }
    }
}

fn parts(text: &str) -> Vec<String> {
    text.split('*').map(str::to_owned).collect()
}
