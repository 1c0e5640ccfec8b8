//! `GetLogRecord`: one event with all its fields.

use serde_json::{Map, Value, json};

use super::super::batch::DAY;
use super::super::error::LogsError;
use super::super::names::ACCOUNT;
use super::super::pointer;
use super::{Answer, Call};

impl Call<'_> {
    pub(super) fn get_log_record(&mut self) -> Answer {
        let written = self.parameters.required_text("logRecordPointer")?;
        self.parameters.only("unmask", &json!(false))?;
        self.finish_parameters()?;
        let number = pointer::number(&written).ok_or_else(|| {
            LogsError::invalid(format!("logRecordPointer is not a value of @ptr: {written}"))
        })?;
        let gone = || LogsError::NotFound { what: "log record", name: written.clone() };
        let (event, group, stream, retention_days) = self.store().event(number)?.ok_or_else(gone)?;
        if retention_days.is_some_and(|days| event.timestamp < self.now - days.saturating_mul(DAY)) {
            return Err(gone());
        }
        let mut record = Map::new();
        for (name, value) in [
            ("@timestamp", event.timestamp.to_string()),
            ("@ingestionTime", event.ingested.to_string()),
            ("@log", format!("{ACCOUNT}:{group}")),
            ("@logStream", stream),
            ("@ptr", written),
        ] {
            record.insert(name.to_owned(), Value::String(value));
        }
        if let Ok(json @ Value::Object(_)) = serde_json::from_str(&event.message) {
            flatten("", &json, &mut record);
        }
        record.insert("@message".to_owned(), Value::String(event.message));
        Ok(json!({ "logRecord": record }))
    }
}

/// The values of JSON under dotted names.
fn flatten(name: &str, json: &Value, record: &mut Map<String, Value>) {
    let below = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    let value = match json {
        Value::Object(fields) => {
            return fields.iter().for_each(|(key, value)| flatten(&below(key), value, record));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            return items.for_each(|(index, value)| flatten(&below(&index.to_string()), value, record));
        }
        Value::Null => return,
        Value::Bool(is_true) => u8::from(*is_true).to_string(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
    };
    record.insert(name.to_owned(), Value::String(value));
}
