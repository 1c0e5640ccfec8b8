//! Tools of the newer era that need an answer before they are done.

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, InputRequest, InputRequests,
    InputRequiredResult, RequestStateCodec,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::{Value, json};

type Answer = Result<CallToolResponse, ErrorData>;

/// The answer of such a tool; none if it is not one of these.
pub(crate) fn call(request: &CallToolRequestParams, context: &RequestContext<RoleServer>) -> Option<Answer> {
    let given = |name: &str| request.input_responses.as_ref().and_then(|given| given.get(name));
    Some(match request.name.as_ref() {
        "test_input_required_result_elicitation" | "test_streaming_elicitation" => {
            match given("user_name").and_then(|answer| answer["content"]["name"].as_str()) {
                Some(name) => Ok(done(&format!("Hello, {name}!"))),
                None => ask(vec![("user_name", form("What is your name?", "name", "string"))], None),
            }
        }
        "test_input_required_result_sampling" => match given("capital_question") {
            Some(answer) => Ok(done(&format!("The model said: {}", answer["content"]))),
            None => ask(vec![("capital_question", sample("What is the capital of France?", 100))], None),
        },
        "test_input_required_result_list_roots" => match given("client_roots") {
            Some(answer) => Ok(done(&format!("The roots are: {}", answer["roots"]))),
            None => ask(vec![("client_roots", roots())], None),
        },
        "test_input_required_result_request_state" => {
            let question = || vec![("confirm", form("Please confirm", "ok", "boolean"))];
            stateful(request, "confirm", b"confirming", question, "state-ok")
        }
        "test_input_required_result_tampered_state" => {
            let question = || vec![("confirm", form("Please confirm", "ok", "boolean"))];
            stateful(request, "confirm", b"guarded", question, "The state is whole.")
        }
        "test_input_required_result_multiple_inputs" => {
            let questions = || {
                vec![
                    ("user_name", form("What is your name?", "name", "string")),
                    ("greeting", sample("Generate a greeting", 50)),
                    ("client_roots", roots()),
                ]
            };
            stateful(request, "client_roots", b"three", questions, "All three are here.")
        }
        "test_input_required_result_multi_round" => multi_round(request),
        "test_input_required_result_capabilities" => by_capabilities(context),
        _ => return None,
    })
}

/// Asks with a sealed state, and says `then` when both come back.
fn stateful(
    request: &CallToolRequestParams,
    expected: &str,
    state: &[u8],
    questions: impl FnOnce() -> Vec<(&'static str, Value)>,
    then: &str,
) -> Answer {
    let given = request.input_responses.as_ref().and_then(|given| given.get(expected));
    match (given, &request.request_state) {
        (Some(_), Some(sealed)) if open(sealed)? == state => Ok(done(then)),
        (_, Some(sealed)) => {
            open(sealed)?;
            ask(questions(), Some(state))
        }
        _ => ask(questions(), Some(state)),
    }
}

fn multi_round(request: &CallToolRequestParams) -> Answer {
    let state = request.request_state.as_deref().map(open).transpose()?;
    let given = |name: &str| request.input_responses.as_ref().is_some_and(|given| given.contains_key(name));
    match state.as_deref() {
        Some(b"round-1") if given("step1") => ask(
            vec![("step2", form("Step 2: What is your favorite color?", "color", "string"))],
            Some(b"round-2"),
        ),
        Some(b"round-2") if given("step2") => Ok(done("Both steps are done.")),
        _ => ask(vec![("step1", form("Step 1: What is your name?", "name", "string"))], Some(b"round-1")),
    }
}

/// Asks only what the client can answer.
fn by_capabilities(context: &RequestContext<RoleServer>) -> Answer {
    let can = context.client_capabilities().unwrap_or_default();
    let mut questions = Vec::new();
    if can.sampling.is_some() {
        questions.push(("capital_question", sample("What is the capital of France?", 100)));
    }
    if can.elicitation.is_some() {
        questions.push(("user_name", form("What is your name?", "name", "string")));
    }
    if questions.is_empty() { Ok(done("There is nothing to ask.")) } else { ask(questions, None) }
}

fn done(text: &str) -> CallToolResponse {
    CallToolResult::success(vec![ContentBlock::text(text)]).into()
}

fn ask(questions: Vec<(&'static str, Value)>, state: Option<&[u8]>) -> Answer {
    let requests = questions_of(questions)?;
    let state = state.map(|state| Ok::<_, ErrorData>(codec()?.seal(state))).transpose()?;
    Ok(InputRequiredResult::new(Some(requests), state).into())
}

/// Questions as the protocol writes them.
pub(crate) fn questions_of(questions: Vec<(&'static str, Value)>) -> Result<InputRequests, ErrorData> {
    let read = |(name, question): (&str, Value)| {
        let request: InputRequest = serde_json::from_value(question)
            .map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        Ok((name.to_owned(), request))
    };
    questions.into_iter().map(read).collect()
}

/// A question to the person.
pub(crate) fn form(message: &str, field: &str, kind: &str) -> Value {
    json!({ "method": "elicitation/create", "params": {
        "mode": "form",
        "message": message,
        "requestedSchema": { "type": "object", "properties": { field: { "type": kind } }, "required": [field] },
    } })
}

fn sample(text: &str, tokens: u32) -> Value {
    let message = json!({ "role": "user", "content": { "type": "text", "text": text } });
    json!({ "method": "sampling/createMessage", "params": { "messages": [message], "maxTokens": tokens } })
}

fn roots() -> Value {
    json!({ "method": "roots/list", "params": {} })
}

fn open(sealed: &str) -> Result<Vec<u8>, ErrorData> {
    codec()?.open(sealed).map_err(|error| ErrorData::invalid_params(error.to_string(), None))
}

fn codec() -> Result<RequestStateCodec, ErrorData> {
    RequestStateCodec::try_new(b"the conformance suite needs no secret".as_slice())
        .map_err(|error| ErrorData::internal_error(error.to_string(), None))
}
