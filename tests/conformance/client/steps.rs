//! What the client does in each scenario: what a person would have it do who uses the server.

use crate::scenario::Scenario;
use patchline::engine::gateway::UpstreamClient;
use patchline::engine::tools::Progress;
use rmcp::model::{CallToolRequestParams, CallToolResult, Tool};
use serde_json::{Map, Value, json};
use std::error::Error;

/// Does it.
pub(crate) async fn take(scenario: &Scenario) -> Result<(), Box<dyn Error>> {
    let client = scenario.client()?;
    match scenario.name.as_str() {
        "initialize" => client.connect().await?,
        "tools_call" => {
            listed(&client, "add_numbers").await?;
            call(&client, "add_numbers", json!({ "a": 5, "b": 3 })).await?;
        }
        "http-custom-headers" => {
            client.list().await?;
            for wanted in &scenario.context.tool_calls {
                call(&client, &wanted.name, Value::Object(wanted.arguments.clone())).await?;
            }
        }
        "json-schema-2020-12-preservation" => {
            let tool = listed(&client, "json_schema_2020_12_tool").await?;
            call(&client, "json_schema_echo", json!({ "schema": tool.input_schema })).await?;
        }
        // The tool's schema refers to an address that must not be asked; there is nothing to call.
        "json-schema-ref-no-deref" => {
            listed(&client, "lookup_user").await?;
        }
        _ => call_all(&client).await?,
    }
    Ok(())
}

/// Calls every tool that the client lets through, with what its schema needs.
async fn call_all(client: &UpstreamClient) -> Result<(), Box<dyn Error>> {
    for tool in client.list().await? {
        call(client, &tool.name, fitting(&tool)).await?;
    }
    Ok(())
}

/// The tool of a name, which has to be listed.
async fn listed(client: &UpstreamClient, name: &str) -> Result<Tool, Box<dyn Error>> {
    let tools = client.list().await?;
    tools.into_iter().find(|tool| tool.name == name).ok_or_else(|| format!("{name} is not listed").into())
}

async fn call(
    client: &UpstreamClient,
    name: &str,
    arguments: Value,
) -> Result<CallToolResult, Box<dyn Error>> {
    let mut params = CallToolRequestParams::new(name.to_owned());
    params.arguments = arguments.as_object().cloned();
    Ok(client.call(params, &Progress::ignored()).await?)
}

/// Arguments with a word for each field that the schema needs.
fn fitting(tool: &Tool) -> Value {
    let needed = tool.input_schema.get("required").and_then(Value::as_array);
    let needed = needed.into_iter().flatten().filter_map(Value::as_str);
    Value::Object(needed.map(|name| (name.to_owned(), json!("Oslo"))).collect::<Map<_, _>>())
}
