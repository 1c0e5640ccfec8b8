//! Reading the JSON of a request: every option is either understood or refused by its name.

use serde_json::{Map, Value};

use super::faults::invalid;
use crate::embedded_aws::fault::Fault;

/// An object of a request, with its place for messages.
#[derive(Clone)]
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    place: String,
}

/// Reads a body. An empty one is an empty object, as operations without required members have it.
pub(super) fn parse(body: &[u8]) -> Result<Value, Fault> {
    if body.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    let json: Value = serde_json::from_slice(body)
        .map_err(|error| Fault::sender("SerializationException", error.to_string()))?;
    if json.is_object() { Ok(json) } else { Err(invalid("the body must be a JSON object")) }
}

impl<'a> Fields<'a> {
    /// The members of the body, which may be these only.
    pub(super) fn of(body: &'a Value, known: &[&str]) -> Result<Self, Fault> {
        Self::within(body, "", known)
    }

    fn within(json: &'a Value, place: &str, known: &[&str]) -> Result<Self, Fault> {
        let object = json.as_object().ok_or_else(|| invalid(format!("{place} must be an object")))?;
        let fields = Self { object, place: place.to_owned() };
        match object.iter().find(|(name, value)| !value.is_null() && !known.contains(&name.as_str())) {
            Some((name, _)) => {
                Err(invalid(format!("the embedded AWS does not implement the option {}", fields.name(name))))
            }
            None => Ok(fields),
        }
    }

    /// The full name of a member, for messages.
    pub(super) fn name(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    /// A member that is there and not null.
    pub(super) fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// An object, whose members may be these only.
    pub(super) fn object(&self, name: &str, known: &[&str]) -> Result<Option<Fields<'a>>, Fault> {
        self.get(name).map(|value| Self::within(value, &self.name(name), known)).transpose()
    }

    /// An object that must be there.
    pub(super) fn required_object(&self, name: &str, known: &[&str]) -> Result<Fields<'a>, Fault> {
        self.object(name, known)?.ok_or_else(|| invalid(format!("{} is required", self.name(name))))
    }

    /// Objects in a list, whose members may be these only.
    pub(super) fn objects(&self, name: &str, known: &[&str]) -> Result<Vec<Fields<'a>>, Fault> {
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let items = value.as_array().ok_or_else(|| invalid(format!("{} must be a list", self.name(name))))?;
        let within = |(place, item)| Self::within(item, &format!("{}[{place}]", self.name(name)), known);
        items.iter().enumerate().map(within).collect()
    }

    /// A string.
    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Fault> {
        let wrong = || invalid(format!("{} must be a string", self.name(name)));
        self.get(name).map(|value| value.as_str().ok_or_else(wrong)).transpose()
    }

    /// A string that must be there.
    pub(super) fn required_text(&self, name: &str) -> Result<&'a str, Fault> {
        self.text(name)?.ok_or_else(|| invalid(format!("{} is required", self.name(name))))
    }

    /// A whole number within a range.
    pub(super) fn integer(
        &self,
        name: &str,
        allowed: std::ops::RangeInclusive<usize>,
    ) -> Result<Option<usize>, Fault> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
        number.filter(|number| allowed.contains(number)).map(Some).ok_or_else(|| {
            invalid(format!("{} must be from {} to {}", self.name(name), allowed.start(), allowed.end()))
        })
    }

    /// A number from 0 to 1.
    pub(super) fn fraction(&self, name: &str) -> Result<Option<f64>, Fault> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_f64().filter(|number| (0.0..=1.0).contains(number));
        number.map(Some).ok_or_else(|| invalid(format!("{} must be from 0 to 1", self.name(name))))
    }

    /// Strings in a list.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Fault> {
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let items = value.as_array().and_then(|items| {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        items.ok_or_else(|| invalid(format!("{} must be a list of strings", self.name(name))))
    }
}
