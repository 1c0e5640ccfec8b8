//! Passing a call on to another instance that serves the same tool, and asking how that instance is.

use super::error::shortened;
use super::{Client, UpstreamError};
use crate::engine::gateway::passed_on::PassedOn;
use crate::engine::gateway::{CallError, CallErrorKind, IdempotencyKey};
use crate::engine::tools::Progress;
use crate::model::field::FieldError;
use crate::model::tool::Choice;
use rmcp::model::{CallToolRequestParams, CallToolResult, MetaObject, RequestMetaObject};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// The most that is read of an instance's answer: its largest file in base64, with what is around it.
pub(in crate::engine::gateway) const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// How long an instance may take to say how it is.
const PROBE: Duration = Duration::from_secs(5);

/// The most that is read of what it says.
const LARGEST_STATE: usize = 64 * 1024;

/// The field of `_meta` for changes that may be asked for again.
const IDEMPOTENCY_KEY: &str = "patchline/idempotencyKey";

/// A call that is passed on.
pub(in crate::engine::gateway) struct Errand<'a> {
    pub(in crate::engine::gateway) tool: &'a str,
    pub(in crate::engine::gateway) arguments: &'a Value,
    pub(in crate::engine::gateway) mark: &'a PassedOn,
    pub(in crate::engine::gateway) key: Option<&'a IdempotencyKey>,
    pub(in crate::engine::gateway) progress: &'a Progress,
}

/// What became of a call that was passed on.
pub(in crate::engine::gateway) enum Told {
    /// It was done; this is the result.
    Done(Value),
    /// The other instance says why it was not done.
    NotDone(CallError),
}

/// Passes a call on.
///
/// # Errors
/// When no answer came, or none that can be read.
pub(in crate::engine::gateway) async fn pass_on(
    client: &Client,
    errand: Errand<'_>,
) -> Result<Told, UpstreamError> {
    let mut meta = MetaObject::default();
    meta.insert(PassedOn::META.to_owned(), json!(errand.mark));
    if let Some(key) = errand.key {
        meta.insert(IDEMPOTENCY_KEY.to_owned(), json!(key.as_str()));
    }
    let mut params = CallToolRequestParams::new(errand.tool.to_owned());
    params.meta = Some(RequestMetaObject(meta));
    params.arguments = errand.arguments.as_object().cloned();
    told(client.call(params, errand.progress).await?)
}

fn told(result: CallToolResult) -> Result<Told, UpstreamError> {
    if result.is_error == Some(true) {
        let told = result.meta.and_then(|meta| meta.get("patchline/error").cloned());
        let told = told.and_then(|told| serde_json::from_value::<Refusal>(told).ok());
        let refusal = told.ok_or_else(|| UpstreamError::Lies("an error without a reason".to_owned()))?;
        return Ok(Told::NotDone(refusal.into()));
    }
    match result.structured_content {
        Some(output @ Value::Object(_)) => Ok(Told::Done(output)),
        _ => Err(UpstreamError::Lies("a result without its structured part".to_owned())),
    }
}

/// An error as the serving side tells it in `_meta`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refusal {
    kind: CallErrorKind,
    message: String,
    remedy: String,
    #[serde(default)]
    fields: Vec<FieldError>,
    choice: Option<Box<Choice>>,
    retry_after_seconds: Option<u64>,
    #[serde(default)]
    nothing_was_done: bool,
}

impl From<Refusal> for CallError {
    fn from(told: Refusal) -> Self {
        // The serving side adds the second that was begun.
        let wait = |seconds: u64| Duration::from_secs(seconds.saturating_sub(1));
        Self {
            fields: told.fields,
            choice: told.choice,
            retry_after: told.retry_after_seconds.map(wait),
            nothing_was_done: told.nothing_was_done,
            ..Self::new(told.kind, told.message, told.remedy)
        }
    }
}

/// Why an instance gets no calls.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::engine::gateway) enum Trouble {
    /// It cannot serve, as it says itself.
    #[error("The instance says that it cannot serve: {0}")]
    CannotServe(String),
    /// It cannot be asked, or does not answer as it should.
    #[error("The instance at {place} does not work: {error}.")]
    DoesNotWork {
        /// Where it is.
        place: String,
        /// What is wrong.
        error: UpstreamError,
    },
    /// It is the process that asks.
    #[error(
        "The address {0} is that of this very instance. Take the replica out of the file of MCP_UPSTREAMS."
    )]
    IsThisInstance(String),
}

/// Asks an instance whether it can serve, which makes it try its store, and whether it speaks MCP. `own` is
/// the id of the process that asks. Answers with the id of the process that is asked.
///
/// # Errors
/// Why not.
pub(in crate::engine::gateway) async fn probe(client: &Client, own: &str) -> Result<Option<String>, Trouble> {
    let does_not_work = |error| Trouble::DoesNotWork { place: client.place(), error };
    let asked = tokio::time::timeout(PROBE, state(client)).await;
    let said = asked.unwrap_or(Err(UpstreamError::TimedOut(PROBE))).map_err(does_not_work)?;
    if said.instance.as_deref() == Some(own) {
        return Err(Trouble::IsThisInstance(client.place()));
    }
    if let Some(reason) = said.reason {
        return Err(Trouble::CannotServe(shortened(&reason)));
    }
    client.connect().await.map_err(does_not_work)?;
    Ok(said.instance)
}

/// What an instance says of itself.
#[derive(Debug, Default, Deserialize)]
struct State {
    /// The id of its process.
    instance: Option<String>,
    /// Why it cannot serve; none when it can.
    reason: Option<String>,
}

async fn state(client: &Client) -> Result<State, UpstreamError> {
    let sent = client.get("/readyz").send().await;
    let mut answer = sent.map_err(|error| UpstreamError::of_http(&error))?;
    let ready = answer.status().is_success();
    if !ready && answer.status().as_u16() != 503 {
        return Err(UpstreamError::Status(answer.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| UpstreamError::of_http(&error))? {
        body.extend_from_slice(&piece);
        if body.len() > LARGEST_STATE {
            return Err(UpstreamError::TooLarge(LARGEST_STATE));
        }
    }
    let mut said = serde_json::from_slice::<State>(&body).unwrap_or_default();
    if ready {
        said.reason = None;
    } else {
        said.reason.get_or_insert_with(|| "it gives no reason.".to_owned());
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rmcp::model::ContentBlock;

    #[test]
    fn a_refusal_arrives_with_its_kind_its_fields_and_its_wait() {
        let told_there = json!({
            "kind": "unavailable", "message": "The table is away.", "remedy": "Wait.", "requestId": "req_1",
            "fields": [{ "field": "a", "message": "b" }], "retryAfterSeconds": 6
        });
        let meta = MetaObject(serde_json::Map::from_iter([("patchline/error".to_owned(), told_there)]));
        let result = CallToolResult::error(vec![ContentBlock::text("x")]).with_meta(Some(meta));
        let Ok(Told::NotDone(error)) = told(result) else { panic!("it is a refusal") };
        assert_eq!((error.kind, error.fields.len()), (CallErrorKind::Unavailable, 1));
        assert_eq!(error.retry_after, Some(Duration::from_secs(5)));
    }

    #[test]
    fn a_result_without_structure_is_none() {
        assert!(told(CallToolResult::success(vec![ContentBlock::text("x")])).is_err());
    }
}
