//! Reads the parameters of a request one by one, so that none is left unread.

use serde_json::{Map, Value};

use super::error::LogsError;

/// The parameters that have not been read yet.
#[derive(Debug)]
pub(crate) struct Parameters {
    left: Map<String, Value>,
}

impl Parameters {
    /// The parameters of a request body.
    pub(crate) fn of(body: Value) -> Result<Self, LogsError> {
        match body {
            Value::Object(left) => Ok(Self { left }),
            _ => Err(LogsError::Serialization("the request body must be a JSON object".to_owned())),
        }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.left.shift_remove(name).filter(|value| !value.is_null())
    }

    /// A string.
    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, LogsError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(wrong_type(name, "a string")),
        }
    }

    /// A string that must be there.
    pub(crate) fn required_text(&mut self, name: &str) -> Result<String, LogsError> {
        self.text(name)?.ok_or_else(|| missing(name))
    }

    /// A whole number.
    pub(crate) fn integer(&mut self, name: &str) -> Result<Option<i64>, LogsError> {
        match self.take(name) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or_else(|| wrong_type(name, "a whole number")),
        }
    }

    /// A whole number that must be there.
    pub(crate) fn required_integer(&mut self, name: &str) -> Result<i64, LogsError> {
        self.integer(name)?.ok_or_else(|| missing(name))
    }

    /// A time in milliseconds or seconds since 1970, which cannot lie before.
    pub(crate) fn time(&mut self, name: &str) -> Result<Option<i64>, LogsError> {
        match self.integer(name)? {
            Some(time) if time < 0 => {
                Err(LogsError::invalid(format!("{name} must not be negative, unlike {time}")))
            }
            time => Ok(time),
        }
    }

    /// How many things are wanted: 1 to `most`, which is also the default.
    pub(crate) fn count(&mut self, name: &str, most: usize) -> Result<usize, LogsError> {
        let Some(count) = self.integer(name)? else { return Ok(most) };
        usize::try_from(count).ok().filter(|count| (1..=most).contains(count)).ok_or_else(|| {
            LogsError::invalid(format!("{name} must be a number from 1 to {most}, unlike {count}"))
        })
    }

    /// Yes or no.
    pub(crate) fn boolean(&mut self, name: &str) -> Result<Option<bool>, LogsError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(is_true)) => Ok(Some(is_true)),
            Some(_) => Err(wrong_type(name, "true or false")),
        }
    }

    /// A list of strings.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, LogsError> {
        let wrong = || wrong_type(name, "a list of strings");
        let Some(value) = self.take(name) else { return Ok(None) };
        let Value::Array(items) = value else { return Err(wrong()) };
        let texts = items.into_iter().map(|item| match item {
            Value::String(text) => Ok(text),
            _ => Err(wrong()),
        });
        texts.collect::<Result<_, _>>().map(Some)
    }

    /// A list of structures that must be there.
    pub(crate) fn required_structures(&mut self, name: &str) -> Result<Vec<Self>, LogsError> {
        match self.take(name) {
            None => Err(missing(name)),
            Some(Value::Array(items)) => items.into_iter().map(Self::of).collect(),
            Some(_) => Err(wrong_type(name, "a list")),
        }
    }

    /// An option that AWS has and this service knows only with one value.
    pub(crate) fn only(&mut self, name: &str, value: &Value) -> Result<(), LogsError> {
        match self.take(name) {
            Some(other) if other != *value => Err(LogsError::invalid(format!(
                "the embedded AWS does not implement the parameter {name} with a value other than {value}"
            ))),
            _ => Ok(()),
        }
    }

    /// Refuses what was not read.
    pub(crate) fn finish(self) -> Result<(), LogsError> {
        match self.left.iter().find(|(_, value)| !value.is_null()) {
            None => Ok(()),
            Some((name, _)) => {
                Err(LogsError::invalid(format!("the embedded AWS does not implement the parameter {name}")))
            }
        }
    }
}

fn missing(name: &str) -> LogsError {
    LogsError::invalid(format!("the parameter {name} is missing"))
}

fn wrong_type(name: &str, wanted: &str) -> LogsError {
    LogsError::Serialization(format!("{name} must be {wanted}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_read_is_refused_by_name() {
        let mut parameters = Parameters::of(json!({"a": "x", "kmsKeyId": "k", "tags": null})).unwrap();
        assert_eq!(parameters.text("a").unwrap().as_deref(), Some("x"));
        assert!(parameters.finish().unwrap_err().to_string().contains("kmsKeyId"));
        assert!(Parameters::of(json!({"tags": null})).unwrap().finish().is_ok());
    }

    #[test]
    fn counts_have_a_range() {
        let count = |value| Parameters::of(json!({ "limit": value })).unwrap().count("limit", 50);
        assert_eq!(count(json!(50)).unwrap(), 50);
        assert_eq!(count(json!(null)).unwrap(), 50);
        for wrong in [json!(0), json!(51), json!(-1), json!(1.5), json!("1")] {
            assert!(count(wrong).is_err());
        }
    }

    #[test]
    fn an_option_may_say_what_is_done_anyway() {
        let only = |value| Parameters::of(json!({ "unmask": value })).unwrap().only("unmask", &json!(false));
        assert!(only(json!(false)).is_ok());
        assert!(only(json!(true)).unwrap_err().to_string().contains("unmask"));
    }
}
