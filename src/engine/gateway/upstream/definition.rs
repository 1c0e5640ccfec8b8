//! The definition of a third party's tool: checked, bounded, and known by its hash.

use super::error::shortened;
use crate::engine::gateway::redaction::{self, visible};
use crate::engine::tools::Server;
use crate::model::field::FieldError;
use crate::model::tool::{ToolAnnotations, ToolDescription};
use jsonschema::{PatternOptions, Validator};
use rmcp::model::Tool;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The longest name with its prefix: models take no longer ones.
const LONGEST_NAME: usize = 64;

/// The largest definition, as JSON.
const LARGEST: usize = 64 * 1024;

/// How deep a schema may go.
const DEEPEST: usize = 32;

/// The most mistakes in arguments that are told at once.
const MAX_MISTAKES: usize = 20;

/// A tool of a third party as it was listed.
pub(in crate::engine::gateway) struct PartyTool {
    /// Its name at the third party.
    pub(super) own_name: String,
    /// The server that it belongs to.
    pub(in crate::engine::gateway) server: Server,
    /// As it is listed here, under its prefix.
    pub(in crate::engine::gateway) description: Arc<ToolDescription>,
    /// What is pinned: name, title, description, schemas, annotations, in one order.
    pub(super) definition: Value,
    /// The SHA-256 of it.
    pub(in crate::engine::gateway) sha256: String,
    input: Validator,
    output: Option<Validator>,
}

impl PartyTool {
    /// Reads what was listed.
    ///
    /// # Errors
    /// Why the tool cannot be offered.
    pub(super) fn read(server: Server, tool: &Tool) -> Result<Self, String> {
        let own_name = tool.name.as_ref();
        let name = format!("{}_{own_name}", server.id());
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if own_name.is_empty() || !own_name.chars().all(fits) {
            return Err(format!(
                "The name {:?} has characters that no tool's name may have.",
                shortened(own_name)
            ));
        }
        if name.len() > LONGEST_NAME {
            return Err(format!("The name {name} is longer than {LONGEST_NAME} characters."));
        }
        let input_schema = Value::Object((*tool.input_schema).clone());
        let output_schema =
            tool.output_schema.as_ref().map_or(Value::Null, |schema| Value::Object((**schema).clone()));
        let definition = in_order(&json!({
            "name": own_name,
            "title": tool.title,
            "description": tool.description,
            "inputSchema": input_schema,
            "outputSchema": output_schema,
            "annotations": tool.annotations,
        }));
        let text = definition.to_string();
        if text.len() > LARGEST {
            return Err(format!("The definition of {name} is larger than {} KiB.", LARGEST / 1024));
        }
        if is_deeper(&definition, DEEPEST) {
            return Err(format!("The schema of {name} goes deeper than {DEEPEST} levels."));
        }
        let input =
            validator(&input_schema).map_err(|why| format!("The input schema of {name} is wrong: {why}."))?;
        let output = match &output_schema {
            Value::Null => None,
            schema => Some(
                validator(schema).map_err(|why| format!("The output schema of {name} is wrong: {why}."))?,
            ),
        };
        Ok(Self {
            own_name: own_name.to_owned(),
            server,
            sha256: redaction::digest(text.as_bytes()),
            description: Arc::new(described(server, name, tool, input_schema, output_schema)),
            definition,
            input,
            output,
        })
    }

    /// What the tool does to the world. What a third party does not say is taken for the worst.
    pub(in crate::engine::gateway) fn reads_only(&self) -> bool {
        self.description.annotations.read_only_hint
    }

    /// Compares arguments with the schema.
    pub(in crate::engine::gateway) fn check(&self, arguments: &Value) -> Result<(), Vec<FieldError>> {
        let wrong: Vec<_> = self
            .input
            .iter_errors(arguments)
            .take(MAX_MISTAKES)
            .map(|error| {
                let path = error.instance_path().as_str().trim_start_matches('/').replace('/', ".");
                FieldError::new(path, shortened(&error.masked_with("the value").to_string()))
            })
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// Whether the tool has promised how its results look.
    pub(super) fn promises_structure(&self) -> bool {
        self.output.is_some()
    }

    /// Compares a structured result with what the tool has promised.
    pub(super) fn check_result(&self, result: &Value) -> Result<(), String> {
        let Some(output) = &self.output else { return Ok(()) };
        output.validate(result).map_err(|error| {
            let place = error.instance_path().as_str();
            let place = if place.is_empty() { "the whole result" } else { place };
            format!("{} at {place}", shortened(&error.masked_with("the value").to_string()))
        })
    }
}

fn described(
    server: Server,
    name: String,
    tool: &Tool,
    input_schema: Value,
    output_schema: Value,
) -> ToolDescription {
    let hints = tool.annotations.clone().unwrap_or_default();
    let title = tool.title.clone().or(hints.title).unwrap_or_else(|| tool.name.to_string());
    ToolDescription {
        name,
        server: server.id().to_owned(),
        title: shortened(&title),
        description: readable(tool.description.as_deref().unwrap_or_default()),
        input_schema,
        output_schema,
        annotations: ToolAnnotations {
            read_only_hint: hints.read_only_hint.unwrap_or(false),
            destructive_hint: hints.destructive_hint.unwrap_or(true),
            idempotent_hint: hints.idempotent_hint.unwrap_or(false),
            open_world_hint: hints.open_world_hint.unwrap_or(true),
        },
    }
}

/// A text of several lines without characters that hide something from people and not from models.
fn readable(text: &str) -> String {
    let hidden = |c: char| ('\u{E0000}'..='\u{E007F}').contains(&c);
    let text: String = text.chars().filter(|c| !hidden(*c)).collect();
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// A validator that asks no network and whose patterns take no more than linear time.
fn validator(schema: &Value) -> Result<Validator, String> {
    jsonschema::options()
        .with_pattern_options(PatternOptions::regex())
        .build(schema)
        .map_err(|error| shortened(&error.to_string()))
}

/// The same with the fields of objects in alphabetical order.
fn in_order(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| name.as_str());
            Value::Object(
                fields
                    .into_iter()
                    .map(|(name, value)| (name.clone(), in_order(value)))
                    .collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(in_order).collect()),
        other => other.clone(),
    }
}

fn is_deeper(value: &Value, levels: usize) -> bool {
    match value {
        Value::Object(fields) => levels == 0 || fields.values().any(|value| is_deeper(value, levels - 1)),
        Value::Array(items) => levels == 0 || items.iter().any(|value| is_deeper(value, levels - 1)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(value: Value) -> Tool {
        serde_json::from_value(value).expect("a tool")
    }

    fn read(value: Value) -> Result<PartyTool, String> {
        PartyTool::read(Server::third_party("tickets"), &tool(value))
    }

    #[test]
    fn the_hash_is_that_of_the_definition_whatever_the_order_of_its_fields() {
        let one = read(json!({ "name": "a", "inputSchema": { "type": "object", "title": "x" } }));
        let other = read(json!({ "inputSchema": { "title": "x", "type": "object" }, "name": "a" }));
        let changed = read(
            json!({ "name": "a", "description": "new", "inputSchema": { "type": "object", "title": "x" } }),
        );
        let hash = |tool: Result<PartyTool, String>| tool.expect("a tool").sha256;
        let (one, other) = (hash(one), hash(other));
        assert_eq!(one, other);
        assert_ne!(one, hash(changed));
    }

    #[test]
    fn what_a_third_party_does_not_say_is_taken_for_the_worst() {
        let hints = read(json!({ "name": "a", "inputSchema": { "type": "object" } })).expect("a tool");
        let hints = hints.description.annotations;
        assert!(!hints.read_only_hint && hints.destructive_hint && hints.open_world_hint);
    }

    #[test]
    fn names_and_schemas_that_cannot_be_offered_say_why() {
        let mut deep = json!({ "type": "object" });
        for _ in 0..DEEPEST {
            deep = json!({ "properties": { "a": deep } });
        }
        for (wrong, why) in [
            (json!({ "name": "a b", "inputSchema": {} }), "characters"),
            (json!({ "name": "a".repeat(60), "inputSchema": {} }), "longer than 64"),
            (
                json!({ "name": "a", "inputSchema": { "$ref": "https://elsewhere.example/x" } }),
                "input schema",
            ),
            (json!({ "name": "a", "inputSchema": deep }), "deeper"),
            (json!({ "name": "a", "description": "x".repeat(70_000), "inputSchema": {} }), "larger than"),
        ] {
            let told = read(wrong).err().unwrap_or_default();
            assert!(told.contains(why), "{told:?} is not {why}");
        }
    }

    #[test]
    fn hidden_characters_do_not_reach_a_model() {
        let shown = readable("Lists shows.\nAnd \u{E0049}ignore\u{202E} this");
        assert_eq!(shown, "Lists shows.\nAnd ignore\u{FFFD} this");
    }
}
