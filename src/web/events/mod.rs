//! What happens, told to pages as it happens (server-sent events).

mod answer;
mod audit;
mod health;
mod task;

pub(super) use answer::answer;
pub(super) use audit::audit;
pub(super) use health::health;
pub(super) use task::{shared_task, task};

use axum::http::{HeaderName, HeaderValue};

/// Tells proxies to pass on each event at once.
const BUFFERING: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
