//! Reads which tools a model may call: `toolConfig`.

use serde_json::{Map, Value};

use crate::embedded_aws::bedrock::faults::invalid;
use crate::embedded_aws::bedrock::models::{ToolChoice, ToolSpec, Toolbox};
use crate::embedded_aws::bedrock::request::Fields;
use crate::embedded_aws::fault::Fault;

/// The longest name of a tool, and of a call.
const LONGEST_NAME: usize = 64;

/// The tools of a request; none where it has none.
pub(super) fn read(request: &Fields<'_>) -> Result<Option<Toolbox>, Fault> {
    let Some(config) = request.object("toolConfig", &["tools", "toolChoice"])? else { return Ok(None) };
    let mut tools: Vec<ToolSpec> = Vec::new();
    for tool in config.objects("tools", &["toolSpec"])? {
        let spec = tool.required_object("toolSpec", &["name", "description", "inputSchema"])?;
        let spec = spec_of(&spec)?;
        if tools.iter().any(|known| known.name == spec.name) {
            return Err(invalid(format!("The tool {} is defined twice in toolConfig.tools.", spec.name)));
        }
        tools.push(spec);
    }
    if tools.is_empty() {
        return Err(invalid("toolConfig.tools must have at least one tool"));
    }
    let choice = match config.object("toolChoice", &["auto", "any", "tool"])? {
        Some(choice) => choice_of(&choice, &tools)?,
        None => ToolChoice::Auto,
    };
    Ok(Some(Toolbox { tools, choice }))
}

fn spec_of(spec: &Fields<'_>) -> Result<ToolSpec, Fault> {
    let description = spec.text("description")?.map(str::to_owned);
    if description.as_ref().is_some_and(String::is_empty) {
        return Err(invalid(format!("{} must not be empty", spec.name("description"))));
    }
    let schema = spec.required_object("inputSchema", &["json"])?;
    Ok(ToolSpec { name: name_of(spec)?, description, schema: schema_of(&schema)? })
}

fn schema_of(schema: &Fields<'_>) -> Result<Map<String, Value>, Fault> {
    let place = schema.name("json");
    let json = schema.get("json").and_then(Value::as_object);
    let json = json.ok_or_else(|| invalid(format!("{place} must be an object")))?;
    if json.get("type").and_then(Value::as_str) != Some("object") {
        return Err(invalid(format!("The value at {place}.type must be one of the following: object.")));
    }
    Ok(json.clone())
}

fn choice_of(choice: &Fields<'_>, tools: &[ToolSpec]) -> Result<ToolChoice, Fault> {
    let auto = choice.object("auto", &[])?.map(|_| ToolChoice::Auto);
    let any = choice.object("any", &[])?.map(|_| ToolChoice::Any);
    let tool = match choice.object("tool", &["name"])? {
        Some(tool) => {
            let name = name_of(&tool)?;
            if tools.iter().all(|known| known.name != name) {
                return Err(invalid(format!(
                    "{} is {name}, which is no tool of toolConfig.tools",
                    tool.name("name")
                )));
            }
            Some(ToolChoice::Tool(name))
        }
        None => None,
    };
    let mut chosen = auto.into_iter().chain(any).chain(tool);
    match (chosen.next(), chosen.next()) {
        (Some(choice), None) => Ok(choice),
        _ => Err(invalid("toolConfig.toolChoice must be one of auto, any and tool")),
    }
}

/// The name of a tool.
pub(super) fn name_of(fields: &Fields<'_>) -> Result<String, Fault> {
    identifier(fields, "name")
}

/// A name of letters, digits, `_` and `-`.
pub(super) fn identifier(fields: &Fields<'_>, member: &str) -> Result<String, Fault> {
    let name = fields.required_text(member)?;
    let fits = (1..=LONGEST_NAME).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if !fits {
        return Err(invalid(format!(
            "{} must have 1 to {LONGEST_NAME} letters, digits, _ and -, not {name:?}",
            fields.name(member)
        )));
    }
    Ok(name.to_owned())
}
