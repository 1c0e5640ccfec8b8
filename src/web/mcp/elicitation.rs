//! Asks the person behind a client when arguments mean several things. Clients of the newer era answer by
//! calling again, with a state that only we can have made; those of the older era answer a request of ours.

use super::asked::Asked;
use super::handler::Handler;
use super::{tasks, tools};
use crate::engine::Engine;
use crate::engine::gateway::CallError;
use crate::engine::long_calls::KEPT;
use crate::model::tool::Choice;
use rmcp::model::{
    CallToolResponse, CallToolResult, ContentBlock, ElicitRequest, ElicitRequestParams, ElicitResult,
    ElicitationAction, ElicitationSchema, EnumSchema, InputRequest, InputRequests, InputRequiredResult,
    InputResponses, JsonObject, ProtocolVersion, RequestStateCodec, SealOptions,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;
use tokio::sync::OnceCell;

/// The name of our one question within a result.
const QUESTION: &str = "choice";

/// How long a question may stay open that belongs to no task.
const PATIENCE: Duration = Duration::from_mins(10);

/// The name of the secret that all instances share.
const SECRET: &str = "mcp-request-state";

/// What becomes of a question.
pub(super) enum Asking {
    /// It is answered: the arguments with which to go on.
    Settled(JsonObject),
    /// The call ends with this for now.
    Answer(CallToolResponse),
}

/// What an answer must fit to. Sealed, so that a client cannot choose what was not offered.
#[derive(Serialize, Deserialize)]
struct Open {
    argument: String,
    replaces: String,
    values: Vec<String>,
}

/// Seals what is sent to clients and comes back from them.
#[derive(Default)]
pub(super) struct Seals {
    codec: OnceCell<RequestStateCodec>,
}

impl Seals {
    async fn codec(&self, engine: &Engine) -> Result<&RequestStateCodec, ErrorData> {
        let make = async {
            // The SDK's requests take kilobytes, which lie in the futures of all who call this.
            let secret = Box::pin(engine.shared_secret(SECRET)).await;
            let secret = secret.map_err(|error| CallError::from(error).to_string())?;
            RequestStateCodec::try_new(secret).map_err(|error| error.to_string())
        };
        let codec = self.codec.get_or_try_init(|| make).await;
        codec.map_err(|message| ErrorData::internal_error(message, None))
    }
}

/// Asks which of several things is meant, where the client can ask its person; else the result says what
/// there is to choose from.
pub(super) async fn ask(
    handler: &Handler,
    asked: &Asked,
    tool: &str,
    arguments: JsonObject,
    error: &CallError,
    context: &RequestContext<RoleServer>,
) -> Result<Asking, ErrorData> {
    let failure = || Asking::Answer(tools::failure(error).into());
    let (Some(choice), true) = (&error.choice, can_ask(context)) else { return Ok(failure()) };
    let Some(question) = question(&error.message, choice) else { return Ok(failure()) };
    let open = Open {
        argument: choice.argument.clone(),
        replaces: choice.replaces.clone(),
        values: choice.options.iter().map(|option| option.value.clone()).collect(),
    };
    if context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28) {
        let bound = bound(asked, tool, &arguments);
        let options = SealOptions::new().associated_data(&bound).ttl(patience(context));
        let codec = handler.shared.seals.codec(handler.engine()).await?;
        let state = codec.seal_with(json!(open).to_string().as_bytes(), &options);
        let request = InputRequest::Elicitation(ElicitRequest::new(question));
        let requests = InputRequests::from([(QUESTION.to_owned(), request)]);
        return Ok(Asking::Answer(InputRequiredResult::new(Some(requests), Some(state)).into()));
    }
    let waiting = context.peer.create_elicitation_with_timeout(question, Some(PATIENCE));
    let answer = tokio::select! {
        answer = waiting => answer,
        () = context.ct.cancelled() => return Ok(failure()),
    };
    match answer {
        Ok(answer) => Ok(match apply(open, answer, arguments) {
            Ok(settled) => Asking::Settled(settled),
            Err(declined) => Asking::Answer(declined.into()),
        }),
        Err(problem) => {
            tracing::debug!(%problem, tool, "a client did not answer a question");
            Ok(failure())
        }
    }
}

/// The arguments with the answer to an earlier question, where the call has one.
pub(super) async fn settled(
    handler: &Handler,
    asked: &Asked,
    tool: &str,
    arguments: JsonObject,
    (answers, state): (Option<InputResponses>, Option<String>),
) -> Result<Asking, ErrorData> {
    let (Some(mut answers), Some(state)) = (answers, state) else { return Ok(Asking::Settled(arguments)) };
    let bound = bound(asked, tool, &arguments);
    let codec = handler.shared.seals.codec(handler.engine()).await?;
    let elsewhere = "This answer does not belong to a question that is open. Call the tool again without it.";
    let open = codec.open_with(&state, &bound).map_err(|_| ErrorData::invalid_params(elsewhere, None))?;
    let open: Open = serde_json::from_slice(&open).map_err(|_| ErrorData::invalid_params(elsewhere, None))?;
    let answer = answers.remove(QUESTION).unwrap_or_default();
    let Ok(answer) = serde_json::from_value(answer) else {
        let message =
            "The question was not answered. Call the tool again without an answer to be asked again.";
        return Ok(Asking::Answer(said(message).into()));
    };
    Ok(match apply(open, answer, arguments) {
        Ok(settled) => Asking::Settled(settled),
        Err(declined) => Asking::Answer(declined.into()),
    })
}

/// The arguments with what was chosen.
fn apply(open: Open, answer: ElicitResult, mut arguments: JsonObject) -> Result<JsonObject, CallToolResult> {
    if answer.action != ElicitationAction::Accept {
        return Err(said(&format!(
            "Nothing was done, because the question was not answered. {} may be: {}.",
            open.argument,
            open.values.join(", ")
        )));
    }
    let content = answer.content.unwrap_or_default();
    match content[&open.argument].as_str() {
        Some(chosen) if open.values.iter().any(|value| value == chosen) => {
            arguments.remove(&open.replaces);
            arguments.insert(open.argument, Value::String(chosen.to_owned()));
            Ok(arguments)
        }
        _ => Err(said(&format!("{} must be one of: {}.", open.argument, open.values.join(", ")))),
    }
}

/// To what a question belongs: to this caller, this tool, these arguments.
fn bound(asked: &Asked, tool: &str, arguments: &JsonObject) -> Vec<u8> {
    let digest = Sha256::digest(json!(arguments).to_string());
    format!("{}\n{tool}\n{}", asked.caller.principal.id, hex::encode(digest)).into_bytes()
}

/// How long an answer is taken. A question of a task waits as long as the task is kept; whether a call will
/// be one by the time its question is answered is not known when it is asked.
fn patience(context: &RequestContext<RoleServer>) -> Duration {
    if tasks::are_known(context) { KEPT } else { PATIENCE }
}

fn can_ask(context: &RequestContext<RoleServer>) -> bool {
    let elicitation = context.client_capabilities().and_then(|can| can.elicitation);
    // A client that names no form of it means the first one.
    elicitation.is_some_and(|can| can.form.is_some() || can.url.is_none())
}

fn question(message: &str, choice: &Choice) -> Option<ElicitRequestParams> {
    let values = choice.options.iter().map(|option| option.value.clone()).collect();
    let titles = choice.options.iter().map(|option| option.title.clone()).collect();
    let options = EnumSchema::builder(values).enum_titles(titles).ok()?.build();
    let schema =
        ElicitationSchema::builder().required_enum_schema(choice.argument.clone(), options).build().ok()?;
    let message = format!("{message} Which one is meant?");
    Some(ElicitRequestParams::FormElicitationParams { meta: None, message, requested_schema: schema })
}

fn said(message: &str) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(message)])
}
