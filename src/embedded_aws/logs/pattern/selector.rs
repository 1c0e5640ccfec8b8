//! Selectors of patterns on JSON: `$.user.roles[0]`, `$.items[*].id`, `$["odd key"]`.

use serde_json::Value;

use super::PatternError;
use super::reader::Reader;

/// The way to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selector {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
    /// Each element of a list.
    Each,
}

impl Selector {
    /// Reads a selector.
    pub(super) fn parse(reader: &mut Reader<'_>) -> Result<Self, PatternError> {
        if !reader.accept('$') {
            return Err(reader.error("expected a selector, such as $.level"));
        }
        let mut steps = Vec::new();
        loop {
            if reader.accept('.') {
                let key =
                    reader.take_while(|character| character.is_alphanumeric() || "_-".contains(character));
                if key.is_empty() && reader.peek() != Some('[') {
                    return Err(reader.error("expected the name of a property"));
                }
                if !key.is_empty() {
                    steps.push(Step::Key(key.to_owned()));
                }
            } else if reader.accept('[') {
                steps.push(bracketed(reader)?);
            } else if steps.is_empty() {
                return Err(reader.error("expected a property after $, such as $.level"));
            } else {
                return Ok(Self { steps });
            }
        }
    }

    /// The values that it leads to.
    pub(super) fn select<'j>(&self, json: &'j Value) -> Vec<&'j Value> {
        self.steps
            .iter()
            .fold(vec![json], |found, step| found.into_iter().flat_map(|value| step.follow(value)).collect())
    }
}

impl Step {
    fn follow<'j>(&self, value: &'j Value) -> Vec<&'j Value> {
        match self {
            Self::Key(key) => value.get(key).into_iter().collect(),
            Self::Index(index) => value.get(index).into_iter().collect(),
            Self::Each => value.as_array().into_iter().flatten().collect(),
        }
    }
}

fn bracketed(reader: &mut Reader<'_>) -> Result<Step, PatternError> {
    let step = match reader.peek() {
        Some('"') => Step::Key(reader.quoted()?),
        Some('*') => {
            reader.accept('*');
            Step::Each
        }
        _ => {
            let digits = reader.take_while(|character| character.is_ascii_digit());
            let index = digits.parse().map_err(|_| reader.error("expected an index, * or a quoted name"))?;
            Step::Index(index)
        }
    };
    if reader.accept(']') { Ok(step) } else { Err(reader.error("expected ]")) }
}
