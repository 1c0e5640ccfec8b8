//! Tasks as programs of the label use them: a slow one goes on at its address, and all that is told is as the
//! description of the interface says.

use crate::support::gate::{Gate, lists_files};
use crate::support::{Answer, Patchline, eventually};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::Engine;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What the interface says of itself.
struct Described(Value);

impl Described {
    async fn read(patchline: &Patchline) -> Self {
        Self(patchline.get("/api/openapi.json").await.json())
    }

    fn operation(&self, path: &str, method: &str) -> &Value {
        &self.0["paths"][path][method]
    }

    /// Asserts that an answer is one of those that are described, with such a body.
    fn has(&self, path: &str, method: &str, answer: &Answer) {
        let described = &self.operation(path, method)["responses"][answer.status.as_str()];
        let schema = &described["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{method} {path} does not say that it answers {}", answer.status);
        let validator = jsonschema::validator_for(schema).expect("a schema");
        let told = answer.json();
        let wrong: Vec<_> = validator.iter_errors(&told).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{method} {path}: {wrong:#?} in {told:#}");
    }
}

async fn post(patchline: &Patchline, engine: &Engine, headers: &[(&str, &str)], body: &Value) -> Answer {
    let mut request = Request::post("/api/aws-mcp").header(header::CONTENT_TYPE, "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_string())).expect("a request");
    patchline.send_to(engine.clone(), request).await
}

async fn get(patchline: &Patchline, engine: &Engine, path: &str) -> Answer {
    let request = Request::get(path).body(Body::empty()).expect("a request");
    patchline.send_to(engine.clone(), request).await
}

#[tokio::test]
async fn a_slow_task_goes_on_at_its_address_and_has_its_result_there() {
    let patchline = Patchline::start().await;
    patchline.put_sound("artists/art_1/a.wav").await;
    let described = Described::read(&patchline).await;
    let gate = Gate::closed(&patchline, lists_files);
    let engine = gate.engine(&patchline).await;
    let task = json!({ "task": "Check the newest upload" });
    let begun = post(&patchline, &engine, &[("prefer", "wait=0")], &task).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text());
    described.has("/api/aws-mcp", "post", &begun);
    let told = begun.json();
    assert_eq!((&told["success"], &told["error"]), (&json!(false), &Value::Null), "{told:#}");
    let address = begun.headers[header::LOCATION].to_str().expect("an address").to_owned();
    assert_eq!(address, format!("/api/tasks/{}", told["data"]["id"].as_str().expect("an id")));

    gate.has_under_way(1).await;
    let under_way = get(&patchline, &engine, &address).await;
    described.has("/api/tasks/{id}", "get", &under_way);
    let under_way = under_way.json();
    assert_eq!(
        (&under_way["state"], &under_way["steps"][0]["state"]),
        (&json!("running"), &json!("running"))
    );
    assert!(under_way["answer"].is_null(), "{under_way:#}");

    gate.open();
    let has_ended = || async { get(&patchline, &engine, &address).await.json()["endedAt"].is_string() };
    eventually("the task ends", has_ended).await;
    let ended = get(&patchline, &engine, &address).await;
    described.has("/api/tasks/{id}", "get", &ended);
    let ended = ended.json();
    assert_eq!(ended["state"], "done", "{ended:#}");
    assert!(ended["answer"].is_object() && ended["steps"][0]["result"].is_object(), "{ended:#}");

    // Where nothing holds it up, the same task has its result at once.
    let at_once = post(&patchline, &engine, &[("prefer", "wait=60")], &task).await;
    assert_eq!(at_once.status, StatusCode::OK, "{}", at_once.text());
    described.has("/api/aws-mcp", "post", &at_once);
    assert_eq!(at_once.json()["metadata"]["toolsUsed"], json!(["list_audio_files", "process_audio"]));
}

#[tokio::test]
async fn what_may_be_sent_with_a_task_and_what_is_refused_is_described() {
    let patchline = Patchline::start().await;
    let described = Described::read(&patchline).await;
    let run = described.operation("/api/aws-mcp", "post");
    let parameters = run["parameters"].as_array().expect("parameters");
    let named: BTreeSet<_> = parameters.iter().filter_map(|parameter| parameter["name"].as_str()).collect();
    assert_eq!(named, BTreeSet::from(["Idempotency-Key", "Prefer"]));
    let body = &run["requestBody"]["content"]["application/json"]["schema"];
    let roles = json!(["artist", "producer", "manager", "label", "admin"]);
    assert_eq!(
        (&body["required"], &body["properties"]["musicIndustryRole"]["enum"]),
        (&json!(["task"]), &roles)
    );
    let validator = jsonschema::validator_for(body).expect("a schema");
    for (sent, is_valid) in [
        (json!({ "task": "x", "parameters": { "artistId": "art_1" }, "musicIndustryRole": "label" }), true),
        (json!({ "task": "x", "musicIndustryRole": "king" }), false),
        (json!({ "task": "" }), false),
        (json!({}), false),
    ] {
        assert_eq!(validator.is_valid(&sent), is_valid, "{sent}");
        let answer = post(&patchline, &patchline.engine, &[], &sent).await;
        assert_eq!(answer.status.is_success(), is_valid, "{sent}: {}", answer.text());
    }
    let (first, other) = ("Colourless green ideas sleep furiously", "Furiously sleep ideas green colourless");
    let keyed = async |words: &str| {
        post(&patchline, &patchline.engine, &[("idempotency-key", "run-1")], &json!({ "task": words })).await
    };
    let begun = keyed(first).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text());
    assert_eq!(keyed(first).await.json()["data"]["id"], begun.json()["data"]["id"]);
    let refused = keyed(other).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert!(run["responses"]["422"].is_object(), "{run:#}");
}

#[tokio::test]
async fn programs_are_told_the_tools_with_their_schemas_and_how_the_servers_are() {
    let patchline = Patchline::with(&[("ENABLE_RDS", "true")]).await;
    let described = Described::read(&patchline).await;
    let tools = patchline.get("/api/aws-mcp").await;
    described.has("/api/aws-mcp", "get", &tools);
    let tools = tools.json();
    assert_eq!(tools, patchline.get("/api/aws-mcp?action=tools").await.json());
    assert_eq!(tools, patchline.get("/api/tools").await.json());
    let tools = tools["tools"].as_array().expect("tools");
    let of_artists = tools.iter().find(|tool| tool["name"] == "query_artist_data").expect("the tool");
    assert!(of_artists["inputSchema"]["properties"]["artistId"].is_object(), "{of_artists:#}");
    assert!(of_artists["outputSchema"]["properties"]["rows"].is_object(), "{of_artists:#}");

    let health = patchline.get("/api/aws-mcp?action=health").await;
    assert_eq!(health.status, StatusCode::OK, "{}", health.text());
    described.has("/api/aws-mcp", "get", &health);
    let health = health.json();
    assert!(health["overall"]["words"].as_str().is_some_and(|words| !words.is_empty()), "{health:#}");
    let servers = health["servers"].as_array().expect("servers");
    let ids: BTreeSet<_> = servers.iter().filter_map(|server| server["id"].as_str()).collect();
    assert_eq!(ids, BTreeSet::from(["cloudwatch", "dynamodb", "music", "rds", "s3"]), "those that are on");
    let of_servers: BTreeSet<_> = servers
        .iter()
        .flat_map(|server| server["tools"].as_array().into_iter().flatten())
        .filter_map(Value::as_str)
        .collect();
    let listed: BTreeSet<_> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert_eq!(of_servers, listed, "each tool is one of a server");
    for server in servers {
        let states = ["unknown", "healthy", "degraded", "failing", "drained"];
        assert!(server["health"].as_str().is_some_and(|health| states.contains(&health)), "{server:#}");
        assert!(server["figures"]["mostConnections"].is_u64(), "{server:#}");
    }
    let wrong = patchline.get("/api/aws-mcp?action=dance").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text());
}
