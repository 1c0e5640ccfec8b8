//! `find_tools`: finds a tool for a purpose, so that a client need not read the descriptions of all.

use super::{catalogue, outcome, run_task, text};
use crate::model::tool::ToolDescription;
use crate::web::mcp::asked::Asked;
use crate::web::mcp::handler::Handler;
use crate::web::mcp::instructions;
use rmcp::model::{CallToolResult, ContentBlock, JsonObject, Tool, ToolAnnotations};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(super) const NAME: &str = "find_tools";

/// Tools that are found unless more are asked for.
const FOUND: usize = 5;

/// From which likeness on two words count as the same.
const ALIKE: f64 = 0.9;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Input {
    query: String,
    #[serde(default = "found")]
    limit: usize,
}

fn found() -> usize {
    FOUND
}

/// The tool as it is listed.
pub(super) fn tool() -> Tool {
    let input = json!({
        "type": "object",
        "required": ["query"],
        "additionalProperties": false,
        "properties": {
            "query": { "type": "string", "minLength": 1, "maxLength": 200, "description": "What is to be done, for instance: upload a cover" },
            "limit": { "type": "integer", "minimum": 1, "maximum": 50, "default": FOUND, "description": "How many tools at most" },
        },
    });
    let output = json!({
        "type": "object",
        "required": ["tools"],
        "properties": { "tools": { "type": "array", "items": {
            "type": "object",
            "required": ["name", "server", "title", "description", "readOnly"],
            "properties": {
                "name": { "type": "string" },
                "server": { "type": "string" },
                "title": { "type": "string" },
                "description": { "type": "string" },
                "readOnly": { "type": "boolean" },
            },
        } } },
    });
    Tool::new(NAME, "Finds the tools of the label that fit a purpose, best first.", catalogue::schema(&input))
        .with_title("Find tools")
        .with_raw_output_schema(catalogue::schema(&output))
        .with_annotations(
            ToolAnnotations::with_title("Find tools")
                .read_only(true)
                .destructive(false)
                .idempotent(true)
                .open_world(false),
        )
        .with_icons(vec![instructions::icon(None)])
}

/// Finds tools.
pub(super) fn call(handler: &Handler, asked: &Asked, arguments: Option<JsonObject>) -> CallToolResult {
    let input: Input = match serde_json::from_value(Value::Object(arguments.unwrap_or_default())) {
        Ok(input) => input,
        Err(error) => return wrong(&format!("{error}. find_tools needs a query, and takes a limit.")),
    };
    let mut offered = catalogue::offered(handler, asked);
    offered.extend(run_task::is_offered(handler, asked).then(run_task::description));
    let tools = best(&offered, &input.query, input.limit.clamp(1, 50));
    let output = json!({ "tools": tools });
    let content = vec![ContentBlock::text(text::readable("Find tools", &output))];
    outcome::structured(output, content)
}

/// The result for arguments that cannot be read.
pub(super) fn wrong(message: &str) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(format!("The arguments are wrong: {message}"))])
}

fn best(tools: &[ToolDescription], query: &str, limit: usize) -> Vec<Value> {
    let wanted = words(query);
    let mut ranked: Vec<_> = tools.iter().map(|tool| (score(tool, &wanted), tool)).collect();
    ranked.retain(|(score, _)| *score > 0);
    ranked.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.name.cmp(&other.name)));
    let described = |(_, tool): (u32, &ToolDescription)| {
        json!({
            "name": tool.name,
            "server": tool.server,
            "title": tool.title,
            "description": tool.description,
            "readOnly": tool.annotations.read_only_hint,
        })
    };
    ranked.into_iter().take(limit).map(described).collect()
}

/// How well a tool fits: a word in its name counts most, one in its description least.
fn score(tool: &ToolDescription, wanted: &BTreeSet<String>) -> u32 {
    let parts = [
        (4, words(&tool.name)),
        (3, words(&tool.title)),
        (1, words(&tool.description)),
        (1, words(&tool.server)),
    ];
    let has = |part: &BTreeSet<String>, word: &str| {
        part.contains(word) || part.iter().any(|other| strsim::jaro_winkler(other, word) >= ALIKE)
    };
    wanted
        .iter()
        .map(|word| parts.iter().filter(|(_, part)| has(part, word)).map(|(weight, _)| weight).sum::<u32>())
        .sum()
}

/// The words of a text that say something, in lower case and without the s of a plural.
fn words(text: &str) -> BTreeSet<String> {
    const EMPTY: [&str; 14] =
        ["a", "an", "the", "of", "for", "to", "in", "and", "or", "is", "by", "with", "it", "all"];
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !EMPTY.contains(word))
        .map(|word| match word.strip_suffix('s') {
            Some(singular) if singular.len() > 2 => singular.to_owned(),
            _ => word.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::tool::ToolAnnotations;

    fn tool(name: &str, title: &str, description: &str) -> ToolDescription {
        ToolDescription {
            name: name.to_owned(),
            server: "s3".to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            input_schema: Value::Null,
            output_schema: Value::Null,
            annotations: ToolAnnotations {
                read_only_hint: true,
                destructive_hint: false,
                idempotent_hint: true,
                open_world_hint: false,
            },
        }
    }

    #[test]
    fn the_tool_that_fits_best_comes_first() {
        let tools = [
            tool("list_contracts", "List contracts", "Lists the label's contracts."),
            tool("upload_artwork", "Upload artwork", "Stores a cover or portrait."),
            tool("upload_audio_file", "Upload an audio file", "Stores an audio file."),
        ];
        let names = |query| -> Vec<String> {
            best(&tools, query, 5)
                .iter()
                .filter_map(|tool| tool["name"].as_str().map(str::to_owned))
                .collect()
        };
        assert_eq!(names("upload a cover"), ["upload_artwork", "upload_audio_file"]);
        assert_eq!(names("contract"), ["list_contracts"]);
        assert!(names("weather").is_empty());
    }
}
