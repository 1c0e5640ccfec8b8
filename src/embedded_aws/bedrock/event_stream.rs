//! Frames of `application/vnd.amazon.eventstream`, one for each event.

use aws_smithy_eventstream::frame;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::Stream;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::embedded_aws::protocol::Protocol;

/// The frame of an event.
pub(super) fn event(kind: &'static str, json: &Value) -> Bytes {
    message(":event-type", "event", kind, json)
}

/// The frame of an error that comes in the middle of a stream, and ends it.
pub(super) fn exception(kind: &'static str, message_text: &str) -> Bytes {
    message(":exception-type", "exception", kind, &serde_json::json!({ "message": message_text }))
}

fn message(kind_header: &'static str, message_type: &'static str, kind: &'static str, json: &Value) -> Bytes {
    let header =
        |name: &'static str, value: &'static str| Header::new(name, HeaderValue::String(value.into()));
    let message = Message::new(json.to_string())
        .add_header(header(":message-type", message_type))
        .add_header(header(kind_header, kind))
        .add_header(header(":content-type", "application/json"));
    let mut frame = Vec::new();
    if let Err(error) = frame::write_message_to(&message, &mut frame) {
        // Only headers that are too long cannot be written.
        tracing::error!(%error, "an event of a stream could not be written");
    }
    frame.into()
}

/// A response that sends frames as they come.
pub(super) fn respond(frames: impl Stream<Item = Bytes> + Send + 'static) -> Response {
    use futures::StreamExt;
    let body = Body::from_stream(frames.map(Ok::<_, std::convert::Infallible>));
    let mut response = Protocol::RestJson.success(body);
    let content_type = http::HeaderValue::from_static("application/vnd.amazon.eventstream");
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}
