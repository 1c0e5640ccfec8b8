//! Downloads of the audit log, while it is read: `GET /export/audit?who=…&format=jsonl|csv|ocsf`.

mod ocsf;

use super::caller::Caller;
use super::error::RestError;
use super::export::{csv_lines, file, harmless};
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::views::{AuditRecords, ExportAudit, ExportAuditInput};
use crate::engine::tools::{Operation, ToolError};
use crate::model::audit::{AuditQuestion, AuditRecord, TokenBearer};
use crate::model::field::FieldError;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use bytes::Bytes;
use futures::stream;
use serde::Deserialize;

/// Which records, and in which form.
#[derive(Debug, Deserialize)]
pub(super) struct AuditExport {
    format: Option<String>,
    #[serde(default)]
    who: String,
    #[serde(default)]
    operation: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    resource: String,
    #[serde(default)]
    call: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Jsonl,
    Csv,
    Ocsf,
}

impl Format {
    fn of(text: Option<&str>) -> Option<Self> {
        match text {
            None | Some("jsonl") => Some(Format::Jsonl),
            Some("csv") => Some(Format::Csv),
            Some("ocsf") => Some(Format::Ocsf),
            Some(_) => None,
        }
    }

    fn id(self) -> &'static str {
        match self {
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Ocsf => "ocsf",
        }
    }

    /// The lines of some records.
    fn lines(self, records: &[AuditRecord]) -> Vec<u8> {
        match self {
            Format::Jsonl => json_lines(records.iter().map(serde_json::to_string)),
            Format::Csv => csv_lines(records.iter().map(row)),
            Format::Ocsf => {
                json_lines(records.iter().map(|record| serde_json::to_string(&ocsf::event(record))))
            }
        }
    }
}

/// All records that fit, as a file that is written while they are read. That it was asked for is on record.
pub(super) async fn audit(
    State(engine): State<Engine>,
    caller: Caller,
    query: Result<Query<AuditExport>, QueryRejection>,
) -> Result<Response, RestError> {
    let remedy = "Name the form: GET /export/audit?format=jsonl";
    let asked = caller.asked(&engine, ExportAudit::NAME, query, remedy)?;
    let Some(format) = Format::of(asked.format.as_deref()) else {
        let field = FieldError::new("format", "jsonl, csv and ocsf are allowed");
        let message = "There is no such form of export.";
        let error = CallError::new(CallErrorKind::Invalid, message, "Ask for jsonl, csv or ocsf.");
        return Err(caller.refused(&engine, ExportAudit::NAME, CallError { fields: vec![field], ..error }));
    };
    let AuditExport { who, operation, outcome, resource, call, from, to, format: _ } = asked;
    let question =
        AuditQuestion { who, operation, outcome, resource, call, from, to, ..AuditQuestion::default() };
    let input = ExportAuditInput { question, format: format.id() };
    let answer = engine.gateway.call::<ExportAudit>(&caller.principal, &caller.origin, input).await?;
    let body = body(answer.output, format);
    Ok(match format {
        Format::Jsonl => file("audit.jsonl", "application/x-ndjson", body),
        Format::Csv => file("audit.csv", "text/csv; charset=utf-8", body),
        Format::Ocsf => file("audit.ocsf.jsonl", "application/x-ndjson", body),
    })
}

/// A failure in the middle breaks the transfer off, so that nobody takes a part for the whole.
fn body(records: AuditRecords, format: Format) -> Body {
    let head = match format {
        Format::Csv => csv_lines(std::iter::once(HEAD.map(str::to_owned).to_vec())),
        Format::Jsonl | Format::Ocsf => Vec::new(),
    };
    let lines = stream::try_unfold(
        (records, (!head.is_empty()).then_some(head)),
        move |(mut records, head)| async move {
            if let Some(head) = head {
                return Ok::<_, ToolError>(Some((Bytes::from(head), (records, None))));
            }
            let batch =
                records.batch().await.inspect_err(|error| tracing::warn!(%error, "an export broke off"))?;
            Ok((!batch.is_empty()).then(|| (Bytes::from(format.lines(&batch)), (records, None))))
        },
    );
    Body::from_stream(lines)
}

/// Plain records always become JSON.
fn json_lines(lines: impl Iterator<Item = serde_json::Result<String>>) -> Vec<u8> {
    lines.flatten().flat_map(|line| format!("{line}\n").into_bytes()).collect()
}

/// The columns of the table.
const HEAD: [&str; 33] = [
    "time",
    "log",
    "seq",
    "id",
    "phase",
    "decision",
    "principal",
    "onBehalfOf",
    "tokenOf",
    "role",
    "authenticated",
    "channel",
    "session",
    "address",
    "requestId",
    "operation",
    "definition",
    "resources",
    "policies",
    "wouldDeny",
    "reason",
    "error",
    "errorKind",
    "durationMicros",
    "awsRequestIds",
    "bytesSent",
    "bytesReceived",
    "size",
    "costMicroDollars",
    "task",
    "step",
    "arguments",
    "leaf",
];

/// A record as a row. Whatever came from outside is made harmless for spreadsheets.
fn row(record: &AuditRecord) -> Vec<String> {
    let text = harmless;
    let maybe = |found: &Option<String>| found.as_deref().map(harmless).unwrap_or_default();
    let number = |figure: Option<u64>| figure.map(|figure| figure.to_string()).unwrap_or_default();
    let resources: Vec<_> = record.resources.iter().map(|resource| resource.name.as_str()).collect();
    let phase = if record.phase == crate::model::audit::Phase::Intent { "intent" } else { "outcome" };
    vec![
        record.time.clone(),
        text(record.instance()),
        record.seq.to_string(),
        text(&record.id),
        phase.to_owned(),
        record.decision.id().to_owned(),
        text(&record.principal),
        maybe(&record.on_behalf_of),
        maybe(&record.bearer.as_ref().map(TokenBearer::in_words)),
        record.role.id().to_owned(),
        text(&record.authenticated),
        text(&record.channel),
        maybe(&record.session),
        maybe(&record.address),
        text(&record.request_id),
        text(&record.operation),
        maybe(&record.definition),
        text(&resources.join(" ")),
        text(&record.policies.join(" ")),
        text(&record.would_deny.join(" ")),
        maybe(&record.reason),
        maybe(&record.error),
        text(record.failure().unwrap_or_default()),
        record.duration_micros.to_string(),
        text(&record.aws_request_ids.join(" ")),
        number(record.bytes_sent),
        number(record.bytes_received),
        number(record.size),
        number(record.cost_micro_dollars),
        maybe(&record.task),
        maybe(&record.step),
        text(&record.arguments),
        text(&record.leaf),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::audit::{Decision, Phase};
    use crate::model::role::Role;

    fn record() -> AuditRecord {
        AuditRecord {
            log_hour: "log#inst#2026112609".to_owned(),
            id: "01".to_owned(),
            seq: 3,
            leaf: "ab".to_owned(),
            time: "2026-11-26T09:00:00Z".to_owned(),
            phase: Phase::Outcome,
            decision: Decision::Denied,
            principal: "=cmd|'/c calc'!A0".to_owned(),
            on_behalf_of: Some("usr_1".to_owned()),
            role: Role::Label,
            authenticated: "session".to_owned(),
            channel: "page".to_owned(),
            request_id: "req_1".to_owned(),
            session: None,
            passed_on: None,
            operation: "get_contract".to_owned(),
            definition: None,
            policies: vec!["role:label".to_owned()],
            would_deny: Vec::new(),
            reason: Some("outside the hours".to_owned()),
            aws_request_ids: Vec::new(),
            error_kind: None,
            task: None,
            step: None,
            bytes_sent: None,
            bytes_received: None,
            size: None,
            cost_micro_dollars: None,
            duration_micros: 12_345,
            expires_at: 1_900_000_000,
            payload_sha256: String::new(),
            salt: None,
            address: Some("127.0.0.1".to_owned()),
            arguments: "{\"a\":\"1, 2\"}".to_owned(),
            arguments_sha256: "44".to_owned(),
            resources: Vec::new(),
            error: Some("forbidden: It is not allowed.".to_owned()),
            bearer: None,
        }
    }

    #[test]
    fn each_row_has_a_cell_for_each_column_and_none_is_a_formula() {
        let row = row(&record());
        assert_eq!(row.len(), HEAD.len());
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])), "{row:?}");
        let text = String::from_utf8(Format::Csv.lines(&[record()])).unwrap();
        assert!(text.contains("'=cmd|'/c calc'!A0") && text.ends_with("\r\n"), "{text}");
        assert!(text.contains("\"{\"\"a\"\":\"\"1, 2\"\"}\""), "{text}");
    }

    #[test]
    fn a_line_of_json_is_the_whole_record() {
        let text = String::from_utf8(Format::Jsonl.lines(&[record(), record()])).unwrap();
        let lines: Vec<AuditRecord> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines, [record(), record()]);
    }

    #[test]
    fn an_event_of_ocsf_has_what_the_class_requires() {
        let event = ocsf::event(&record());
        assert_eq!(event["class_uid"], 6003);
        assert_eq!(event["category_uid"], 6);
        assert_eq!(event["type_uid"], 600_302, "reading");
        assert_eq!(event["time"], 1_795_683_600_000_i64);
        assert_eq!(event["status_id"], 2);
        assert_eq!(event["actor"]["user"]["uid"], "=cmd|'/c calc'!A0");
        assert_eq!(event["api"]["operation"], "get_contract");
        assert_eq!(event["src_endpoint"]["ip"], "127.0.0.1");
        for required in ["activity_id", "metadata", "severity_id"] {
            assert!(!event[required].is_null(), "{required}");
        }
        let mut failed = record();
        failed.seal("salt".to_owned());
        let erased = ocsf::event(&failed.without_payload());
        assert_eq!(erased["status_id"], 2, "it failed, also when its error is erased");
        assert_eq!(erased["api"]["response"]["error"], "forbidden");
    }
}
