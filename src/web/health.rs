//! Whether the process lives (`/livez`), and whether it can serve (`/readyz`).

use crate::engine::Engine;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// The last probe of the store, kept for a moment, so that probes do not become load.
#[derive(Clone)]
pub(super) struct Readiness {
    engine: Engine,
    age: Duration,
    last: Arc<Mutex<Option<Probe>>>,
}

/// When the store was probed, and what is wrong with it, if anything.
type Probe = (Instant, Result<(), String>);

impl Readiness {
    pub(super) fn new(engine: Engine, age: Duration) -> Self {
        Self { engine, age, last: Arc::default() }
    }

    async fn probe(&self) -> Result<(), String> {
        let mut last = self.last.lock().await;
        if let Some((at, result)) = &*last
            && at.elapsed() < self.age
        {
            return result.clone();
        }
        let result = self.engine.probe().await;
        *last = Some((Instant::now(), result.clone()));
        result
    }
}

/// `GET /livez`
pub(super) async fn live() -> &'static str {
    "alive\n"
}

/// `GET /readyz`
pub(super) async fn ready(State(readiness): State<Readiness>) -> (StatusCode, Json<Value>) {
    let sample_label = readiness.engine.sample_label();
    // Tells an instance that has itself among its replicas.
    let instance = readiness.engine.gateway.instance();
    if readiness.engine.is_stopping() {
        let body = json!({
            "status": "stopping",
            "reason": "This instance is about to stop; ask another one.",
            "sampleLabel": sample_label.id(),
            "instance": instance,
        });
        return (StatusCode::SERVICE_UNAVAILABLE, Json(body));
    }
    match readiness.probe().await {
        Ok(()) => {
            let body = json!({ "status": "ready", "sampleLabel": sample_label.id(), "instance": instance });
            (StatusCode::OK, Json(body))
        }
        Err(reason) => {
            let body = json!({
                "status": "unavailable",
                "reason": reason,
                "sampleLabel": sample_label.id(),
                "instance": instance,
            });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body))
        }
    }
}
