//! The result of a statement as JSON.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::types::Value;
use serde_json::{Map, Value as Json, json};

use super::error::DataApiError;
use super::execute::Outcome;
use super::request::Form;

/// The body of the answer.
pub(super) fn answer(outcome: &Outcome, form: Form) -> Result<Json, DataApiError> {
    let mut body = Map::new();
    body.insert("numberOfRecordsUpdated".to_owned(), outcome.updated.into());
    body.insert("generatedFields".to_owned(), json!([]));
    if outcome.columns.is_empty() {
        return Ok(Json::Object(body));
    }
    if form.with_metadata {
        let columns = (0..outcome.columns.len()).map(|place| column(outcome, place));
        body.insert("columnMetadata".to_owned(), columns.collect());
    }
    if form.as_json {
        body.insert("formattedRecords".to_owned(), formatted(outcome, form)?.into());
    } else {
        let row = |values: &Vec<Value>| values.iter().map(|value| field(value, form)).collect::<Json>();
        body.insert("records".to_owned(), outcome.rows.iter().map(row).collect());
    }
    Ok(Json::Object(body))
}

/// One value with its kind.
fn field(value: &Value, form: Form) -> Json {
    match value {
        Value::Null => json!({ "isNull": true }),
        Value::Integer(number) if form.longs_as_text => json!({ "stringValue": number.to_string() }),
        Value::Integer(number) => json!({ "longValue": number }),
        Value::Real(number) => json!({ "doubleValue": double(*number) }),
        Value::Text(text) => json!({ "stringValue": text }),
        Value::Blob(bytes) => json!({ "blobValue": STANDARD.encode(bytes) }),
    }
}

/// JSON has no infinity; Smithy writes the word.
fn double(number: f64) -> Json {
    if number.is_finite() {
        number.into()
    } else {
        json!(if number > 0.0 { "Infinity" } else { "-Infinity" })
    }
}

/// All rows as one JSON text: objects by the names of the columns.
fn formatted(outcome: &Outcome, form: Form) -> Result<String, DataApiError> {
    let names: BTreeSet<&String> = outcome.columns.iter().collect();
    if names.len() < outcome.columns.len() {
        return Err(DataApiError::UnsupportedResult(
            "records as JSON need a name of its own for each column; rename one with AS".to_owned(),
        ));
    }
    let plain = |value: &Value| match value {
        Value::Null => Json::Null,
        Value::Integer(number) if form.longs_as_text => number.to_string().into(),
        Value::Integer(number) => (*number).into(),
        Value::Real(number) => double(*number),
        Value::Text(text) => text.as_str().into(),
        Value::Blob(bytes) => STANDARD.encode(bytes).into(),
    };
    let row = |values: &Vec<Value>| {
        let members = outcome.columns.iter().cloned().zip(values.iter().map(plain));
        Json::Object(members.collect())
    };
    Ok(outcome.rows.iter().map(row).collect::<Json>().to_string())
}

/// The description of a column. SQLite gives each value a type of its own; the first one that is not
/// null speaks for the column. Numbers of types are those of JDBC.
fn column(outcome: &Outcome, place: usize) -> Json {
    let name = outcome.columns.get(place).map(String::as_str).unwrap_or_default();
    let first = outcome.rows.iter().filter_map(|row| row.get(place)).find(|value| **value != Value::Null);
    let (number, type_name) = match first {
        None | Some(Value::Null) => (0, "NULL"),
        Some(Value::Integer(_)) => (-5, "INTEGER"),
        Some(Value::Real(_)) => (8, "REAL"),
        Some(Value::Text(_)) => (12, "TEXT"),
        Some(Value::Blob(_)) => (-2, "BLOB"),
    };
    json!({
        "name": name,
        "label": name,
        "type": number,
        "typeName": type_name,
        "isSigned": matches!(type_name, "INTEGER" | "REAL"),
        "isCaseSensitive": type_name == "TEXT",
        "isCurrency": false,
        "isAutoIncrement": false,
        // Whether it may be null is not known.
        "nullable": 2,
        "precision": 0,
        "scale": 0,
        "arrayBaseColumnType": 0,
        "schemaName": "",
        "tableName": "",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Form = Form { with_metadata: false, as_json: false, longs_as_text: false };

    fn outcome() -> Outcome {
        let row = vec![
            Value::Integer(5),
            Value::Real(1.5),
            Value::Text("å".to_owned()),
            Value::Blob(vec![0, 1]),
            Value::Null,
        ];
        let columns = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
        Outcome { columns, rows: vec![row], updated: 0 }
    }

    #[test]
    fn every_value_says_its_kind() {
        let records = json!([[
            { "longValue": 5 }, { "doubleValue": 1.5 }, { "stringValue": "å" }, { "blobValue": "AAE=" },
            { "isNull": true }
        ]]);
        assert_eq!(answer(&outcome(), PLAIN).unwrap()["records"], records);
        let texts = Form { longs_as_text: true, ..PLAIN };
        assert_eq!(answer(&outcome(), texts).unwrap()["records"][0][0], json!({ "stringValue": "5" }));
    }

    #[test]
    fn rows_can_be_one_json_text() {
        let body = answer(&outcome(), Form { as_json: true, ..PLAIN }).unwrap();
        assert_eq!(body["formattedRecords"], r#"[{"a":5,"b":1.5,"c":"å","d":"AAE=","e":null}]"#);
        assert_eq!(body.get("records"), None);
        let twice = Outcome { columns: vec!["a".to_owned(); 5], ..outcome() };
        assert!(answer(&twice, Form { as_json: true, ..PLAIN }).is_err());
    }

    #[test]
    fn columns_are_described_when_asked() {
        assert_eq!(answer(&outcome(), PLAIN).unwrap().get("columnMetadata"), None);
        let body = answer(&outcome(), Form { with_metadata: true, ..PLAIN }).unwrap();
        let types: Vec<&str> =
            (0..5).filter_map(|place| body["columnMetadata"][place]["typeName"].as_str()).collect();
        assert_eq!(types, ["INTEGER", "REAL", "TEXT", "BLOB", "NULL"]);
    }
}
