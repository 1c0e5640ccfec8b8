//! A record as an event of the Open Cybersecurity Schema Framework: class API Activity (6003), version 1.3.

use crate::model::audit::{AuditRecord, Decision, Phase};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The class API Activity.
const CLASS: u32 = 6003;

/// What was done to things, as the class numbers it.
#[derive(Clone, Copy)]
struct Activity {
    id: u32,
    name: &'static str,
}

const CREATE: Activity = Activity { id: 1, name: "Create" };
const READ: Activity = Activity { id: 2, name: "Read" };
const UPDATE: Activity = Activity { id: 3, name: "Update" };
const DELETE: Activity = Activity { id: 4, name: "Delete" };
const OTHER: Activity = Activity { id: 99, name: "Other" };

/// The event.
pub(super) fn event(record: &AuditRecord) -> Value {
    let Activity { id, name } = activity(record);
    let (status_id, status) = status(record);
    let allowed = matches!(record.decision, Decision::Allowed | Decision::WouldDeny);
    let time = record.time.parse::<Timestamp>().map(Timestamp::as_millisecond).unwrap_or_default();
    let resources: Vec<_> = record
        .resources
        .iter()
        .map(|resource| json!({ "name": resource.name, "type": resource.service }))
        .collect();
    let policies: Vec<_> = record
        .policies
        .iter()
        .map(|policy| json!({ "decision": record.decision.id(), "policy": { "name": policy } }))
        .collect();
    let metadata = json!({
        "version": "1.3.0",
        "product": { "name": "Patchline", "vendor_name": "Patchline" },
        "uid": record.id,
        "sequence": record.seq,
        "log_name": record.instance(),
        "original_time": record.time,
        "correlation_uid": record.request_id,
    });
    let unmapped = json!({
        "phase": record.phase,
        "decision": record.decision.id(),
        "on_behalf_of": record.on_behalf_of,
        "token_of": record.bearer,
        "definition": record.definition,
        "authenticated": record.authenticated,
        "channel": record.channel,
        "reason": record.reason,
        "would_deny": record.would_deny,
        "aws_request_ids": record.aws_request_ids,
        "passed_on": record.passed_on,
        "bytes_sent": record.bytes_sent,
        "bytes_received": record.bytes_received,
        "size": record.size,
        "cost_micro_dollars": record.cost_micro_dollars,
        "task": record.task,
        "step": record.step,
        "arguments": record.arguments,
        "arguments_sha256": record.arguments_sha256,
        "leaf": record.leaf,
    });
    let mut event = json!({
        "activity_id": id,
        "activity_name": name,
        "category_uid": 6,
        "category_name": "Application Activity",
        "class_uid": CLASS,
        "class_name": "API Activity",
        "type_uid": CLASS * 100 + id,
        "severity_id": if allowed { 1 } else { 2 },
        "time": time,
        "duration": record.duration_micros / 1000,
        "status_id": status_id,
        "status": status,
        "action_id": if allowed { 1 } else { 2 },
        "metadata": metadata,
        "actor": {
            "user": { "uid": record.principal, "type": record.role.id() },
            "authorizations": policies,
        },
        "api": { "operation": record.operation, "request": { "uid": record.request_id } },
        "resources": resources,
        "src_endpoint": source(record),
        "unmapped": unmapped,
    });
    if let Some(session) = &record.session {
        event["actor"]["session"] = json!({ "uid": session });
    }
    if let Some(kind) = record.failure() {
        // Where the error is erased, its kind is what is left of it.
        let error = record.error.as_deref().unwrap_or(kind);
        event["api"]["response"] = json!({ "error": kind, "error_message": error });
        event["status_detail"] = json!(error);
    }
    event
}

/// From where; the class wants something also where no address is known.
fn source(record: &AuditRecord) -> Value {
    match &record.address {
        Some(address) => json!({ "ip": address }),
        None => json!({ "name": record.channel }),
    }
}

fn status(record: &AuditRecord) -> (u32, &'static str) {
    match record.phase {
        Phase::Intent => (0, "Unknown"),
        Phase::Outcome if record.failure().is_some() => (2, "Failure"),
        Phase::Outcome => (1, "Success"),
    }
}

/// What the operation does, by the first word of its name.
fn activity(record: &AuditRecord) -> Activity {
    match record.operation.split('_').next().unwrap_or_default() {
        "add" | "create" | "upload" | "store" | "record" | "start" | "save" | "generate" => CREATE,
        "get" | "list" | "query" | "scan" | "read" | "view" | "browse" | "find" | "open" | "search"
        | "analyze" | "process" | "export" | "verify" | "try" | "label" | "music" => READ,
        "update" | "set" | "change" | "drain" | "enable" | "disable" | "approve" | "answer" => UPDATE,
        "remove" | "delete" | "stop" | "end" => DELETE,
        _ => OTHER,
    }
}
