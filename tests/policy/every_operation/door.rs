//! The doors at which operations are asked for.

use crate::support::wav;
use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use serde_json::Value;

/// How an operation is asked for.
pub(super) enum Door {
    /// As a tool, at the page of tools.
    Tool(&'static str, Value),
    /// As a server function that takes JSON.
    Function(&'static str, Value),
    /// As a server function or a page that takes a form.
    Form(&'static str, &'static str),
    Get(String),
    Upload(String),
    /// A form without fields.
    Post(String),
    /// JSON at an address.
    Json(&'static str, Value),
    /// By programs with a key only, or not over HTTP at all: then it is asked whether it is offered.
    NoPage,
}

pub(super) fn function(name: &'static str, input: Value) -> Door {
    Door::Function(name, input)
}

pub(super) fn form(path: &'static str, fields: &'static str) -> Door {
    Door::Form(path, fields)
}

pub(super) fn get(path: impl Into<String>) -> Door {
    Door::Get(path.into())
}

pub(super) fn upload(path: impl Into<String>) -> Door {
    Door::Upload(path.into())
}

pub(super) fn post(path: impl Into<String>) -> Door {
    Door::Post(path.into())
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

impl Door {
    pub(super) fn request(&self) -> Option<Request<Body>> {
        let mut request = match self {
            Door::Tool(name, arguments) => {
                let fields = format!("tool={name}&arguments={}", encoded(&arguments.to_string()));
                sent("/fn/run-tool", FORM, fields)
            }
            Door::Function(name, input) => sent(&format!("/fn/{name}"), JSON, input.to_string()),
            Door::Form(path, fields) => sent(path, FORM, *fields),
            Door::Get(path) => Request::get(path).body(Body::empty()).expect("a request"),
            Door::Post(path) => sent(path, FORM, Body::empty()),
            Door::Json(path, input) => sent(path, JSON, input.to_string()),
            Door::Upload(path) => Request::put(path).body(Body::from(wav())).expect("a request"),
            Door::NoPage => return None,
        };
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static(JSON));
        Some(request)
    }
}

fn sent(path: &str, content_type: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::post(path).header(header::CONTENT_TYPE, content_type);
    request.body(body.into()).expect("a request")
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
