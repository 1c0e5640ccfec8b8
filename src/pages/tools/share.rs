//! A call as text to take elsewhere: for a shell, and for an MCP client.

use serde_json::{Map, Value, json};

/// The longest single argument that Linux passes to a program is 128 KiB; longer bodies go through
/// the standard input.
const LONGEST_ARGUMENT: usize = 100_000;
/// Brings the key that the command reads from its environment: keys are written nowhere.
const KEY_HEADER: &str = "-H \"authorization: Bearer $PATCHLINE_KEY\"";
/// Stands in a command for the address of this Patchline where that is not known.
const UNKNOWN_ORIGIN: &str = "\"$PATCHLINE_URL\"";

/// The call as a `curl` command for a POSIX shell, which reads the key from `PATCHLINE_KEY`. Without an origin
/// the command reads it from `PATCHLINE_URL`.
pub fn curl(origin: Option<&str>, tool: &str, arguments: &Map<String, Value>) -> String {
    let body = Value::Object(arguments.clone()).to_string();
    let path = format!("/api/tools/{tool}");
    let address = match origin {
        Some(origin) => shell_quoted(&format!("{origin}{path}")),
        None => format!("{UNKNOWN_ORIGIN}{}", shell_quoted(&path)),
    };
    let head =
        format!("curl -X POST {address} \\\n  {KEY_HEADER} \\\n  -H 'content-type: application/json' \\\n");
    if body.len() > LONGEST_ARGUMENT {
        // The body is one line that begins with a brace, so it cannot end the here-document early.
        format!("{head}  --data-binary @- <<'JSON'\n{body}\nJSON")
    } else {
        format!("{head}  -d {}", shell_quoted(&body))
    }
}

/// The call as the JSON-RPC message that an MCP client sends.
pub fn mcp_call(tool: &str, arguments: &Map<String, Value>) -> String {
    let message = json!({
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": { "name": tool, "arguments": arguments }
    });
    format!("{message:#}")
}

/// The command that connects Claude Code with this Patchline.
pub fn mcp_command(origin: Option<&str>) -> String {
    let address = match origin {
        Some(origin) => shell_quoted(&format!("{origin}/mcp")),
        None => format!("{UNKNOWN_ORIGIN}/mcp"),
    };
    format!(
        "claude mcp add --transport http patchline {address} \\\n  --header \"Authorization: Bearer $PATCHLINE_KEY\""
    )
}

/// The file `mcp.json` of Cursor, and of other clients that read such a file.
pub fn mcp_settings(origin: Option<&str>) -> String {
    let address = format!("{}/mcp", origin.unwrap_or("http://127.0.0.1:3000"));
    let headers = json!({ "Authorization": "Bearer ${env:PATCHLINE_KEY}" });
    format!("{:#}", json!({ "mcpServers": { "patchline": { "url": address, "headers": headers } } }))
}

/// A text as one word of a POSIX shell: in single quotes, within which only the quote itself means
/// anything (Shell Command Language §2.2.2).
fn shell_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::process::Command;

    fn object(value: Value) -> Map<String, Value> {
        let Value::Object(object) = value else { panic!("arguments are an object") };
        object
    }

    #[test]
    fn a_command_posts_the_arguments_to_the_tool() {
        let arguments = object(json!({ "artistId": "art-1" }));
        assert_eq!(
            curl(Some("https://patchline.example"), "query_artist_data", &arguments),
            "curl -X POST 'https://patchline.example/api/tools/query_artist_data' \\\n  \
             -H \"authorization: Bearer $PATCHLINE_KEY\" \\\n  \
             -H 'content-type: application/json' \\\n  \
             -d '{\"artistId\":\"art-1\"}'"
        );
        assert!(
            curl(None, "x", &arguments).starts_with("curl -X POST \"$PATCHLINE_URL\"'/api/tools/x' \\\n")
        );
    }

    #[test]
    fn quotes_dollars_and_backslashes_in_arguments_mean_nothing_to_the_shell() {
        let command = curl(None, "x", &object(json!({ "title": "Don't $(stop) \\ `now`" })));
        assert!(command.ends_with(r#"-d '{"title":"Don'\''t $(stop) \\ `now`"}'"#), "{command}");
    }

    #[test]
    fn a_body_too_long_for_an_argument_goes_through_the_standard_input() {
        let command = curl(None, "x", &object(json!({ "fileContent": "A".repeat(LONGEST_ARGUMENT) })));
        assert!(command.contains("--data-binary @- <<'JSON'\n{\"fileContent\""));
        assert!(command.ends_with("\nJSON"));
    }

    #[test]
    fn an_mcp_call_names_tool_and_arguments() {
        let message: Value = serde_json::from_str(&mcp_call("x", &object(json!({ "a": 1 })))).unwrap();
        assert_eq!(message["method"], "tools/call");
        assert_eq!(message["params"], json!({ "name": "x", "arguments": { "a": 1 } }));
        assert_eq!(message["jsonrpc"], "2.0");
    }

    #[test]
    fn a_client_is_connected_with_the_address_of_mcp() {
        let origin = Some("http://localhost:3000");
        assert_eq!(
            mcp_command(origin),
            "claude mcp add --transport http patchline 'http://localhost:3000/mcp' \\\n  \
             --header \"Authorization: Bearer $PATCHLINE_KEY\""
        );
        let anywhere = "claude mcp add --transport http patchline \"$PATCHLINE_URL\"/mcp \\\n";
        assert!(mcp_command(None).starts_with(anywhere), "{}", mcp_command(None));
        let settings: Value = serde_json::from_str(&mcp_settings(origin)).unwrap();
        let patchline = &settings["mcpServers"]["patchline"];
        assert_eq!(patchline["url"], "http://localhost:3000/mcp");
        assert_eq!(patchline["headers"]["Authorization"], "Bearer ${env:PATCHLINE_KEY}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn a_real_shell_reads_back_what_was_quoted(text in "[^\0]{0,40}") {
            let output = Command::new("sh").arg("-c").arg(format!("printf %s {}", shell_quoted(&text))).output().unwrap();
            prop_assert_eq!(String::from_utf8(output.stdout).unwrap(), text);
        }
    }
}
