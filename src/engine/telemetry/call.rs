//! A finished call as the gateway reports it, and the lines that are written of it.

use super::line::{Fields, Line};
use jiff::Timestamp;
use serde::Serialize;
use std::time::Duration;

/// The target of the lines of calls in the application log.
const TARGET: &str = "patchline::call";

/// A finished call.
#[derive(Debug, Clone)]
pub(crate) struct Call<'a> {
    /// When it ended.
    pub(crate) time: Timestamp,
    /// What sort of call it was.
    pub(crate) event: CallEvent,
    /// Names the call.
    pub(crate) request_id: &'a str,
    /// Who called.
    pub(crate) principal: &'a str,
    /// As what.
    pub(crate) role: &'static str,
    /// The server of the tool; none for what pages do, and for tools that do not exist.
    pub(crate) server: Option<&'static str>,
    /// The tool, or the operation of a page.
    pub(crate) tool: &'a str,
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// The kind of the error, if it failed.
    pub(crate) error_kind: Option<&'static str>,
    /// What went wrong, for the application log.
    pub(crate) error: Option<&'a str>,
    /// How long it took at the door.
    pub(crate) duration: Duration,
    /// By which face it came.
    pub(crate) source: &'static str,
    /// The session it belongs to, where there is one.
    pub(crate) session: Option<&'a str>,
}

/// What sort of call it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CallEvent {
    /// A tool was called.
    ToolCall,
    /// A page read or did something.
    PageOperation,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome {
    /// It was done.
    Ok,
    /// It was begun and failed.
    Error,
    /// It was not permitted, or beyond a limit.
    Denied,
    /// It could not be understood.
    Invalid,
    /// The caller went away before it was done.
    Cancelled,
}

impl Outcome {
    /// The word in lines and dimensions.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Error => "error",
            Outcome::Denied => "denied",
            Outcome::Invalid => "invalid",
            Outcome::Cancelled => "cancelled",
        }
    }

    /// Whether it counts as an error.
    pub(super) fn is_error(self) -> bool {
        !matches!(self, Outcome::Ok | Outcome::Cancelled)
    }

    /// Failed calls are errors, refused ones warnings: those are the caller's to mend.
    fn level(self) -> &'static str {
        match self {
            Outcome::Ok | Outcome::Cancelled => "INFO",
            Outcome::Error => "ERROR",
            Outcome::Denied | Outcome::Invalid => "WARN",
        }
    }
}

/// A line of the audit log group.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuditLine<'a> {
    timestamp: Timestamp,
    event: CallEvent,
    request_id: &'a str,
    principal: &'a str,
    role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<&'static str>,
    tool: &'a str,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_kind: Option<&'static str>,
    duration_ms: f64,
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
}

impl Call<'_> {
    /// Its line in the audit log group. No texts of errors: they may quote arguments.
    pub(super) fn audit_line(&self) -> Option<Line> {
        let line = AuditLine {
            timestamp: self.time,
            event: self.event,
            request_id: self.request_id,
            principal: self.principal,
            role: self.role,
            server: self.server,
            tool: shortened(self.tool),
            outcome: self.outcome,
            error_kind: self.error_kind,
            duration_ms: self.milliseconds(),
            source: self.source,
            session: self.session,
        };
        let text = serde_json::to_string(&line).ok()?;
        Some(Line { time: self.time.as_millisecond(), text })
    }

    /// Its line in the application log; none for what pages did well, which would drown the rest.
    pub(super) fn application_line(&self) -> Option<Line> {
        if self.event == CallEvent::PageOperation && self.outcome == Outcome::Ok {
            return None;
        }
        let mut fields = Fields::new(self.time, self.outcome.level(), TARGET);
        fields.add("message", self.error.unwrap_or(self.outcome.id()));
        fields.add("tool", shortened(self.tool));
        if let Some(server) = self.server {
            fields.add("server", server);
        }
        fields.add("outcome", self.outcome.id());
        if let Some(kind) = self.error_kind {
            fields.add("errorKind", kind);
        }
        fields.add("durationMs", self.milliseconds());
        fields.add("requestId", self.request_id);
        fields.add("principal", self.principal);
        fields.add("source", self.source);
        Some(fields.into_line(self.time))
    }

    /// The duration in milliseconds, to the microsecond.
    pub(super) fn milliseconds(&self) -> f64 {
        let micros = u32::try_from(self.duration.as_micros()).unwrap_or(u32::MAX);
        f64::from(micros) / 1000.0
    }
}

/// The name of a tool that does not exist may be as long as its caller likes.
fn shortened(name: &str) -> &str {
    const LONGEST: usize = 128;
    name.char_indices().nth(LONGEST).map_or(name, |(end, _)| &name[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn call() -> Call<'static> {
        Call {
            time: "2026-11-24T09:30:00Z".parse().expect("a time"),
            event: CallEvent::ToolCall,
            request_id: "req_1",
            principal: "local",
            role: "admin",
            server: Some("s3"),
            tool: "get_contract",
            outcome: Outcome::Ok,
            error_kind: None,
            error: None,
            duration: Duration::from_micros(1234),
            source: "rest",
            session: None,
        }
    }

    fn json_of(line: Option<Line>) -> Value {
        serde_json::from_str(&line.expect("a line").text).expect("JSON")
    }

    #[test]
    fn the_audit_line_says_who_did_what_by_which_face_and_how_it_ended() {
        assert_eq!(
            json_of(call().audit_line()),
            json!({
                "timestamp": "2026-11-24T09:30:00Z", "event": "toolCall", "requestId": "req_1",
                "principal": "local", "role": "admin", "server": "s3", "tool": "get_contract",
                "outcome": "ok", "durationMs": 1.234, "source": "rest"
            })
        );
    }

    #[test]
    fn a_failed_call_is_an_error_with_its_kind_and_words() {
        let failed = Call {
            outcome: Outcome::Error,
            error_kind: Some("notFound"),
            error: Some("There is no file \"x\"."),
            ..call()
        };
        let line = json_of(failed.application_line());
        assert_eq!((&line["level"], &line["errorKind"]), (&json!("ERROR"), &json!("notFound")));
        assert_eq!(line["message"], "There is no file \"x\".");
        assert!(!failed.audit_line().expect("a line").text.contains("There is no"));
    }

    #[test]
    fn what_pages_do_well_is_in_the_audit_log_only() {
        let page = Call { event: CallEvent::PageOperation, server: None, ..call() };
        assert_eq!(page.application_line(), None);
        assert_eq!(json_of(page.audit_line())["event"], "pageOperation");
    }
}
