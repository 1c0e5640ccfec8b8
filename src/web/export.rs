//! Downloads of what a page shows: `GET /export/logs?id=…&format=csv|json`, `GET /export/activity?format=csv|json&by=me|keys|agent`.

use super::caller::Caller;
use super::error::RestError;
use crate::engine::Engine;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::tools::Operation;
use crate::engine::tools::views::ReadLogQuery;
use crate::model::field::FieldError;
use crate::model::logs::{LogQueryLook, LogTable, MAX_LOG_ROWS};
use crate::model::own_account::{Deed, DeedBy, DeedEnd};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

/// Which result, and in which form.
#[derive(Debug, Deserialize)]
pub(super) struct LogsExport {
    /// The query whose result it is.
    id: String,
    format: Option<String>,
    /// How many rows at most; as many as a query can have unless given.
    limit: Option<u32>,
}

/// In which form one's own activity is wanted, and whose.
#[derive(Debug, Deserialize)]
pub(super) struct ActivityExport {
    format: Option<String>,
    by: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

impl Format {
    /// The form of a name; CSV unless one is given.
    fn named(name: Option<&str>) -> Result<Self, CallError> {
        match name {
            None | Some("csv") => Ok(Format::Csv),
            Some("json") => Ok(Format::Json),
            Some(_) => {
                let field = FieldError::new("format", "csv and json are allowed");
                let message = "There is no such form of export.";
                let error = CallError::new(CallErrorKind::Invalid, message, "Ask for csv or json.");
                Err(CallError { fields: vec![field], ..error })
            }
        }
    }
}

/// The rows of a query that was run, as a file.
pub(super) async fn logs(
    State(engine): State<Engine>,
    caller: Caller,
    query: Result<Query<LogsExport>, QueryRejection>,
) -> Result<Response, RestError> {
    let remedy = "Name the query: GET /export/logs?id=…&format=csv";
    let asked = caller.asked(&engine, ReadLogQuery::NAME, query, remedy)?;
    let format = Format::named(asked.format.as_deref())
        .map_err(|error| caller.refused(&engine, ReadLogQuery::NAME, error))?;
    let look = LogQueryLook { query_id: asked.id, limit: asked.limit.unwrap_or(MAX_LOG_ROWS) };
    let answer = engine.gateway.call::<ReadLogQuery>(&caller.principal, &caller.origin, look).await?;
    let table = answer.output.table;
    Ok(match format {
        Format::Csv => file("logs.csv", "text/csv; charset=utf-8", csv(&table)),
        Format::Json => {
            let content = json!({ "columns": table.columns, "rows": table.rows });
            file("logs.json", "application/json", format!("{content:#}\n"))
        }
    })
}

/// What the audit log calls a download of one's own activity that could not be understood.
const ACTIVITY: &str = "GET /export/activity";

/// Who is meant by a word; everybody who acts in the caller's name unless one is given.
fn by_named(name: Option<&str>) -> Result<Option<DeedBy>, CallError> {
    let Some(name) = name.filter(|name| !name.is_empty()) else { return Ok(None) };
    DeedBy::from_id(name).map(Some).ok_or_else(|| {
        let field = FieldError::new("by", "me, keys and agent are allowed");
        let message = "There is no such choice of whose activity it is.";
        let remedy = "Ask for me, keys or agent, or leave it out for all of them.";
        CallError { fields: vec![field], ..CallError::new(CallErrorKind::Invalid, message, remedy) }
    })
}

/// What the caller, their keys and agents for them did last, as a file.
pub(super) async fn activity(
    State(engine): State<Engine>,
    caller: Caller,
    query: Result<Query<ActivityExport>, QueryRejection>,
) -> Result<Response, RestError> {
    let remedy = "Name the form: GET /export/activity?format=csv";
    let asked = caller.asked(&engine, ACTIVITY, query, remedy)?;
    let format =
        Format::named(asked.format.as_deref()).map_err(|error| caller.refused(&engine, ACTIVITY, error))?;
    let by = by_named(asked.by.as_deref()).map_err(|error| caller.refused(&engine, ACTIVITY, error))?;
    let done = engine.people().own_activity(&caller.principal, &caller.origin, by).await?;
    Ok(match format {
        Format::Csv => file("activity.csv", "text/csv; charset=utf-8", csv_of_deeds(&done.deeds)),
        Format::Json => file("activity.json", "application/json", format!("{:#}\n", json!(done))),
    })
}

/// The head of what somebody did.
const CSV_HEAD: [&str; 10] =
    ["time", "what", "how", "address", "end", "reason", "request", "by", "key", "on"];

/// What somebody did, with a head.
fn csv_of_deeds(deeds: &[Deed]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory fails only when a row has another length than the head, and none has.
    let _ = writer.write_record(CSV_HEAD);
    for deed in deeds {
        let Deed { request_id, time, words, way, address, end, reason, by, key, on } = deed;
        let end = match end {
            DeedEnd::Done => "done",
            DeedEnd::Failed => "failed",
            DeedEnd::Refused => "refused",
        };
        let address = address.as_deref().unwrap_or_default();
        let reason = reason.as_deref().unwrap_or_default();
        let key = key.as_deref().unwrap_or_default();
        let on = on.join(" ");
        let row = [time.as_str(), words, way, address, end, reason, request_id, by.id(), key, on.as_str()];
        let _ = writer.write_record(row.map(harmless));
    }
    writer.into_inner().unwrap_or_default()
}

pub(super) fn file(name: &str, content_type: &'static str, content: impl Into<axum::body::Body>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, content.into()).into_response()
}

/// The table with a head.
fn csv(table: &LogTable) -> Vec<u8> {
    let head: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let rows = table.rows.iter();
    let rows =
        rows.map(|row| table.columns.iter().map(|column| cell(row.get(&column.name))).collect::<Vec<_>>());
    csv_lines(std::iter::once(head).chain(rows))
}

/// Rows of the same length as RFC 4180 describes them.
pub(super) fn csv_lines(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // Writing to memory fails only when a row has another length than the first, and none has.
        let _ = writer.write_record(row);
    }
    writer.into_inner().unwrap_or_default()
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => harmless(text),
        Some(value) => value.to_string(),
    }
}

/// A text that a spreadsheet would take for a formula gets a mark before it, since logs quote strangers.
pub(super) fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::logs::{LogColumn, LogColumnKind};

    fn table(rows: &[Value]) -> LogTable {
        let column = |name: &str, kind| LogColumn { name: name.to_owned(), kind };
        LogTable {
            columns: vec![column("tool", LogColumnKind::Text), column("count(*)", LogColumnKind::Number)],
            rows: rows.iter().filter_map(Value::as_object).cloned().collect(),
            truncated: false,
        }
    }

    fn text(rows: &[Value]) -> String {
        String::from_utf8(csv(&table(rows))).expect("a text")
    }

    #[test]
    fn a_table_has_its_head_its_rows_and_empty_cells() {
        let rows = [json!({ "tool": "a, \"b\"", "count(*)": 2 }), json!({ "count(*)": -1.5 })];
        assert_eq!(text(&rows), "tool,count(*)\r\n\"a, \"\"b\"\"\",2\r\n,-1.5\r\n");
    }

    #[test]
    fn a_table_without_rows_is_its_head() {
        assert_eq!(text(&[]), "tool,count(*)\r\n");
    }

    #[test]
    fn what_somebody_did_is_a_table_of_texts_none_of_them_a_formula() {
        let deed = Deed {
            request_id: "req_1".to_owned(),
            time: "2026-11-24T09:00:00Z".to_owned(),
            words: "=SUM(A1)".to_owned(),
            way: "@page".to_owned(),
            address: None,
            end: DeedEnd::Refused,
            reason: Some("-1, +2".to_owned()),
            by: DeedBy::Keys,
            key: Some("+nightly".to_owned()),
            on: vec!["patchline-audio".to_owned(), "artists".to_owned()],
        };
        let text = String::from_utf8(csv_of_deeds(&[deed])).expect("a text");
        let rows: Vec<_> = text.split("\r\n").collect();
        assert_eq!(rows[0], "time,what,how,address,end,reason,request,by,key,on");
        let row = "2026-11-24T09:00:00Z,'=SUM(A1),'@page,,refused,\"'-1, +2\",req_1,keys,'+nightly,\
                   patchline-audio artists";
        assert_eq!(rows[1], row);
    }

    #[test]
    fn no_cell_is_a_formula() {
        let rows = [json!({ "tool": "=HYPERLINK(\"x\")", "count(*)": -1 })];
        assert_eq!(text(&rows), "tool,count(*)\r\n\"'=HYPERLINK(\"\"x\"\")\",-1\r\n");
    }
}
