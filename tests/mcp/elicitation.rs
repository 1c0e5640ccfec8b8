//! An artist's name that two artists have.

use super::client::{BOTH, Era, Person, call, connect, request, served, text};
use crate::support::{Patchline, artist};
use axum::http::StatusCode;
use rmcp::model::CallToolResponse;
use serde_json::{Value, json};

async fn two_miras(patchline: &Patchline) {
    patchline.put("artists", artist("art_2", "Mïra")).await;
}

#[tokio::test]
async fn the_person_is_asked_which_artist_is_meant() {
    let (patchline, served) = served().await;
    two_miras(&patchline).await;
    for era in BOTH {
        let person = Person::answering(json!({ "artistId": "art_2" }));
        let client = connect(&served, "/mcp", era, person.clone()).await;
        let result = call(&client, "query_artist_data", json!({ "name": "mira" })).await;
        assert_eq!(result.structured_content.expect("rows")["rows"][0]["artistId"], "art_2", "{era:?}");
        let questions = person.questions.lock().expect("no test panics while it holds this").clone();
        let [question] = questions.as_slice() else { panic!("one question: {questions:?}") };
        let options = question["requestedSchema"]["properties"]["artistId"]["oneOf"].as_array().cloned();
        let offered: Vec<_> =
            options.unwrap_or_default().iter().map(|option| option["const"].clone()).collect();
        assert_eq!(offered, [json!("art_1"), json!("art_2")], "{era:?}: {question}");
    }
}

#[tokio::test]
async fn a_client_that_cannot_ask_is_told_what_there_is_to_choose_from() {
    let (patchline, served) = served().await;
    two_miras(&patchline).await;
    for era in BOTH {
        let client = connect(&served, "/mcp", era, Person::silent().0).await;
        let result = call(&client, "query_artist_data", json!({ "name": "mira" })).await;
        assert_eq!(result.is_error, Some(true));
        assert!(text(&result).contains("art_1") && text(&result).contains("art_2"), "{}", text(&result));
    }
}

#[tokio::test]
async fn without_an_answer_nothing_is_done() {
    let (patchline, served) = served().await;
    two_miras(&patchline).await;
    for era in BOTH {
        let client = connect(&served, "/mcp", era, Person::declining()).await;
        let result = call(&client, "query_artist_data", json!({ "name": "mira" })).await;
        assert_eq!(result.is_error, Some(true));
        assert!(text(&result).contains("not answered"), "{}", text(&result));
    }
}

#[tokio::test]
async fn an_answer_that_was_not_offered_or_belongs_elsewhere_is_refused() {
    let (patchline, served) = served().await;
    two_miras(&patchline).await;
    let client = connect(&served, "/mcp", Era::Modern, Person::declining()).await;
    let first = client.call_tool_once(request("query_artist_data", json!({ "name": "mira" }))).await;
    let CallToolResponse::InputRequired(asked) = first.expect("an answer") else { panic!("a question") };
    let state = asked.request_state.expect("a state");
    let answer = |arguments: Value, id: &str, state: &str| {
        let content = json!({ "action": "accept", "content": { "artistId": id } });
        request("query_artist_data", arguments)
            .with_input_responses([("choice".to_owned(), content)].into())
            .with_request_state(state)
    };
    let told = async |request| match client.call_tool_once(request).await.expect("an answer") {
        CallToolResponse::Complete(result) => (result.is_error, text(&result)),
        other => panic!("a result: {other:?}"),
    };
    let (failed, said) = told(answer(json!({ "name": "mira" }), "art_3", &state)).await;
    assert!(failed == Some(true) && said.contains("must be one of"), "{said}");
    for foreign in [
        answer(json!({ "name": "other" }), "art_1", &state),
        answer(json!({ "name": "mira" }), "art_1", &format!("{state}x")),
    ] {
        let error = client.call_tool_once(foreign).await.expect_err("it is refused").to_string();
        assert!(error.contains("-32602") && error.contains("does not belong"), "{error}");
    }
    let (failed, said) = told(answer(json!({ "name": "mira" }), "art_1", &state)).await;
    assert!(failed == Some(false), "{said}");
}

#[tokio::test]
async fn over_rest_an_ambiguous_name_is_a_conflict_with_the_candidates() {
    let (patchline, _served) = served().await;
    let one = patchline.result_of("query_artist_data", json!({ "name": "MIRA" })).await;
    assert_eq!(one["rows"][0]["artistId"], "art_1");
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    two_miras(&patchline).await;
    let answer = patchline.tool("query_artist_data", json!({ "name": "Mira" })).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text());
    let options = answer.error()["choice"]["options"].clone();
    assert_eq!((&options[0]["value"], &options[1]["value"]), (&json!("art_1"), &json!("art_2")));
    let missing = patchline.tool("query_artist_data", json!({ "name": "Nobody" })).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let both = patchline.tool("query_artist_data", json!({ "name": "Mira", "artistId": "art_1" })).await;
    assert_eq!((both.status, both.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["name".to_owned()]));
}
