//! Tasks over REST, as forms, as events and as files.

use crate::support::{Answer, KEY, Patchline, artist, visitor};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

async fn run(patchline: &Patchline, body: &Value) -> Answer {
    let request = Request::post("/api/aws-mcp")
        .header(header::CONTENT_TYPE, "application/json")
        .header("prefer", "wait=60")
        .body(Body::from(body.to_string()))
        .expect("a request");
    patchline.send(request).await
}

/// Asks as the program that has begun the tasks, also where pages usually ask.
async fn get_with_key(patchline: &Patchline, path: &str, seen: &str) -> Answer {
    let request = Request::get(path)
        .header(header::AUTHORIZATION, format!("Bearer {KEY}"))
        .header("last-event-id", seen)
        .body(Body::empty())
        .expect("a request");
    patchline.send(request).await
}

async fn two_of_one_name() -> Patchline {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    patchline.put("artists", artist("art_2", "Mira")).await;
    patchline
}

#[tokio::test]
async fn a_task_is_answered_with_what_it_came_to_and_what_it_took() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let answer = run(&patchline, &json!({ "task": "How is Mira doing this month against last?" })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.headers["preference-applied"], "wait=60");
    let told = answer.json();
    let tools = told["metadata"]["toolsUsed"].as_array().expect("tools");
    assert!(!tools.is_empty(), "{told:#}");
    assert!(
        told["metadata"]["executionTime"].is_u64() && told["metadata"]["awsResourcesAccessed"].is_array()
    );
    assert_eq!(told["success"].as_bool(), Some(told["error"].is_null()), "{told:#}");

    let id = told["data"]["id"].as_str().expect("an id");
    let seen = patchline.get(&format!("/api/tasks/{id}")).await.json();
    assert_eq!(seen["state"], told["data"]["state"]);
    let export =
        async |ending: &str| get_with_key(&patchline, &format!("/export/tasks/{id}.{ending}"), "").await;
    assert_eq!(export("md").await.headers[header::CONTENT_TYPE], "text/markdown; charset=utf-8");
    assert_eq!(export("json").await.json()["id"], seen["id"]);
    assert_eq!(export("exe").await.status, StatusCode::NOT_FOUND);
    // The page of somebody else does not know it.
    assert_eq!(patchline.get(&format!("/export/tasks/{id}.md")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_task_that_needs_an_answer_has_an_address_and_can_be_stopped_there() {
    let patchline = two_of_one_name().await;
    let answer = run(&patchline, &json!({ "task": "How is Mira doing this month against last?" })).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text());
    let told = answer.json();
    assert_eq!((&told["success"], &told["data"]["state"]), (&json!(false), &json!("asking")));
    assert_eq!(told["data"]["question"]["choice"]["options"].as_array().map(Vec::len), Some(2));

    let address = answer.headers[header::LOCATION].to_str().expect("an address").to_owned();
    let stopped = patchline.send(Request::delete(&address).body(Body::empty()).expect("a request")).await;
    assert_eq!(stopped.json()["state"], "cancelled", "{}", stopped.text());
    assert_eq!(patchline.get(&address).await.json()["state"], "cancelled");
    // Once it has ended it is told once more, and to whoever has heard that nothing.
    let events = address.replace("/api/", "/events/");
    let heard = get_with_key(&patchline, &events, "").await.text();
    assert!(heard.contains("event: task") && heard.contains(r#""state":"cancelled""#), "{heard}");
    let revision = stopped.json()["revision"].to_string();
    assert_eq!(get_with_key(&patchline, &events, &revision).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn what_is_no_task_is_refused_and_says_what_would_be() {
    let patchline = two_of_one_name().await;
    for (body, field) in [(json!({}), "task"), (json!({ "task": "x", "colour": "red" }), "colour")] {
        let answer = run(&patchline, &body).await;
        assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec![field.to_owned()]));
    }
    let nonsense = run(&patchline, &json!({ "task": "Colourless green ideas sleep furiously" })).await;
    assert_eq!(nonsense.status, StatusCode::OK, "{}", nonsense.text());
    let told = nonsense.json();
    assert_eq!((&told["success"], &told["data"]["state"]), (&json!(false), &json!("refused")));
    assert!(told["error"]["nearest"].as_array().is_some_and(|nearest| !nearest.is_empty()), "{told:#}");
    let nobody = patchline.get("/api/tasks/01ARZ3NDEKTSV4RRFFQ69G5FAV").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_plain_form_begins_a_task_answers_its_question_and_keeps_what_was_wrong() {
    let patchline = two_of_one_name().await;
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(visitor::form(fields)))
            .expect("a request");
        patchline.send(request).await
    };
    let wrong = post("/tasks", &[("task", "How is Mira?"), ("from", "yesterday")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains("How is Mira?"), "what was typed is still there");

    let begun = post("/tasks", &[("task", "How is Mira doing this month against last?")]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.text());
    let page = begun.headers[header::LOCATION].to_str().expect("an address").to_owned();
    assert!(patchline.get(&page).await.text().contains(r#"value="art_2""#), "the choices are buttons");
    let answered = post(&page, &[("decision", "answer"), ("value", "art_2")]).await;
    assert_eq!(answered.headers[header::LOCATION], page.as_str());
    assert_eq!(post(&page, &[("decision", "boil")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_sent_twice_with_one_key_or_by_a_second_click_is_one_task() {
    let patchline = two_of_one_name().await;
    let words = "How is Mira doing this month against last?";
    let run = async |key: &'static str, words: &str| {
        let request = Request::post("/api/aws-mcp")
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .body(Body::from(json!({ "task": words }).to_string()))
            .expect("a request");
        patchline.send(request).await
    };
    let (first, second) = tokio::join!(run("run-1", words), run("run-1", words));
    assert_eq!(first.json()["data"]["id"], second.json()["data"]["id"], "{}", second.text());
    assert_ne!(run("run-2", words).await.json()["data"]["id"], first.json()["data"]["id"]);
    let other = run("run-1", "What is breaking out?").await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", other.text());
    assert_eq!(run("two words", words).await.status, StatusCode::BAD_REQUEST);

    let click = async |fields: &[(&str, &str)]| {
        let request = Request::post("/tasks")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(visitor::form(fields)))
            .expect("a request");
        patchline.send(request).await.headers[header::LOCATION].clone()
    };
    let fields = [("task", words), ("after", "")];
    let (one, two) = tokio::join!(click(&fields), click(&fields));
    assert_eq!(one, two);
    assert_ne!(click(&[("task", words), ("after", "01")]).await, one, "the page has been seen anew");
}

#[tokio::test]
async fn own_templates_are_kept_used_renamed_and_removed_by_plain_forms() {
    let patchline = Patchline::start().await;
    let post = async |fields: &[(&str, &str)]| {
        let request = Request::post("/tasks/templates")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(visitor::form(fields)))
            .expect("a request");
        patchline.send(request).await
    };
    let words = "How is Mira doing this month against last?";
    let wrong = post(&[("change", "save"), ("name", " "), ("task", words)]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains(words), "what was typed is still there");

    let task = [("task", words), ("role", "manager"), ("artistId", "art_1")];
    let kept = [&[("change", "save"), ("name", "Mira, monthly")][..], &task].concat();
    assert_eq!(post(&kept).await.headers[header::LOCATION], "/tasks/templates");
    let other = [("change", "save"), ("name", "Breakouts"), ("task", "What is breaking out?")];
    assert_eq!(post(&other).await.status, StatusCode::SEE_OTHER);
    let page = patchline.get("/tasks").await.text();
    assert!(page.contains("Mira, monthly") && page.contains("role=manager"), "with role and parameters");
    assert!(page.contains("artistId=art_1"), "{page}");

    let rename = |to: &'static str| [("change", "rename"), ("name", "Mira, monthly"), ("newName", to)];
    assert_eq!(post(&rename("Breakouts")).await.status, StatusCode::BAD_REQUEST, "it is another one's");
    assert_eq!(post(&rename("Mira")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(post(&rename("Mira again")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(post(&[("change", "remove"), ("name", "Breakouts")]).await.status, StatusCode::SEE_OTHER);
    let names = patchline.get("/fn/task-templates").await.json();
    let names: Vec<_> = names.as_array().into_iter().flatten().map(|kept| kept["name"].clone()).collect();
    assert_eq!(names, [json!("Mira")]);
}
