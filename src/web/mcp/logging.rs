//! Tells a client what its calls came to, where it asks for that: a level for the session in the older
//! era, a level in the request in the newer.
#![expect(deprecated, reason = "the protocol will drop it; clients of today still ask for it")]

use rmcp::RoleServer;
use rmcp::model::{LoggingLevel, LoggingMessageNotificationParam, ProtocolVersion};
use rmcp::service::RequestContext;
use serde_json::json;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// From which level on the client of a session wants to hear; nothing until it says so.
#[derive(Default)]
pub(super) struct Level(Mutex<Option<LoggingLevel>>);

impl Level {
    pub(super) fn set(&self, level: LoggingLevel) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(level);
    }

    fn of(&self, context: &RequestContext<RoleServer>) -> Option<LoggingLevel> {
        let is_modern =
            context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
        if is_modern {
            context.meta.log_level()
        } else {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }
}

/// Tells of a call that has ended.
pub(super) async fn ended(
    level: &Level,
    context: &RequestContext<RoleServer>,
    tool: &str,
    request_id: &str,
    ended: Result<Duration, &str>,
) {
    let Some(wanted) = level.of(context) else { return };
    let (severity, data) = match ended {
        Ok(duration) => {
            let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
            (LoggingLevel::Info, json!({ "tool": tool, "requestId": request_id, "durationMicros": micros }))
        }
        Err(error) => {
            (LoggingLevel::Warning, json!({ "tool": tool, "requestId": request_id, "error": error }))
        }
    };
    if rank(severity) < rank(wanted) {
        return;
    }
    let message = LoggingMessageNotificationParam::new(severity, data).with_logger("tools");
    // Whoever is gone does not miss it.
    let _ = context.peer.notify_logging_message(message).await;
}

fn rank(level: LoggingLevel) -> u8 {
    match level {
        LoggingLevel::Debug => 0,
        LoggingLevel::Info => 1,
        LoggingLevel::Notice => 2,
        LoggingLevel::Warning => 3,
        LoggingLevel::Error => 4,
        LoggingLevel::Critical => 5,
        LoggingLevel::Alert => 6,
        LoggingLevel::Emergency => 7,
    }
}
