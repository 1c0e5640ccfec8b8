//! What happens, told to pages as it happens (server-sent events).

mod answer;
mod audit;
mod health;

pub(super) use answer::answer;
pub(super) use audit::audit;
pub(super) use health::health;

use axum::http::{HeaderName, HeaderValue};

/// Tells proxies to pass on each event at once.
const BUFFERING: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
