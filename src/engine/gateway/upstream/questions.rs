//! What is answered when a server asks back in the middle of a call.
//!
//! Nobody sits at this end. Where the operator allows it, a form is answered with the values that the server
//! itself suggests; everything else is declined.

use crate::engine::config::Questions;
use rmcp::model::{
    ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationSchema, InputRequest, InputRequests,
    InputResponses,
};
use serde_json::{Map, Value};

/// The answer to a question.
pub(super) fn answer(questions: Questions, asked: &ElicitRequestParams) -> ElicitResult {
    let form = match asked {
        ElicitRequestParams::FormElicitationParams { requested_schema, .. }
            if questions == Questions::Defaults =>
        {
            suggested(requested_schema)
        }
        _ => None,
    };
    match form {
        Some(content) => ElicitResult::new(ElicitationAction::Accept).with_content(Value::Object(content)),
        None => ElicitResult::new(ElicitationAction::Decline),
    }
}

/// The answers to all that a server asks before it goes on with a call.
///
/// # Errors
/// What it asks for that cannot be given.
pub(super) fn answers(questions: Questions, asked: InputRequests) -> Result<InputResponses, &'static str> {
    let mut given = InputResponses::new();
    for (name, asked) in asked {
        let asked = match asked {
            InputRequest::Elicitation(asked) => asked.params,
            InputRequest::CreateMessage(_) => return Err("the words of a model"),
            InputRequest::ListRoots(_) => return Err("a list of folders"),
            _ => return Err("something that this client does not know"),
        };
        let answer = serde_json::to_value(answer(questions, &asked));
        given.insert(name, answer.map_err(|_| "something that cannot be answered")?);
    }
    Ok(given)
}

/// The fields of a form with the values that it suggests; none where it needs one that it does not suggest.
fn suggested(form: &ElicitationSchema) -> Option<Map<String, Value>> {
    let mut fields = Map::new();
    for (name, field) in &form.properties {
        let field = serde_json::to_value(field).ok()?;
        if let Some(value) = field.get("default").filter(|value| !value.is_null()) {
            fields.insert(name.clone(), value.clone());
        }
    }
    let complete = form.required.iter().flatten().all(|name| fields.contains_key(name));
    // A form without fields asks for a yes, which it cannot suggest.
    (complete && !fields.is_empty()).then_some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn form(properties: &Value, required: &Value) -> ElicitRequestParams {
        let asked = json!({
            "message": "Which seats?",
            "requestedSchema": { "type": "object", "properties": properties, "required": required }
        });
        serde_json::from_value(asked).expect("a form")
    }

    #[test]
    fn a_form_is_answered_with_what_it_suggests_where_that_is_allowed() {
        let properties = json!({
            "row": { "type": "string", "default": "A" },
            "seats": { "type": "integer", "default": 2 },
            "price": { "type": "number", "default": 19.5 },
            "kind": { "type": "string", "enum": ["standing", "seated"], "default": "seated" },
            "insured": { "type": "boolean", "default": false },
            "note": { "type": "string" }
        });
        let asked = form(&properties, &json!(["row"]));
        let given = answer(Questions::Defaults, &asked);
        assert_eq!(given.action, ElicitationAction::Accept);
        let expected = json!({
            "row": "A", "seats": 2, "price": 19.5, "kind": "seated", "insured": false
        });
        assert_eq!(given.content, Some(expected));
        assert_eq!(answer(Questions::Declined, &asked).action, ElicitationAction::Decline);
    }

    #[test]
    fn what_a_person_would_have_to_say_is_declined() {
        let asked = form(&json!({ "name": { "type": "string" } }), &json!(["name"]));
        assert_eq!(answer(Questions::Defaults, &asked).action, ElicitationAction::Decline);
        let asked = json!({
            "mode": "url", "message": "Pay here", "url": "https://pay.example", "elicitationId": "1"
        });
        let asked: ElicitRequestParams = serde_json::from_value(asked).expect("an address");
        assert_eq!(answer(Questions::Defaults, &asked).action, ElicitationAction::Decline);
    }
}
