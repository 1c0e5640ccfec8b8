//! Who is let in, and what every answer carries.

use crate::support::{Patchline, hours_that_are_not_now};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

fn request(method: &str, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from("{}")).expect("a request")
}

#[tokio::test]
async fn another_name_for_this_machine_is_not_answered() {
    let patchline = Patchline::start().await;
    let rebinding = request("GET", "/api/tools", &[("host", "evil.example")]);
    assert_eq!(patchline.send(rebinding).await.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn another_site_cannot_make_the_browser_change_anything() {
    let patchline = Patchline::start().await;
    for headers in [
        [("sec-fetch-site", "cross-site"), ("host", "localhost:3000")],
        [("origin", "https://evil.example"), ("host", "localhost:3000")],
    ] {
        let forged = request("POST", "/api/tools/list_audio_files", &headers);
        assert_eq!(patchline.send(forged).await.status, StatusCode::FORBIDDEN);
    }
    let own = [("origin", "http://localhost:3000"), ("host", "localhost:3000")];
    let ours = request("POST", "/api/tools/list_audio_files", &own);
    assert_eq!(patchline.send(ours).await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_site_cannot_make_the_browser_run_anything() {
    let patchline = Patchline::start().await;
    let runs = "/tools?tool=list_audio_files&run=1&arguments=%7B%7D";
    for path in [runs, "/logs?run=1", "/knowledge?search=isrc&answer=1", "/artists", "/api/tools"] {
        let embedded = [("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "image")];
        assert_eq!(
            patchline.send(request("GET", path, &embedded)).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    let followed = [("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "document")];
    let answer = patchline.send(request("GET", runs, &followed)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.headers[header::LOCATION], "/tools?tool=list_audio_files&arguments=%7B%7D");
    assert_eq!(patchline.send(request("GET", "/artists", &followed)).await.status, StatusCode::OK);
    let own = [("sec-fetch-site", "none"), ("sec-fetch-dest", "document")];
    assert_eq!(patchline.send(request("GET", runs, &own)).await.status, StatusCode::OK);
    // Only what was asked for by the person's own hand has been run.
    let records = patchline.audit_records().await;
    let run: Vec<_> = records.iter().filter(|record| record["operation"] == "list_audio_files").collect();
    assert_eq!(run.len(), 1, "{records:?}");
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_both_keys_are_on_record() {
    let key = "a-key-of-enough-length";
    let patchline = Patchline::with(&[("PATCHLINE_BOOTSTRAP_KEY", key)]).await;
    let wrong = request("POST", "/api/tools/list_audio_files", &[("authorization", "Bearer something")]);
    let answer = patchline.send(wrong).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer");
    let bearer = format!("Bearer {key}");
    let right = request("POST", "/api/tools/list_audio_files", &[("authorization", &bearer)]);
    assert_eq!(patchline.send(right).await.status, StatusCode::OK);
    let small = format!("bearer {key}");
    let right = request("POST", "/api/tools/list_audio_files", &[("authorization", &small)]);
    assert_eq!(patchline.send(right).await.status, StatusCode::OK, "the scheme is written in any case");
    let records = patchline.audit_records().await;
    let principals: Vec<_> = records.iter().map(|record| &record["principal"]).collect();
    assert_eq!(principals, ["unknown", "key:bootstrap", "key:bootstrap"]);
}

#[tokio::test]
async fn calls_outside_the_allowed_hours_are_refused() {
    let window = hours_that_are_not_now();
    let patchline = Patchline::with(&[("MCP_TIME_RESTRICTIONS", &window)]).await;
    let answer = patchline.tool("list_audio_files", json!({})).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
    let permissive =
        Patchline::with(&[("MCP_TIME_RESTRICTIONS", &window), ("MCP_SECURITY_MODE", "permissive")]).await;
    assert_eq!(permissive.tool("list_audio_files", json!({})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn calls_from_addresses_that_are_not_allowed_are_refused() {
    let elsewhere = Patchline::with(&[("MCP_IP_WHITELIST", "10.0.0.0/8")]).await;
    let answer = elsewhere.tool("list_audio_files", json!({})).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text());
    let here = Patchline::with(&[("MCP_IP_WHITELIST", "10.0.0.0/8,127.0.0.1")]).await;
    assert_eq!(here.tool("list_audio_files", json!({})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn another_method_is_answered_like_every_mistake_and_is_on_record() {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true")]).await;
    let mut answers = Vec::new();
    for (method, path) in [
        ("DELETE", "/api/tools"),
        ("GET", "/api/tools/list_audio_files"),
        ("POST", "/upload/audio?fileName=a.wav"),
        ("POST", "/upload/document?fileName=a.pdf"),
        ("DELETE", "/media/patchline-audio/a.wav"),
        ("PUT", "/export/logs?id=1"),
        ("PUT", "/export/activity"),
        ("PUT", "/export/audit"),
        ("PUT", "/export/tasks/shared/task.md?link=none"),
    ] {
        let answer = patchline.send(request(method, path, &[])).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}: {}", answer.text());
        let message = answer.error()["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.ends_with(&format!("does not take {method}.")), "{message}");
        answers.push(answer);
    }
    patchline.refused_and_recorded(&answers.iter().collect::<Vec<_>>()).await;
}

#[tokio::test]
async fn an_address_that_is_not_understood_names_the_part_that_is_wrong() {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true")]).await;
    let mut answers = Vec::new();
    for (method, path, field) in [
        ("PUT", "/upload/audio", "fileName"),
        ("PUT", "/upload/audio?fileName=a.wav&overwrite=perhaps", "overwrite"),
        ("PUT", "/upload/audio?fileName=a.wav&bucket=x", "bucket"),
        ("PUT", "/upload/audio?fileName=a.wav&metadata=x", "metadata"),
        ("PUT", "/upload/document?title=x", "fileName"),
        ("GET", "/export/logs?format=csv", "id"),
        ("GET", "/export/logs?id=1&limit=all", "limit"),
        ("GET", "/export/logs?id=1&format=pdf", "format"),
        ("GET", "/export/activity?format=pdf", "format"),
        ("GET", "/export/activity?by=somebody", "by"),
        ("GET", "/export/tasks/shared/task.md", "link"),
        ("GET", "/events/tasks/shared", "link"),
    ] {
        let answer = patchline.send(request(method, path, &[])).await;
        let told = (answer.status, answer.wrong_fields());
        assert_eq!(told, (StatusCode::BAD_REQUEST, vec![field.to_owned()]), "{path}: {}", answer.text());
        answers.push(answer);
    }
    patchline.refused_and_recorded(&answers.iter().collect::<Vec<_>>()).await;
}

#[tokio::test]
async fn what_a_page_sends_and_nobody_understands_is_answered_as_such_and_is_on_record() {
    let patchline = Patchline::start().await;
    let mut larger = b"tool=list_audio_files&arguments=".to_vec();
    larger.resize(25 * 1024 * 1024, b'x');
    let form = "application/x-www-form-urlencoded";
    let json_type = "application/json";
    let mut ids = Vec::new();
    for (method, path, content_type, body, status, kind) in [
        ("POST", "/fn/run-tool", form, b"arguments={}".to_vec(), StatusCode::BAD_REQUEST, "invalid"),
        ("POST", "/fn/releases", json_type, b"{".to_vec(), StatusCode::BAD_REQUEST, "invalid"),
        ("POST", "/fn/releases", json_type, b"{}".to_vec(), StatusCode::BAD_REQUEST, "invalid"),
        ("POST", "/fn/run-tool", form, larger, StatusCode::PAYLOAD_TOO_LARGE, "tooLarge"),
        ("DELETE", "/fn/run-tool", form, Vec::new(), StatusCode::METHOD_NOT_ALLOWED, "invalid"),
    ] {
        let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, content_type);
        let answer = patchline.send(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
        let error = answer.json();
        assert_eq!(error["kind"], kind, "{error}");
        assert!(error["message"].as_str().is_some_and(|text| !text.contains("failed")), "{error}");
        ids.push((format!("{method} {path}"), error["requestId"].clone()));
    }
    let missing = Request::post("/fn/run-tool").header(header::CONTENT_TYPE, form);
    let missing = patchline.send(missing.body(Body::from("arguments={}")).expect("a request")).await;
    assert_eq!(missing.json()["fields"][0]["field"], "tool", "{}", missing.text());
    ids.push(("POST /fn/run-tool".to_owned(), missing.json()["requestId"].clone()));
    let records = patchline.audit_records().await;
    let recorded: Vec<_> = records
        .iter()
        .map(|record| {
            (record["operation"].as_str().unwrap_or_default().to_owned(), record["requestId"].clone())
        })
        .collect();
    assert_eq!(recorded, ids);
}

#[tokio::test]
async fn a_form_without_javascript_that_is_not_understood_keeps_its_way_back_and_is_on_record() {
    let patchline = Patchline::start().await;
    let form = Request::post("/fn/run-tool")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, "http://localhost:3000/tools");
    let answer = patchline.send(form.body(Body::from("arguments={}")).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text());
    assert!(answer.headers.contains_key(header::LOCATION));
    let records = patchline.audit_records().await;
    assert_eq!((records.len(), &records[0]["decision"]), (1, &json!("invalid")), "{records:?}");
}

#[tokio::test]
async fn a_form_of_the_knowledge_page_that_comes_to_nothing_is_on_record() {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true")]).await;
    let without_a_file = "--x\r\nContent-Disposition: form-data; name=\"intent\"\r\n\r\nadd\r\n--x--\r\n";
    for (content_type, body, words) in [
        ("text/plain", "no form", "The form could not be read"),
        ("multipart/form-data; boundary=x", "no form", "The form could not be read"),
        ("multipart/form-data; boundary=x", without_a_file, "No file was picked."),
    ] {
        let form = Request::post("/knowledge?view=documents").header(header::CONTENT_TYPE, content_type);
        let answer = patchline.send(form.body(Body::from(body)).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
        assert!(answer.text().contains(words), "{}", answer.text());
    }
    let records = patchline.audit_records().await;
    let refused: Vec<_> = records.iter().filter(|record| record["operation"] == "POST /knowledge").collect();
    assert_eq!(refused.len(), 3, "{records:?}");
    assert!(refused.iter().all(|record| record["decision"] == "invalid" && record["channel"] == "page"));
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_on_record() {
    let patchline = Patchline::start().await;
    let broken = [("content-type", "multipart/form-data; boundary=x")];
    let answer = patchline.send(request("POST", "/tools?tool=list_audio_files", &broken)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    let records = patchline.audit_records().await;
    assert_eq!((records.len(), &records[0]["channel"]), (1, &json!("page")));
    assert!(answer.text().contains(records[0]["requestId"].as_str().expect("an id")));
}

#[tokio::test]
async fn without_the_server_s3_no_uploads_and_files_are_described() {
    let patchline = Patchline::with(&[("ENABLE_S3", "false")]).await;
    let described = patchline.get("/api/openapi.json").await.json();
    assert_eq!(
        (&described["paths"]["/upload/audio"], &described["paths"]["/media/{bucket}/{key}"]),
        (&json!(null), &json!(null))
    );
}

#[tokio::test]
async fn a_bucket_that_is_not_configured_is_never_opened() {
    let patchline = Patchline::start().await;
    let answer = patchline.get("/media/patchline-knowledge/isrc.md").await;
    assert_eq!(
        (answer.status, answer.wrong_fields()),
        (StatusCode::FORBIDDEN, vec!["bucketName".to_owned()])
    );
    assert!(answer.error()["message"].as_str().is_some_and(|text| text.contains("patchline-knowledge")));
    let climbing = patchline.get("/media/patchline-audio/a/../b").await;
    assert_eq!(
        (climbing.status, climbing.wrong_fields()),
        (StatusCode::BAD_REQUEST, vec!["fileName".to_owned()])
    );
    let missing = patchline.get("/media/patchline-audio/no.wav").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.error()["message"].as_str().is_some_and(|text| text.contains("patchline-audio/no.wav")));
    let records = patchline.audit_records().await;
    let ids = [answer, climbing, missing].map(|answer| answer.error()["requestId"].clone());
    for id in ids {
        let record = records.iter().find(|record| record["requestId"] == id).expect("it is on record");
        assert_eq!(record["operation"], "open_file");
    }
}

#[tokio::test]
async fn the_description_of_the_interface_has_every_tool_with_its_schema() {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true"), ("ENABLE_RDS", "true")]).await;
    let tools = patchline.get("/api/tools").await.json();
    let described = patchline.get("/api/openapi.json").await.json();
    let tools = tools["tools"].as_array().expect("tools").clone();
    assert_eq!(tools.len(), 47);
    for tool in tools {
        let name = tool["name"].as_str().expect("a name");
        let schema = &described["paths"][format!("/api/tools/{name}")]["post"]["requestBody"]["content"]["application/json"]
            ["schema"];
        assert_eq!(schema["properties"], tool["inputSchema"]["properties"], "{name}");
        assert_eq!(tool["inputSchema"]["additionalProperties"], false, "{name}");
        assert!(tool["outputSchema"]["properties"].is_object(), "{name}");
        // The format of a waveform is somebody else's.
        if tool["server"] == "music" && name != "get_waveform" {
            for field in ["asOf", "source", "notes"] {
                assert!(tool["outputSchema"]["properties"][field].is_object(), "{name} has no {field}");
            }
        }
        for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] {
            assert!(tool["annotations"][hint].is_boolean(), "{name} {hint}");
        }
    }
}

#[tokio::test]
async fn tools_tell_what_they_may_do_to_what_is_there() {
    let patchline = Patchline::with(&[("ENABLE_BEDROCK", "true"), ("ENABLE_RDS", "true")]).await;
    let tools = patchline.get("/api/tools").await.json();
    let tools = tools["tools"].as_array().expect("tools").clone();
    let that = |hint: &str, wanted: bool| -> Vec<String> {
        let fits = |tool: &&serde_json::Value| tool["annotations"][hint] == wanted;
        let name = |tool: &serde_json::Value| tool["name"].as_str().unwrap_or_default().to_owned();
        let mut names: Vec<_> = tools.iter().filter(fits).map(name).collect();
        names.sort_unstable();
        names
    };
    let replacing = [
        "add_knowledge_document",
        "record_analytics",
        "remove_knowledge_document",
        "store_contract",
        "update_artist_data",
        "update_release_data",
        "update_track_data",
        "upload_artwork",
        "upload_audio_file",
    ];
    assert_eq!(that("destructiveHint", true), replacing);
    let mut changing = replacing.to_vec();
    changing.insert(1, "create_upload_url");
    assert_eq!(that("readOnlyHint", false), changing);
    let once: Vec<_> = changing.into_iter().filter(|name| *name != "record_analytics").collect();
    assert_eq!(that("idempotentHint", false), once);
}

#[tokio::test]
async fn a_server_that_is_switched_off_has_no_tools() {
    let patchline = Patchline::with(&[("ENABLE_S3", "false")]).await;
    let tools = patchline.get("/api/tools").await.json();
    let tools = tools["tools"].as_array().expect("tools").clone();
    assert!(!tools.is_empty() && tools.iter().all(|tool| tool["server"] != "s3"));
    assert_eq!(patchline.tool("list_audio_files", json!({})).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_probes_answer() {
    let patchline = Patchline::start().await;
    assert_eq!(patchline.get("/livez").await.status, StatusCode::OK);
    let ready = patchline.get("/readyz").await;
    assert_eq!(
        (ready.status, ready.json()),
        (
            StatusCode::OK,
            json!({ "status": "ready", "sampleLabel": "off", "instance": patchline.engine.gateway.instance() })
        )
    );
}
