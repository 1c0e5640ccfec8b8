//! Tools of the older era that ask the client while they run.
#![expect(deprecated, reason = "the older era lets a server ask for samples")]

use rmcp::model::{
    CallToolRequestParams, CallToolResult, ContentBlock, CreateMessageRequestParams, ElicitRequestParams,
    SamplingMessage,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::{Value, json};

/// The answer of such a tool; none if it is not one of these.
pub(crate) async fn call(
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Option<Result<CallToolResult, ErrorData>> {
    let argument = |name: &str| {
        let given = request.arguments.as_ref().and_then(|given| given.get(name)).and_then(Value::as_str);
        given.unwrap_or_default().to_owned()
    };
    Some(match request.name.as_ref() {
        "test_sampling" => sample(context, argument("prompt")).await,
        "test_elicitation" => {
            let schema = json!({
                "type": "object",
                "properties": {
                    "username": { "type": "string", "description": "User's response" },
                    "email": { "type": "string", "description": "User's email address" },
                },
                "required": ["username", "email"],
            });
            elicit(context, &argument("message"), schema, "User response").await
        }
        "test_elicitation_sep1034_defaults" => {
            elicit(context, "Please look at these", defaults(), "Elicitation completed").await
        }
        "test_elicitation_sep1330_enums" => {
            elicit(context, "Please choose", enums(), "Elicitation completed").await
        }
        _ => return None,
    })
}

async fn sample(context: &RequestContext<RoleServer>, prompt: String) -> Result<CallToolResult, ErrorData> {
    let asked = CreateMessageRequestParams::new(vec![SamplingMessage::user_text(prompt)], 100);
    let said = context.peer.create_message(asked).await.map_err(failed)?;
    let said = json!(said);
    let text = said["content"]["text"].as_str().unwrap_or_default();
    Ok(CallToolResult::success(vec![ContentBlock::text(format!("LLM response: {text}"))]))
}

async fn elicit(
    context: &RequestContext<RoleServer>,
    message: &str,
    schema: Value,
    begins: &str,
) -> Result<CallToolResult, ErrorData> {
    let asked = json!({ "mode": "form", "message": message, "requestedSchema": schema });
    let asked: ElicitRequestParams = serde_json::from_value(asked).map_err(failed)?;
    let answer = json!(context.peer.create_elicitation(asked).await.map_err(failed)?);
    let action = answer["action"].as_str().unwrap_or_default();
    let text = format!("{begins}: action={action}, content={}", answer["content"]);
    Ok(CallToolResult::success(vec![ContentBlock::text(text)]))
}

fn defaults() -> Value {
    json!({ "type": "object", "properties": {
        "name": { "type": "string", "default": "John Doe" },
        "age": { "type": "integer", "default": 30 },
        "score": { "type": "number", "default": 95.5 },
        "status": { "type": "string", "enum": ["active", "inactive", "pending"], "default": "active" },
        "verified": { "type": "boolean", "default": true },
    } })
}

fn enums() -> Value {
    let titled = |titles: [&str; 3]| {
        let options = titles.iter().zip(["value1", "value2", "value3"]);
        options.map(|(title, value)| json!({ "const": value, "title": title })).collect::<Vec<_>>()
    };
    let options = ["option1", "option2", "option3"];
    json!({ "type": "object", "properties": {
        "untitledSingle": { "type": "string", "enum": options },
        "titledSingle": { "type": "string", "oneOf": titled(["First Option", "Second Option", "Third Option"]) },
        "legacyEnum": {
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        "untitledMulti": { "type": "array", "items": { "type": "string", "enum": options } },
        "titledMulti": { "type": "array", "items": { "anyOf": titled(["First Choice", "Second Choice", "Third Choice"]) } },
    } })
}

fn failed(error: impl std::fmt::Display) -> ErrorData {
    ErrorData::internal_error(error.to_string(), None)
}
