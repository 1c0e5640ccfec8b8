//! What every MCP request passes before the protocol reads it: where it comes from, who sends it, whether
//! it can be read in one way only.

use super::LARGEST_MESSAGE;
use super::sessions::Sessions;
use super::strict_json::Strict;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind, Channel};
use crate::web::caller::Caller;
use crate::web::error::status;
use crate::web::oauth;
use crate::web::streams::{OpenStream, Streams};
use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::StreamExt;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// The header that names a session.
pub(super) const SESSION: &str = "mcp-session-id";

/// The header that names the revision of the protocol; revisions are dates.
const VERSION: &str = "mcp-protocol-version";
const FIRST_WITHOUT_SESSIONS: &[u8] = b"2026-07-28";

/// Errors of JSON-RPC.
const NOT_JSON: i32 = -32700;
const NOT_A_REQUEST: i32 = -32600;
/// An error of the transport, outside of the protocol's own.
const REFUSED: i32 = -32000;

/// For how long a client of the older era listens at most: then it comes again, and so its key is looked at again.
pub(super) const LONGEST: Duration = Duration::from_mins(15);

/// What the door knows.
#[derive(Clone)]
pub(super) struct Door {
    engine: Engine,
    sessions: Sessions,
    streams: Streams,
}

impl Door {
    pub(super) fn new(engine: Engine, sessions: Sessions, streams: Streams) -> Self {
        Self { engine, sessions, streams }
    }
}

/// What a message says of itself. The protocol reads the rest.
#[derive(Deserialize)]
struct Envelope {
    jsonrpc: Option<Value>,
    /// An id that is null is there, and wrong.
    #[serde(default, deserialize_with = "present")]
    id: Option<Value>,
    method: Option<Value>,
    #[serde(default, deserialize_with = "present")]
    result: Option<Value>,
    error: Option<Value>,
}

/// A field that is there, even if it is null.
fn present<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(field).map(Some)
}

/// A request that goes no further.
struct Refusal {
    /// The id of the request, or null where it is not known.
    id: Value,
    status: StatusCode,
    code: i32,
    message: String,
    retry_after: Option<Duration>,
    /// The error, where it is on record already.
    recorded: Option<Box<CallError>>,
}

impl Refusal {
    fn new(status: StatusCode, code: i32, message: impl Into<String>) -> Self {
        Self { id: Value::Null, status, code, message: message.into(), retry_after: None, recorded: None }
    }

    /// The same for a request that was read, so that its sender knows which one it was.
    fn of(self, request: &Envelope) -> Self {
        Self { id: request.id.clone().unwrap_or_default(), ..self }
    }
}

/// No room for one more stream.
impl From<CallError> for Refusal {
    fn from(error: CallError) -> Self {
        let status = status(error.kind);
        Self { retry_after: error.retry_after, ..Self::new(status, REFUSED, error.to_string()) }
    }
}

/// What a call of a tool says of itself.
#[derive(Deserialize)]
struct ToolCall {
    params: CalledTool,
}

#[derive(Deserialize)]
struct CalledTool {
    name: String,
}

/// What is let in.
struct Admitted {
    body: Bytes,
    /// The place of a stream that stays open until its client closes it.
    stream: Option<OpenStream>,
}

/// Lets a request in, or says why not.
pub(super) async fn enter(State(door): State<Door>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut caller = match Caller::identify(&parts, &door.engine, Channel::Mcp).await {
        Ok(caller) => caller,
        Err(error) => return error.into_response(),
    };
    let session = parts.headers.get(SESSION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    // The id itself opens the session; what is recorded only tells sessions apart.
    caller.origin.session = session.as_deref().map(|id| hex::encode(&Sha256::digest(id)[..8]));
    let admitted = async {
        check_sender(&parts)?;
        if let Some(session) = &session
            && !is_modern(&parts)
            && !door.sessions.is_of(session, &caller.principal.id).await
        {
            let message = "There is no such session. Begin a new one with initialize.";
            return Err(Refusal::new(StatusCode::NOT_FOUND, REFUSED, message));
        }
        if parts.method == Method::POST {
            read(&door, body, session.is_some(), &caller).await
        } else {
            let listens = parts.method == Method::GET;
            let stream = listens.then(|| door.streams.open(&caller.principal.id)).transpose()?;
            Ok(Admitted { body: Bytes::new(), stream })
        }
    };
    let Admitted { body, stream } = match admitted.await {
        Ok(admitted) => admitted,
        Err(refusal) => return refuse(&door, &caller, &parts, refusal),
    };
    let principal = caller.principal.id.clone();
    let method = parts.method.clone();
    if let Some(session) = &session
        && !is_modern(&parts)
    {
        door.sessions.callers().seen(session, &caller).await;
    }
    let longest = caller.principal.time_left().map_or(LONGEST, |left| left.min(LONGEST));
    // Until its answer is there: the end of streams would cut it off with them.
    let under_way = door.engine.request_under_way();
    parts.extensions.insert(caller);
    let mut response = next.run(Request::from_parts(parts, Body::from(body))).await;
    drop(under_way);
    if let Some(begun) = response.headers().get(SESSION).and_then(|value| value.to_str().ok()) {
        door.sessions.begun(begun, &principal).await;
    }
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    if method == Method::DELETE && response.status() == StatusCode::ACCEPTED {
        // The session has ended already; clients take 202 for a failure.
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    match stream {
        Some(stream) if method == Method::GET => stream.until_read(ending(response, longest)),
        Some(stream) => stream.until_read(response),
        None => response,
    }
}

/// The same answer, which ends after a time though there would be more.
fn ending(response: Response, after: Duration) -> Response {
    response.map(|body| Body::from_stream(body.into_data_stream().take_until(tokio::time::sleep(after))))
}

/// Whether the request is of the newer era, which has no sessions and ignores their header.
fn is_modern(parts: &Parts) -> bool {
    parts.headers.get(VERSION).is_some_and(|version| version.as_bytes() >= FIRST_WITHOUT_SESSIONS)
}

/// Pages of other sites and cookies have no business here.
fn check_sender(parts: &Parts) -> Result<(), Refusal> {
    if parts.headers.contains_key(header::COOKIE) {
        let message = "Cookies are not accepted here. Send a key as a bearer token, or nothing.";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, REFUSED, message));
    }
    let Some(origin) = parts.headers.get(header::ORIGIN) else { return Ok(()) };
    let host = parts.uri.authority().map(|authority| authority.as_str().as_bytes());
    let host = host.or_else(|| parts.headers.get(header::HOST).map(HeaderValue::as_bytes));
    let of_this_host = [b"http://".as_slice(), b"https://"].into_iter().any(|scheme| {
        let named = origin.as_bytes().strip_prefix(scheme);
        named.is_some() && named == host
    });
    if of_this_host {
        return Ok(());
    }
    Err(Refusal::new(StatusCode::FORBIDDEN, REFUSED, "Pages of other sites may not call this."))
}

/// The message, if it is one, and can be read in one way only.
async fn read(door: &Door, body: Body, has_session: bool, caller: &Caller) -> Result<Admitted, Refusal> {
    let body = match Limited::new(body, LARGEST_MESSAGE).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            let message = "The message is larger than 4 MiB. Send large files to an address of \
                           create_upload_url, or to PUT /upload/audio.";
            return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, NOT_A_REQUEST, message));
        }
        Err(error) => {
            let message = format!("The message could not be read: {error}.");
            return Err(Refusal::new(StatusCode::BAD_REQUEST, NOT_JSON, message));
        }
    };
    let wrong = |code, message| Refusal::new(StatusCode::BAD_REQUEST, code, message);
    Strict::check(&body).map_err(|error| {
        let code = if Strict::is_repetition(&error) { NOT_A_REQUEST } else { NOT_JSON };
        wrong(code, format!("The message is not strict JSON: {error}."))
    })?;
    let envelope = envelope(&body).ok_or_else(|| {
        wrong(NOT_A_REQUEST, "The message is not a JSON-RPC object; batches are not taken.".to_owned())
    })?;
    check(&envelope).map_err(|message| wrong(NOT_A_REQUEST, message.to_owned()))?;
    check_token(door, &envelope, &body, caller).map_err(|refusal| refusal.of(&envelope))?;
    let stream = admit(door, &envelope, has_session, caller).await;
    Ok(Admitted { body, stream: stream.map_err(|refusal| refusal.of(&envelope))? })
}

/// Whether an access token is for the tool that a message calls. Clients ask for another token where HTTP says so,
/// not where the answer of a tool does.
fn check_token(door: &Door, envelope: &Envelope, body: &[u8], caller: &Caller) -> Result<(), Refusal> {
    let is_call = envelope.method.as_ref().is_some_and(|asked| asked == "tools/call");
    if !is_call || caller.principal.token().is_none() {
        return Ok(());
    }
    // What cannot be read is told by the protocol.
    let Ok(ToolCall { params }) = serde_json::from_slice(body) else { return Ok(()) };
    match door.engine.gateway.refuse_beyond_token(&caller.principal, &caller.origin, &params.name) {
        None => Ok(()),
        Some(error) => {
            let refusal = Refusal::new(StatusCode::FORBIDDEN, REFUSED, error.to_string());
            Err(Refusal { recorded: Some(Box::new(error)), ..refusal })
        }
    }
}

/// Whether there is room for what a message begins; the place of a stream, if it is one.
async fn admit(
    door: &Door,
    envelope: &Envelope,
    has_session: bool,
    caller: &Caller,
) -> Result<Option<OpenStream>, Refusal> {
    let asks_for = |method: &str| envelope.method.as_ref().is_some_and(|asked| asked == method);
    if !has_session && asks_for("initialize") && !door.sessions.has_room().await {
        let message = "There are too many sessions. Try again in some minutes.";
        return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, REFUSED, message));
    }
    let listens = asks_for("subscriptions/listen");
    listens.then(|| door.streams.open(&caller.principal.id)).transpose().map_err(Refusal::from)
}

/// What a message says of itself, if it is an object. A list would be read as the fields in their order.
fn envelope(body: &[u8]) -> Option<Envelope> {
    let is_object = body.trim_ascii_start().starts_with(b"{");
    is_object.then(|| serde_json::from_slice(body).ok()).flatten()
}

fn check(envelope: &Envelope) -> Result<(), &'static str> {
    if envelope.jsonrpc.as_ref().is_none_or(|version| version != "2.0") {
        return Err("The field jsonrpc is not \"2.0\".");
    }
    if envelope.method.as_ref().is_some_and(|method| !method.is_string()) {
        return Err("The field method is not a text.");
    }
    if envelope.method.is_none() && envelope.result.is_none() && envelope.error.is_none() {
        return Err("The message is neither a request nor a notification nor an answer.");
    }
    match &envelope.id {
        Some(Value::String(_)) => Ok(()),
        Some(Value::Number(number)) if number.is_i64() || number.is_u64() => Ok(()),
        None if envelope.method.is_some() => Ok(()),
        None => Err("An answer has to name the request that it answers in the field id."),
        Some(_) => Err("The field id is neither a text nor a whole number."),
    }
}

/// Says why a request goes no further, and records it.
fn refuse(door: &Door, caller: &Caller, parts: &Parts, refusal: Refusal) -> Response {
    let kind = match refusal.status {
        StatusCode::FORBIDDEN => CallErrorKind::Forbidden,
        StatusCode::NOT_FOUND => CallErrorKind::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => CallErrorKind::TooLarge,
        StatusCode::SERVICE_UNAVAILABLE => CallErrorKind::Unavailable,
        StatusCode::TOO_MANY_REQUESTS => CallErrorKind::TooManyRequests,
        _ => CallErrorKind::Invalid,
    };
    let record = || {
        let operation = format!("{} {}", parts.method, parts.uri.path());
        let error = CallError::new(kind, refusal.message.clone(), "");
        let error = CallError { retry_after: refusal.retry_after, ..error };
        door.engine.gateway.refused(&caller.principal, &caller.origin, &operation, error)
    };
    let error = refusal.recorded.map_or_else(record, |recorded| *recorded);
    let data = json!({ "requestId": error.request_id });
    let answer = json!({
        "jsonrpc": "2.0",
        "id": refusal.id,
        "error": { "code": refusal.code, "message": refusal.message, "data": data },
    });
    let mut response = (refusal.status, Json(answer)).into_response();
    if let Some(seconds) = error.retry_after_seconds() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if error.challenge.is_some() {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, oauth::challenge(&error));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    #[test]
    fn fuzz_envelope_of_a_message() {
        let seeds: [&[u8]; 5] = [
            br#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{}}}"#,
            br#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"x"}}"#,
            br#"{"jsonrpc":"2.0","id":"x","result":null}"#,
            br#"{"jsonrpc":"2.0","id":7,"error":{"code":-32600,"message":"m"}}"#,
            br#"["2.0",1,"tools/list",null,null]"#,
        ];
        let words = ["\"jsonrpc\":\"2.0\",", "\"id\":null,", "\"id\":1.5,", "\"method\":", "[", "{}", "}"];
        fuzzing::bytes(500, &seeds, &words, |body| {
            if Strict::check(body).is_err() {
                return;
            }
            let Some(read) = envelope(body).filter(|read| check(read).is_ok()) else { return };
            let message: Value = serde_json::from_slice(body).expect("strict JSON is JSON");
            let message = message.as_object().expect("a message is an object");
            assert_eq!(message.get("jsonrpc"), Some(&json!("2.0")));
            let id = message.get("id");
            assert!(id.is_none_or(|id| id.is_string() || id.is_i64() || id.is_u64()), "{id:?}");
            assert_eq!(message.get("method").filter(|method| !method.is_null()), read.method.as_ref());
            assert!(read.method.is_none_or(|method| method.is_string()));
        });
    }
}
