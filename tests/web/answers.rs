//! Answers while they are written: `GET /events/knowledge/answer`.

use crate::support::language_model::{Conduct, LanguageModel};
use crate::support::{Patchline, eventually};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use futures::StreamExt;
use patchline::model::knowledge::{Answer, AnswerStep};
use serde_json::{Value, json};

const QUESTION: &str = "how loud does Spotify play songs?";

async fn start(variables: &[(&str, &str)]) -> Patchline {
    let patchline = Patchline::with(&[&[("ENABLE_BEDROCK", "true")], variables].concat()).await;
    patchline.knowledge_settled().await;
    patchline
}

fn request(question: &str) -> Request<Body> {
    let question: String =
        percent_encoding::utf8_percent_encode(question, percent_encoding::NON_ALPHANUMERIC).to_string();
    let request = Request::get(format!("/events/knowledge/answer?question={question}"));
    request.header(header::ACCEPT_ENCODING, "gzip, br").body(Body::empty()).expect("a request")
}

/// Events that are read as they come.
struct Events {
    body: axum::body::BodyDataStream,
    text: String,
}

impl Events {
    async fn of(patchline: &Patchline, question: &str) -> Self {
        let response = patchline.begin(request(question)).await;
        assert_eq!(response.status(), StatusCode::OK);
        Self { body: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The name and the data of the next event; none at the end.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.map(str::to_owned)
                };
                let Some(data) = field("data: ") else { continue };
                let data = serde_json::from_str(&data).expect("JSON");
                return Some((field("event: ").expect("a name"), data));
            }
            let bytes = self.body.next().await?.expect("bytes");
            self.text.push_str(std::str::from_utf8(&bytes).expect("text"));
        }
    }

    async fn step(&mut self) -> AnswerStep {
        let (name, data) = self.next().await.expect("an event");
        assert_eq!(name, "step", "{data}");
        serde_json::from_value(data).expect("a step")
    }
}

/// All steps up to the whole answer.
async fn steps(patchline: &Patchline, question: &str) -> (Vec<AnswerStep>, Answer) {
    let mut events = Events::of(patchline, question).await;
    let mut steps = Vec::new();
    loop {
        match events.step().await {
            AnswerStep::Done(answer) => {
                assert_eq!(events.next().await, None, "nothing follows");
                return (steps, *answer);
            }
            step => steps.push(step),
        }
    }
}

fn text_of(steps: &[AnswerStep]) -> String {
    let texts = steps.iter().map(|step| match step {
        AnswerStep::Begun(basis) => basis.text.clone(),
        AnswerStep::Text(text) => text.clone(),
        AnswerStep::Cited(_) | AnswerStep::Done(_) => String::new(),
    });
    texts.collect()
}

#[tokio::test]
async fn an_answer_comes_in_pieces_that_make_the_whole() {
    let patchline = start(&[]).await;
    let (steps, answer) = steps(&patchline, QUESTION).await;
    let Some(AnswerStep::Begun(basis)) = steps.first() else { panic!("{steps:?}") };
    assert_eq!((basis.is_known, &basis.sources), (true, &answer.sources), "the sources are known at once");
    assert!(!answer.sources.is_empty());
    let pieces = steps.iter().filter(|step| matches!(step, AnswerStep::Text(_))).count();
    assert!(pieces > 1, "{steps:?}");
    assert_eq!(text_of(&steps), answer.text);
    let cited: Vec<_> = steps
        .iter()
        .filter_map(|step| if let AnswerStep::Cited(citation) = step { Some(citation.clone()) } else { None })
        .collect();
    assert_eq!(cited, answer.citations);
    assert!(!cited.is_empty());

    let whole = patchline.result_of("generate_music_insights", json!({ "prompt": QUESTION })).await;
    assert_eq!(whole["answer"], json!(answer.text));
}

#[tokio::test]
async fn the_sum_of_an_answer_comes_first() {
    let patchline = start(&[]).await;
    let question = "what is the mechanical rate for a 6:10 song pressed in 2026?";
    let (steps, answer) = steps(&patchline, question).await;
    let Some(AnswerStep::Begun(basis)) = steps.first() else { panic!("{steps:?}") };
    assert!(basis.text.contains("17.64 cents"), "{}", basis.text);
    assert_eq!(basis.citations.first(), answer.citations.first());
    assert_eq!(text_of(&steps), answer.text);
    assert!(answer.calculation.is_some_and(|sum| (sum.amount.value - 17.64).abs() < 1e-9));
}

#[tokio::test]
async fn what_is_not_in_the_knowledge_base_is_said_at_once() {
    let patchline = start(&[]).await;
    let (steps, answer) = steps(&patchline, "which visa does our band need to tour the US?").await;
    assert!(!answer.is_known);
    assert_eq!(steps.len(), 1, "{steps:?}");
}

#[tokio::test]
async fn words_of_a_language_model_arrive_as_they_are_written() {
    let (model, demand) = LanguageModel::on_demand().await;
    let patchline = start(&[("PATCHLINE_LLM_URL", &model.url())]).await;
    let mut events = Events::of(&patchline, QUESTION).await;
    assert!(matches!(events.step().await, AnswerStep::Begun(_)));
    // Each piece is asked for only when the one before has arrived.
    for piece in ["It plays", " at -14 LUFS", " [1]. It"] {
        demand.send(piece.to_owned()).expect("the model is asked");
        let AnswerStep::Text(text) = events.step().await else { panic!("no text") };
        assert!(piece.starts_with(text.trim_end_matches('.')) || text.contains("It"), "{text} of {piece}");
    }
    let AnswerStep::Cited(citation) = events.step().await else { panic!("no citation") };
    assert_eq!((citation.span.start, citation.span.end), (0, 21));
    demand.send(" turns loud songs down.".to_owned()).expect("the model is asked");
    assert!(matches!(events.step().await, AnswerStep::Text(_)));
    drop(demand);
    let AnswerStep::Done(answer) = events.step().await else { panic!("no end") };
    assert_eq!(answer.text, "It plays at -14 LUFS. It turns loud songs down.");
    assert!(answer.used_language_model);
}

#[tokio::test]
async fn the_work_stops_when_nobody_listens_any_more() {
    let (model, demand) = LanguageModel::on_demand().await;
    let patchline = start(&[("PATCHLINE_LLM_URL", &model.url())]).await;
    let mut events = Events::of(&patchline, QUESTION).await;
    assert!(matches!(events.step().await, AnswerStep::Begun(_)));
    demand.send("It plays".to_owned()).expect("the model is asked");
    assert!(matches!(events.step().await, AnswerStep::Text(_)));
    drop(events);
    demand.closed().await;
    let on_record = || async {
        let records = patchline.audit_records().await;
        records.into_iter().find(|record| record["operation"] == "generate_music_insights")
    };
    eventually("it is on record", || async { on_record().await.is_some() }).await;
    let record = on_record().await.expect("a record");
    assert!(record["error"].as_str().is_some_and(|error| error.contains("abandoned")), "{record}");
    let arguments: serde_json::Value =
        serde_json::from_str(record["arguments"].as_str().unwrap_or_default()).expect("JSON");
    assert_eq!(arguments["prompt"], QUESTION);
}

#[tokio::test]
async fn a_model_that_breaks_off_ends_the_events_with_the_problem() {
    let model = LanguageModel::start(Conduct::BreaksOff(vec!["It plays at"])).await;
    let patchline = start(&[("PATCHLINE_LLM_URL", &model.url())]).await;
    let mut events = Events::of(&patchline, QUESTION).await;
    assert!(matches!(events.step().await, AnswerStep::Begun(_)));
    assert_eq!(events.step().await, AnswerStep::Text("It plays at".to_owned()));
    let (name, problem) = events.next().await.expect("an event");
    assert_eq!((name.as_str(), &problem["kind"]), ("problem", &json!("unavailable")));
    for field in ["message", "remedy", "requestId"] {
        assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {problem}");
    }
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn a_call_that_is_refused_has_the_status_of_its_reason() {
    let patchline = start(&[("MCP_RATE_LIMIT", "1"), ("MCP_BURST_LIMIT", "1")]).await;
    let foreign = || {
        let mut request = request(QUESTION);
        request.headers_mut().insert("sec-fetch-site", header::HeaderValue::from_static("cross-site"));
        request
    };
    assert_eq!(patchline.send(foreign()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(patchline.get("/events/knowledge/answer").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(patchline.send(request(QUESTION)).await.status, StatusCode::OK);
    let limited = patchline.send(request(QUESTION)).await;
    assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(limited.headers.contains_key(header::RETRY_AFTER));
    assert!(limited.error()["message"].as_str().is_some_and(|message| !message.is_empty()));
}

#[tokio::test]
async fn a_question_of_nothing_is_refused() {
    let patchline = start(&[]).await;
    let empty = patchline.send(request(" ")).await;
    assert_eq!((empty.status, empty.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["prompt".to_owned()]));
}

#[tokio::test]
async fn events_are_neither_compressed_nor_kept_back() {
    let patchline = start(&[]).await;
    let response = patchline.begin(request(QUESTION)).await;
    let headers = response.headers();
    assert_eq!(headers[header::CONTENT_TYPE], "text/event-stream");
    assert_eq!(headers.get(header::CONTENT_ENCODING), None);
    assert_eq!(headers["x-accel-buffering"], "no");
    assert!(headers[header::CACHE_CONTROL].to_str().is_ok_and(|value| value.starts_with("no-")));
}

#[tokio::test]
async fn without_the_server_of_knowledge_there_are_no_answers() {
    let patchline = Patchline::start().await;
    assert_eq!(patchline.send(request(QUESTION)).await.status, StatusCode::NOT_FOUND);
}
