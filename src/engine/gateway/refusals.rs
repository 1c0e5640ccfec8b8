//! Calls of which their sender knows that they are wrong: refused like any other, on record, never done.

use super::error::{CallError, CallErrorKind};
use super::{Gateway, Origin, Principal, Visit, redaction};
use crate::engine::tools::{Class, choices};
use crate::model::field::FieldError;
use serde_json::{Map, Value};

impl Gateway {
    /// Refuses a tool for a form that could not be read into its arguments. `arguments` has what could be
    /// read, and as a text what could not; `wrong` is what the form says of its fields.
    pub fn refuse_tool(
        &self,
        principal: &Principal,
        origin: &Origin,
        name: &str,
        arguments: Map<String, Value>,
        wrong: Vec<FieldError>,
    ) -> CallError {
        let arguments = Value::Object(arguments);
        let mut visit = Visit {
            foreign: self.registry.find(name).is_none(),
            ..Visit::new(principal, origin, name, Class::Call, redaction::arguments(&arguments))
        };
        if let Err(refused) = self.admit_to_refuse(&mut visit) {
            return refused;
        }
        let error = match self.callable(name) {
            Ok(tool) => not_filled_in(&arguments, wrong, tool.check(&arguments).err().unwrap_or_default()),
            Err(unknown) => unknown,
        };
        self.refuse(&visit, error)
    }
}

/// The error for a form: its own messages, which are the plainer ones, and what only the schema knows.
fn not_filled_in(arguments: &Value, wrong: Vec<FieldError>, found: Vec<FieldError>) -> CallError {
    if let Some(error) = outside_allow_list(arguments, &wrong).filter(|_| found.is_empty()) {
        return CallError { fields: wrong, ..error };
    }
    let further: Vec<FieldError> = found
        .into_iter()
        .filter(|found| !wrong.iter().any(|told| covers(&told.field, &found.field)))
        .collect();
    let fields: Vec<FieldError> = wrong.into_iter().chain(further).collect();
    // What is said of the whole has no name.
    let names = fields.iter().map(|wrong| wrong.field.as_str()).filter(|name| !name.is_empty());
    let names: Vec<&str> = names.collect();
    let message =
        format!("The tool was not run, because the form is not filled in correctly: {}.", names.join(", "));
    let error = CallError::new(CallErrorKind::Invalid, message, "See the messages at the fields.");
    CallError { fields, ..error }
}

/// Whether what is said of a field is about this place in it, too.
fn covers(field: &str, place: &str) -> bool {
    place.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The error where nothing is wrong but that a table, a bucket or the like is not on its allow list.
fn outside_allow_list(arguments: &Value, wrong: &[FieldError]) -> Option<CallError> {
    let place = |wrong: &FieldError| {
        let name = arguments.get(&wrong.field).and_then(Value::as_str)?;
        choices::names_a_place(&wrong.field).then(|| format!("{} {name:?}", wrong.field))
    };
    let names: Option<Vec<String>> = wrong.iter().map(place).collect();
    let names = names.filter(|names| !names.is_empty())?;
    let message = format!("This is not configured here: {}.", names.join(", "));
    Some(CallError::new(CallErrorKind::Forbidden, message, "Choose one of the list."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wrong(field: &str) -> FieldError {
        FieldError::new(field, "said by the form")
    }

    #[test]
    fn what_the_form_says_of_a_field_stands_in_place_of_what_the_schema_says() {
        let found = vec![
            FieldError::new("updateData.releaseDate", "said by the schema"),
            FieldError::new("updateDate", "there is no argument of this name"),
        ];
        let error = not_filled_in(&json!({}), vec![wrong("updateData")], found);
        assert_eq!(error.kind, CallErrorKind::Invalid);
        let fields: Vec<_> = error.fields.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(fields, ["updateData", "updateDate"]);
        assert!(error.message.ends_with("updateData, updateDate."), "{}", error.message);
    }

    #[test]
    fn a_place_outside_its_allow_list_is_forbidden_where_nothing_else_is_wrong() {
        let arguments = json!({ "tableName": "users", "limit": "many" });
        let forbidden = not_filled_in(&arguments, vec![wrong("tableName")], Vec::new());
        assert_eq!(forbidden.kind, CallErrorKind::Forbidden);
        assert!(forbidden.message.contains("tableName \"users\""), "{}", forbidden.message);
        let both = not_filled_in(&arguments, vec![wrong("tableName"), wrong("limit")], Vec::new());
        assert_eq!(both.kind, CallErrorKind::Invalid);
        let missing = not_filled_in(&json!({}), vec![wrong("tableName")], Vec::new());
        assert_eq!(missing.kind, CallErrorKind::Invalid);
    }
}
