//! Listing and calling tools.

use super::client::{BOTH, Era, Person, call, connect, request, served, text};
use crate::support::{Patchline, artist};
use serde_json::{Value, json};

#[tokio::test]
async fn a_tool_answers_clients_of_both_eras_and_the_call_is_on_record() {
    let (patchline, served) = served().await;
    for era in BOTH {
        let client = connect(&served, "/mcp", era, Person::silent().0).await;
        let result = call(&client, "query_artist_data", json!({ "artistId": "art_1" })).await;
        assert_eq!(result.is_error, Some(false), "{era:?}");
        let structured = result.structured_content.clone().expect("a structured part");
        assert_eq!(structured["rows"][0]["name"], "Mira", "{era:?}");
        assert!(text(&result).contains("| art_1 | Mira |"), "{era:?}: {}", text(&result));
        client.cancel().await.expect("the client ends");
    }
    let records = patchline.audit_records().await;
    let channels: Vec<_> = records.iter().map(|record| record["channel"].as_str()).collect();
    assert_eq!(channels, [Some("mcp"), Some("mcp")]);
}

#[tokio::test]
async fn tools_are_described_for_people_and_models_in_a_stable_order() {
    let (_patchline, served) = served().await;
    let client = connect(&served, "/mcp", Era::Modern, Person::silent().0).await;
    let tools = client.list_all_tools().await.expect("tools");
    let names =
        |tools: &[rmcp::model::Tool]| tools.iter().map(|tool| tool.name.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&tools), names(&client.list_all_tools().await.expect("tools")));
    assert!(tools.len() > 15);
    for tool in &tools {
        assert!(tool.title.is_some() && tool.description.is_some() && tool.icons.is_some(), "{}", tool.name);
        assert!(
            tool.annotations.as_ref().is_some_and(|hints| hints.read_only_hint.is_some()),
            "{}",
            tool.name
        );
        assert!(tool.output_schema.is_some(), "{}", tool.name);
        assert_eq!(tool.input_schema["type"], "object", "{}", tool.name);
    }
}

#[tokio::test]
async fn a_task_in_words_stands_beside_the_tools_and_asks_where_it_means_several_things() {
    let (patchline, served) = served().await;
    patchline.put("artists", artist("art_2", "Mira")).await;
    for era in BOTH {
        let client = connect(&served, "/mcp", era, Person::silent().0).await;
        let tools = client.list_all_tools().await.expect("tools");
        assert!(tools.iter().any(|tool| tool.name == "run_task"), "{era:?}");
        let asked = json!({ "task": "How is Mira doing this month against last?" });
        let result = call(&client, "run_task", asked).await;
        let told = result.structured_content.clone().expect("a structured part");
        assert_eq!((result.is_error, &told["state"]), (Some(false), &json!("asking")), "{told:#}");
        assert!(text(&result).contains("art_2"), "{}", text(&result));
        let wrong = call(&client, "run_task", json!({ "colour": "red" })).await;
        assert!(text(&wrong).contains("colour"), "{}", text(&wrong));
    }
    let client = connect(&served, "/mcp/s3", Era::Modern, Person::silent().0).await;
    let tools = client.list_all_tools().await.expect("tools");
    assert!(tools.iter().all(|tool| tool.name != "run_task"));
}

#[tokio::test]
async fn an_address_of_one_server_has_only_its_tools() {
    let (_patchline, served) = served().await;
    let client = connect(&served, "/mcp/s3", Era::Modern, Person::silent().0).await;
    let tools = client.list_all_tools().await.expect("tools");
    assert!(tools.iter().any(|tool| tool.name == "list_audio_files"));
    assert!(tools.iter().all(|tool| tool.name != "query_artist_data"));
    let error = client.call_tool(request("query_artist_data", json!({}))).await.expect_err("it is not here");
    assert!(error.to_string().contains("/mcp has the tools of all servers"), "{error}");
}

#[tokio::test]
async fn wrong_arguments_are_a_result_that_names_them_and_on_record() {
    let (patchline, served) = served().await;
    for era in BOTH {
        let client = connect(&served, "/mcp", era, Person::silent().0).await;
        let result = call(&client, "query_artist_data", json!({ "limit": 0, "colour": "red" })).await;
        assert_eq!(result.is_error, Some(true));
        let said = text(&result);
        assert!(said.contains("limit") && said.contains("colour") && said.contains("request req_"), "{said}");
    }
    refusals_are_on_record(&patchline, "query_artist_data", "invalid", BOTH.len()).await;
}

/// So many calls of a tool over MCP are on record, all of which came to the same kind of error.
async fn refusals_are_on_record(patchline: &Patchline, tool: &str, kind: &str, count: usize) {
    let records = patchline.audit_records().await;
    let is_told = |record: &&Value| {
        let of_call =
            record["operation"] == tool && record["channel"] == "mcp" && record["phase"] == "outcome";
        of_call && record["error"].as_str().is_some_and(|error| error.starts_with(&format!("{kind}: ")))
    };
    assert_eq!(records.iter().filter(is_told).count(), count, "{records:?}");
    assert_eq!(records.len(), count, "and nothing else: {records:?}");
}

#[tokio::test]
async fn an_unknown_tool_is_an_error_of_the_protocol_that_names_the_nearest_and_on_record() {
    let (patchline, served) = served().await;
    let client = connect(&served, "/mcp", Era::Modern, Person::silent().0).await;
    let error = client.call_tool(request("query_artists_data", json!({}))).await.expect_err("there is none");
    let said = error.to_string();
    assert!(said.contains("-32602") && said.contains("query_artist_data"), "{said}");
    refusals_are_on_record(&patchline, "query_artists_data", "notFound", 1).await;
}

#[tokio::test]
async fn a_tool_is_found_by_its_purpose_and_called_through_the_compact_mode() {
    let (_patchline, served) = served().await;
    let client = connect(&served, "/mcp?mode=compact", Era::Modern, Person::silent().0).await;
    let tools = client.list_all_tools().await.expect("tools");
    let names: Vec<_> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    assert_eq!(names, ["find_tools", "describe_tool", "call_tool"]);
    let found = call(&client, "find_tools", json!({ "query": "read artists" })).await;
    let found = found.structured_content.expect("tools")["tools"][0]["name"].clone();
    assert_eq!(found, "query_artist_data");
    let described = call(&client, "describe_tool", json!({ "name": found })).await;
    assert!(
        described.structured_content.expect("a description")["inputSchema"]["properties"]["artistId"]
            .is_object()
    );
    let called =
        call(&client, "call_tool", json!({ "name": found, "arguments": { "artistId": "art_1" } })).await;
    assert_eq!(called.structured_content.expect("rows")["rows"][0]["name"], "Mira");
}

#[tokio::test]
async fn a_file_comes_as_a_link_that_can_be_read() {
    let (patchline, served) = served().await;
    let content = crate::support::base64(&crate::support::wav());
    patchline
        .result_of("upload_audio_file", json!({ "fileName": "a/b c.wav", "fileContent": content }))
        .await;
    let client = connect(&served, "/mcp", Era::Modern, Person::silent().0).await;
    let result = call(&client, "get_audio_file", json!({ "fileName": "a/b c.wav" })).await;
    let link = result.content.iter().find_map(rmcp::model::ContentBlock::as_resource_link).expect("a link");
    assert_eq!(link.uri, "patchline://files/patchline-audio/a/b%20c.wav");
    assert_eq!((link.mime_type.as_deref(), link.size), (Some("audio/wav"), Some(16_044)));
    let version = result.structured_content.expect("a file")["versionId"].clone();
    let asked = json!({ "fileName": "a/b c.wav", "versionId": version });
    let result = call(&client, "get_audio_file", asked).await;
    assert_eq!(result.is_error, Some(false), "{result:?}");
    let link = result.content.iter().find_map(rmcp::model::ContentBlock::as_resource_link);
    assert!(link.is_none(), "a link would lead to the newest version: {link:?}");
}

#[tokio::test]
async fn a_key_is_needed_where_one_is_given() {
    let patchline = Patchline::with(&[("PATCHLINE_BOOTSTRAP_KEY", "a-key-of-enough-length")]).await;
    let served = patchline.listen().await;
    let status = |key: &'static str| {
        let request = reqwest::Client::new().post(format!("{}/mcp", served.url()));
        async move { request.bearer_auth(key).body("{}").send().await.expect("an answer").status().as_u16() }
    };
    assert_eq!(status("something-else").await, 401);
    assert_eq!(status("a-key-of-enough-length").await, 400);
}
