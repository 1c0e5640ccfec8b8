//! The arguments of a step: what is known, and what earlier steps have found.

use crate::model::task::{Argument, PlannedStep, Reference, StepId};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The most that the arguments of a step may have as JSON, in bytes.
const MOST: usize = 64 * 1024;

/// Why the arguments of a step are not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ArgumentsError {
    /// An earlier step has found nothing at the place.
    #[error(
        "Its argument {name} is what step {} should have found at {}, and there is nothing.",
        .reference.step,
        .reference.pointer
    )]
    NotFound {
        /// The argument.
        name: String,
        /// The place.
        reference: Reference,
    },
    /// They are larger than arguments may be.
    #[error("Its arguments have {0} bytes; at most {MOST} are sent.")]
    TooLarge(usize),
}

/// The arguments of a step that takes nothing that others find; none where it does.
pub(super) fn known(step: &PlannedStep) -> Option<Value> {
    let values = step.arguments.iter().map(|(name, argument)| match argument {
        Argument::Value(value) => Some((name.clone(), value.clone())),
        Argument::From(_) => None,
    });
    values.collect::<Option<Map<_, _>>>().map(Value::Object)
}

/// The arguments of a step as they are sent.
pub(super) fn resolve(step: &PlannedStep, found: &BTreeMap<StepId, Value>) -> Result<Value, ArgumentsError> {
    let mut arguments = Map::new();
    for (name, argument) in &step.arguments {
        let value = match argument {
            Argument::Value(value) => value.clone(),
            Argument::From(reference) => {
                let value = found.get(&reference.step).and_then(|found| found.pointer(&reference.pointer));
                let missing =
                    || ArgumentsError::NotFound { name: name.clone(), reference: reference.clone() };
                value.filter(|value| !value.is_null()).ok_or_else(missing)?.clone()
            }
        };
        arguments.insert(name.clone(), value);
    }
    let arguments = Value::Object(arguments);
    let length = arguments.to_string().len();
    if length > MOST { Err(ArgumentsError::TooLarge(length)) } else { Ok(arguments) }
}

/// What names exactly this call: the step, for which time it is done, the tool, and its arguments in any order.
pub(super) fn digest(task: &str, step: &PlannedStep, generation: u32, arguments: &Value) -> String {
    let mut digest = Sha256::new();
    for part in [task, &step.id.0, &generation.to_string(), &step.tool, &sorted(arguments).to_string()] {
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part.as_bytes());
    }
    hex::encode(digest.finalize())
}

/// The same value with the fields of objects in one order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> =
                fields.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::task::Risk;
    use serde_json::json;

    fn step(arguments: &[(&str, Argument)]) -> PlannedStep {
        PlannedStep {
            id: StepId::at(2),
            title: "Changes a title".to_owned(),
            tool: "update_release_data".to_owned(),
            arguments: arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
            after: vec![StepId::at(1)],
            risk: Risk::High,
            optional: false,
            expected_millis: 1,
            expected_micro_dollars: 0,
        }
    }

    fn from(pointer: &str) -> Argument {
        Argument::From(Reference { step: StepId::at(1), pointer: pointer.to_owned() })
    }

    #[test]
    fn what_an_earlier_step_has_found_is_sent_and_what_it_has_not_is_told() {
        let found = BTreeMap::from([(StepId::at(1), json!({ "rows": [{ "id": "rel_1", "none": null }] }))]);
        let known = Argument::Value(json!(7));
        let sent = resolve(&step(&[("id", from("/rows/0/id")), ("version", known)]), &found);
        assert_eq!(sent, Ok(json!({ "id": "rel_1", "version": 7 })));
        for nothing in ["/rows/1/id", "/rows/0/none", "rows"] {
            let missing = resolve(&step(&[("id", from(nothing))]), &found);
            assert!(matches!(missing, Err(ArgumentsError::NotFound { .. })), "{nothing}: {missing:?}");
        }
        let large = Argument::Value(json!("x".repeat(MOST)));
        assert!(matches!(resolve(&step(&[("text", large)]), &found), Err(ArgumentsError::TooLarge(_))));
    }

    #[test]
    fn a_digest_names_exactly_one_call() {
        let step = step(&[]);
        let one = digest("01a", &step, 1, &json!({ "a": 1, "b": { "x": 1, "y": 2 } }));
        assert_eq!(one, digest("01a", &step, 1, &json!({ "b": { "y": 2, "x": 1 }, "a": 1 })));
        for other in [
            digest("01a", &step, 1, &json!({ "a": 1, "b": { "x": 1, "y": 3 } })),
            digest("01a", &step, 2, &json!({ "a": 1, "b": { "x": 1, "y": 2 } })),
            digest("01b", &step, 1, &json!({ "a": 1, "b": { "x": 1, "y": 2 } })),
        ] {
            assert_ne!(one, other);
        }
    }
}
