//! What descriptions of addresses are made of: answers, errors, parameters.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::RestrictFormats;
use serde_json::{Map, Value, json};

/// The answers of an address, by status.
pub(super) type Answers = Map<String, Value>;

/// What every address may answer: a request with a cookie, without a key, of a page of another site, under a
/// foreign name, what should not happen, and that nobody can be recognised while the store is away.
const EVERYWHERE: [&str; 6] = ["400", "401", "403", "421", "500", "503"];

/// The answers of an address that can fail with these statuses, besides what each may answer.
pub(super) fn answers(success: &str, answer: Value, failures: &[&str]) -> Answers {
    let error = json!({
        "description": "What happened, to what, and what to do",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } },
    });
    let mut answers = Answers::new();
    answers.insert(success.to_owned(), answer);
    let mut statuses: Vec<_> = EVERYWHERE.iter().chain(failures).collect();
    statuses.sort_unstable();
    for status in statuses {
        let answer = match *status {
            "421" => misdirected(),
            "429" | "503" => with_time_to_wait(error.clone()),
            _ => error.clone(),
        };
        answers.insert((*status).to_owned(), answer);
    }
    answers
}

/// An error that passes by itself.
fn with_time_to_wait(mut error: Value) -> Value {
    error["headers"] = json!({ "Retry-After": {
        "description": "The seconds after which to try again",
        "schema": { "type": "integer", "minimum": 0 },
    } });
    error
}

fn misdirected() -> Value {
    json!({
        "description": "The request names another host than this machine",
        "content": { "text/plain": { "schema": { "type": "string" } } },
    })
}

/// An answer with a body of this schema.
pub(super) fn json_answer(description: &str, schema: Value) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

/// The schema of what is written as JSON.
pub(super) fn schema_of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.inline_subschemas = true)
        .with_transform(RestrictFormats::default());
    without_dialect(&settings.for_serialize().into_generator().into_root_schema_for::<T>().to_value())
}

/// A schema inside the document has the document's dialect.
pub(super) fn without_dialect(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("$schema");
    }
    schema
}

/// A part of the address's path.
pub(super) fn in_path(name: &str, description: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string" } })
}

/// A parameter behind the question mark.
pub(super) fn in_query(name: &str, required: bool, schema: &Value, description: &str) -> Value {
    json!({ "name": name, "in": "query", "required": required, "description": description, "schema": schema })
}

/// The header that tells a request that is sent again from another one.
pub(super) fn idempotency_key(description: &str) -> Value {
    let schema = json!({ "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" });
    json!({ "name": "Idempotency-Key", "in": "header", "required": false, "description": description, "schema": schema })
}

/// The body of every error.
pub(super) fn error_schema() -> Value {
    json!({
        "type": "object",
        "required": ["error"],
        "properties": { "error": {
            "type": "object",
            "required": ["kind", "message", "remedy", "fields", "requestId"],
            "properties": {
                "kind": { "enum": ["invalid", "unauthenticated", "forbidden", "notFound", "conflict", "exists", "choose", "keyReused", "tooLarge", "tooManyRequests", "unavailable", "internal"] },
                "message": { "type": "string" },
                "remedy": { "type": "string" },
                "fields": { "type": "array", "items": {
                    "type": "object",
                    "required": ["field", "message"],
                    "properties": { "field": { "type": "string" }, "message": { "type": "string" } },
                } },
                "requestId": { "type": "string" },
                "choice": {
                    "type": "object",
                    "description": "What to choose from, where the arguments mean several things",
                    "required": ["argument", "replaces", "options"],
                    "properties": {
                        "argument": { "type": "string" },
                        "replaces": { "type": "string" },
                        "options": { "type": "array", "items": {
                            "type": "object",
                            "required": ["value", "title"],
                            "properties": { "value": { "type": "string" }, "title": { "type": "string" } },
                        } },
                    },
                },
            },
        } },
    })
}
