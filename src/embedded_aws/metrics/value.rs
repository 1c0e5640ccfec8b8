//! The values of a request or an answer, whichever protocol carries them, and how requests are read.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::error::MetricsError;

/// A value as Smithy's data model has them, as far as CloudWatch uses it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Nothing: the same as leaving the member out.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any number, also not a number and the infinities.
    Number(f64),
    /// A text.
    Text(String),
    /// An instant.
    Time(Timestamp),
    /// A list.
    List(Vec<Value>),
    /// A structure, in the order of its members.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// A structure of these members, without those that are null.
    pub(super) fn structure<const N: usize>(members: [(&str, Value); N]) -> Self {
        let given = members.into_iter().filter(|(_, value)| *value != Value::Null);
        Value::Map(given.map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Value::Bool(truth)
    }
}

impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Value::Time(time)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}

/// The members of a structure in a request. Each is taken once; what is left over at [`Fields::finish`]
/// is not implemented, and refused instead of ignored.
pub(super) struct Fields {
    /// Where the structure is, such as `MetricData.member.1.`; empty for the request itself.
    path: String,
    members: BTreeMap<String, Value>,
}

impl Fields {
    /// The members of the request itself.
    pub(super) fn of_request(value: Value) -> Result<Self, MetricsError> {
        Self::of(value, String::new())
    }

    fn of(value: Value, path: String) -> Result<Self, MetricsError> {
        match value {
            Value::Map(members) => Ok(Self { path, members: members.into_iter().collect() }),
            Value::Null if path.is_empty() => Ok(Self { path, members: BTreeMap::new() }),
            _ => Err(MetricsError::Serialization(format!("{} must be a structure", place(&path)))),
        }
    }

    /// The full name of a member, as AWS writes it in messages.
    pub(super) fn name_of(&self, member: &str) -> String {
        format!("{}{member}", self.path)
    }

    /// A text, if it is given.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, MetricsError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong_type(name, "a text")),
        }
    }

    /// A text that must be given, of 1 to `longest` characters.
    pub(super) fn required_text(&mut self, name: &str, longest: usize) -> Result<String, MetricsError> {
        let text = self.text(name)?.ok_or_else(|| self.missing(name))?;
        match text.chars().count() {
            0 => Err(self.missing(name)),
            length if length > longest => Err(MetricsError::InvalidParameterValue(format!(
                "The parameter {} has {length} characters; at most {longest} are allowed.",
                self.name_of(name)
            ))),
            _ => Ok(text),
        }
    }

    /// A number, if it is given. JSON has no other way to say that it is none than words.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<f64>, MetricsError> {
        self.take(name)
            .map(|value| number_of(&value).ok_or_else(|| self.wrong_type(name, "a number")))
            .transpose()
    }

    /// A whole number, if it is given.
    pub(super) fn integer(&mut self, name: &str) -> Result<Option<i64>, MetricsError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Integer(number)) => Ok(Some(number)),
            Some(_) => Err(self.wrong_type(name, "a whole number")),
        }
    }

    /// True or false, if it is given.
    pub(super) fn boolean(&mut self, name: &str) -> Result<Option<bool>, MetricsError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(truth)) => Ok(Some(truth)),
            Some(_) => Err(self.wrong_type(name, "true or false")),
        }
    }

    /// An instant, if it is given. JSON writes them as seconds since 1970.
    pub(super) fn time(&mut self, name: &str) -> Result<Option<Timestamp>, MetricsError> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let time = match value {
            Value::Time(time) => Some(time),
            Value::Integer(seconds) => Timestamp::from_second(seconds).ok(),
            Value::Number(seconds) => time_of_seconds(seconds),
            _ => None,
        };
        time.map(Some).ok_or_else(|| self.wrong_type(name, "a time"))
    }

    /// An instant that must be given.
    pub(super) fn required_time(&mut self, name: &str) -> Result<Timestamp, MetricsError> {
        self.time(name)?.ok_or_else(|| self.missing(name))
    }

    /// A list of numbers; none when it is not given.
    pub(super) fn numbers(&mut self, name: &str) -> Result<Option<Vec<f64>>, MetricsError> {
        let Some(values) = self.list(name)? else { return Ok(None) };
        let numbers: Option<Vec<f64>> = values.iter().map(number_of).collect();
        numbers.map(Some).ok_or_else(|| self.wrong_type(name, "a list of numbers"))
    }

    /// A list of texts; empty when it is not given.
    pub(super) fn texts(&mut self, name: &str) -> Result<Vec<String>, MetricsError> {
        let texts = self.list(name)?.unwrap_or_default().into_iter().map(|value| match value {
            Value::Text(text) => Ok(text),
            _ => Err(self.wrong_type(name, "a list of texts")),
        });
        texts.collect()
    }

    /// A structure, if it is given.
    pub(super) fn structure(&mut self, name: &str) -> Result<Option<Fields>, MetricsError> {
        let path = format!("{}.", self.name_of(name));
        self.take(name).map(|value| Fields::of(value, path)).transpose()
    }

    /// A list of structures; empty when it is not given.
    pub(super) fn structures(&mut self, name: &str) -> Result<Vec<Fields>, MetricsError> {
        let list = self.list(name)?.unwrap_or_default();
        let path = self.name_of(name);
        let numbered = list.into_iter().zip(1..);
        numbered.map(|(value, number)| Fields::of(value, format!("{path}.member.{number}."))).collect()
    }

    /// Refuses what nobody asked for.
    pub(super) fn finish(self) -> Result<(), MetricsError> {
        match self.members.keys().next() {
            None => Ok(()),
            Some(name) => Err(MetricsError::Validation(format!(
                "the embedded AWS does not implement the parameter {}",
                self.name_of(name)
            ))),
        }
    }

    /// The complaint that a member must be given.
    pub(super) fn missing(&self, name: &str) -> MetricsError {
        MetricsError::MissingParameter(format!("The parameter {} is required.", self.name_of(name)))
    }

    /// The complaint that a member has a value that is not allowed.
    pub(super) fn invalid(&self, name: &str, value: impl std::fmt::Display) -> MetricsError {
        MetricsError::InvalidParameterValue(format!(
            "The value {value} for parameter {} is invalid.",
            self.name_of(name)
        ))
    }

    fn list(&mut self, name: &str) -> Result<Option<Vec<Value>>, MetricsError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::List(values)) => Ok(Some(values)),
            Some(_) => Err(self.wrong_type(name, "a list")),
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name).filter(|value| *value != Value::Null)
    }

    fn wrong_type(&self, name: &str, wanted: &str) -> MetricsError {
        MetricsError::Serialization(format!("{} must be {wanted}", self.name_of(name)))
    }
}

fn place(path: &str) -> &str {
    if path.is_empty() { "the request" } else { path.trim_end_matches('.') }
}

fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        #[expect(clippy::cast_precision_loss, reason = "JSON knows no other numbers than these, either")]
        Value::Integer(number) => Some(*number as f64),
        Value::Text(word) => match word.as_str() {
            "NaN" => Some(f64::NAN),
            "Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => None,
        },
        _ => None,
    }
}

/// The instant this many seconds after 1970 began, to the millisecond.
pub(super) fn time_of_seconds(seconds: f64) -> Option<Timestamp> {
    let milliseconds = (seconds * 1000.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "checked to be within the range of exact numbers")]
    let whole = (milliseconds.abs() < 9.0e15).then_some(milliseconds as i64)?;
    Timestamp::from_millisecond(whole).ok()
}
