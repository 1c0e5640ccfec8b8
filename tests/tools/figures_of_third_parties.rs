//! Daily figures that a tool of a third party's MCP server answers with: an answer that was recorded, and answers that
//! are none.

use super::imports::{Desk, told};
use crate::fleet::stranger::{Manner, Stranger};
use crate::support::{Answer, Served, nobody_at};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::gateway::{CallErrorKind, Channel, Origin, Principal};
use patchline::model::import::ImportView;
use patchline::model::role::Role;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

/// What a server of charts has answered once.
fn recorded() -> Value {
    serde_json::from_str(include_str!("recorded/daily-figures.json")).expect("JSON")
}

/// A desk that fetches its figures from a tool at an address.
async fn desk_over(address: &str) -> (Desk, NamedTempFile) {
    let file = NamedTempFile::new().expect("a file");
    let text = format!("[[upstream]]\nprefix = \"charts\"\nurl = \"{address}/mcp\"\n");
    std::fs::write(file.path(), text).expect("it is written");
    let path = file.path().to_str().expect("a path");
    let desk =
        Desk::with(&[("MCP_UPSTREAMS", path), ("PATCHLINE_FIGURES_TOOL", "charts_daily_figures")]).await;
    desk.patchline.engine.gateway.check_fleet().await;
    (desk, file)
}

/// Such a desk with the server of charts.
struct Charts {
    desk: Desk,
    stranger: Stranger,
    _served: Served,
    _file: NamedTempFile,
}

impl Charts {
    async fn open() -> Self {
        let stranger = Stranger::modern();
        stranger.list(json!([{
            "name": "daily_figures",
            "title": "Daily figures",
            "description": "Tells the figures of yesterday.",
            "inputSchema": { "type": "object", "additionalProperties": false, "properties": {} },
            "outputSchema": { "type": "object", "required": ["rows"], "properties": { "rows": {} } },
            "annotations": { "readOnlyHint": true }
        }]));
        let served = stranger.serve().await;
        let (desk, file) = desk_over(&served.url()).await;
        Self { desk, stranger, _served: served, _file: file }
    }

    async fn approve(&self) {
        let found = self.desk.patchline.get("/api/fleet/charts").await.json();
        let seen = json!({ "tool": "daily_figures", "sha256": found["servers"][0]["reviews"][0]["sha256"] });
        let request =
            Request::post("/api/fleet/charts/approve").header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(seen.to_string())).expect("a request");
        let answer = self.desk.patchline.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }

    /// Fetches, and waits until what came is checked.
    async fn fetched(&self) -> ImportView {
        let answer = fetch(&self.desk).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let page = answer.headers[header::LOCATION].to_str().expect("an address").to_owned();
        self.desk.settled(page.rsplit('/').next().expect("an id")).await
    }
}

/// Presses “Fetch now”.
async fn fetch(desk: &Desk) -> Answer {
    desk.patchline.send(Request::post("/imports/fetch").body(Body::empty()).expect("a request")).await
}

/// Whether an import of what was fetched is in the list.
async fn has_import(desk: &Desk) -> bool {
    desk.patchline.get("/imports").await.text().contains("charts_daily_figures 2")
}

#[tokio::test]
async fn figures_of_a_tool_are_checked_like_a_file_and_none_is_lost_or_made_up() {
    let charts = Charts::open().await;
    let desk = &charts.desk;
    assert!(desk.patchline.get("/imports").await.text().contains("Daily figures of charts_daily_figures"));
    let early = fetch(desk).await;
    assert!(early.text().contains("has not been approved yet"), "{}", early.text());
    assert_eq!(charts.stranger.called(), 0);

    charts.approve().await;
    // One of the figures is told twice, and one is below zero.
    let mut answer = recorded();
    let twice = answer["rows"][0].clone();
    answer["rows"].as_array_mut().expect("rows").push(twice);
    charts.stranger.answer_with(answer.clone());
    let view = charts.fetched().await;
    let counts = view.counts.expect("counts");
    assert_eq!((counts.lines, counts.usable, counts.wrong, counts.repeated, counts.new), (5, 4, 1, 1, 2));
    let wrong = &view.problems[0];
    assert_eq!((wrong.line, wrong.value.as_str(), wrong.reason.as_str()), (5, "-9", "is below zero"));
    assert!(view.notes.iter().any(|note| note.contains("twice, word for word")), "{:?}", view.notes);
    assert!(desk.figures("art_1").await.is_empty(), "nothing is written before somebody says so");
    desk.done(&view, "run", &[]).await;
    assert_eq!(told(&desk.figures("art_1").await), [("2026-11-01", "spotify", 120)]);
    assert_eq!(told(&desk.figures("art_2").await), [("2026-11-01", "appleMusic", 9)]);
    let list = desk.patchline.get("/imports").await.text();
    assert!(list.contains("Fetched from charts_daily_figures"), "how fresh it is stands beside the others");

    // Another figure of the same day, platform and territory is told, since nobody knows which of them is right.
    answer["rows"][4]["streams"] = json!(7);
    charts.stranger.answer_with(answer);
    let view = charts.fetched().await;
    let counts = view.counts.expect("counts");
    assert_eq!((counts.repeated, counts.changed, counts.same, counts.new), (0, 1, 1, 0));
    assert!(view.notes.iter().any(|note| note.contains("They are added up")), "{:?}", view.notes);
}

#[tokio::test]
async fn a_third_party_is_not_asked_for_somebody_who_may_not_fetch_figures() {
    let charts = Charts::open().await;
    charts.approve().await;
    charts.stranger.answer_with(recorded());
    let manager = Principal::new("usr_1", "Ben", Role::Manager);
    let imports = &charts.desk.patchline.engine.imports;
    let refused = imports.fetch(&manager, &Origin::new(Channel::Page, None)).await.expect_err("a manager");
    assert_eq!(refused.kind, CallErrorKind::Forbidden, "{refused:?}");
    assert_eq!(charts.stranger.called(), 0);
    let calls = charts.desk.patchline.audit_records().await;
    let of_manager: Vec<_> = calls.iter().filter(|record| record["principal"] == "usr_1").collect();
    assert!(of_manager.iter().all(|record| record["operation"] == "fetch_figures"), "{of_manager:?}");
    assert!(!of_manager.is_empty(), "that it was tried is on record");
}

#[tokio::test]
async fn what_is_no_figures_is_said_so_and_leaves_nothing() {
    let charts = Charts::open().await;
    charts.approve().await;
    for (answer, said) in [
        (json!({ "rows": "many" }), "the answer is no list of daily figures"),
        (
            json!({ "rows": [{ "artistId": "art_1", "streams": {} }] }),
            "the answer is no list of daily figures",
        ),
        (json!({ "rows": [] }), "the answer has no figures"),
        (json!({ "figures": [] }), "does not keep to what it promised"),
    ] {
        charts.stranger.answer_with(answer);
        let refused = fetch(&charts.desk).await;
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
        assert!(refused.text().contains(said), "{said}: {}", refused.text());
    }
    charts.stranger.behave(Manner::Refusing);
    let refused = fetch(&charts.desk).await;
    assert!(
        refused.text().contains("charts_daily_figures says: No shows in that city"),
        "{}",
        refused.text()
    );
    assert!(!has_import(&charts.desk).await);

    // Rows that say nothing are wrong, each for itself, and those that are right stay.
    charts.stranger.behave(Manner::Honest);
    let mut answer = recorded();
    let strange = [
        json!({ "streams": 5 }),
        json!({ "artistId": "art_1", "date": "yesterday", "platform": "spotify", "streams": 1 }),
        json!({ "artistId": "art_1", "date": "2026-11-01", "platform": "spotify", "streams": 1.5 }),
        json!({ "artistId": "art_1", "date": "2026-11-02", "platform": "spotify", "listeners": 3 }),
    ];
    answer["rows"].as_array_mut().expect("rows").extend(strange);
    charts.stranger.answer_with(answer);
    let view = charts.fetched().await;
    let counts = view.counts.expect("counts");
    assert_eq!((counts.lines, counts.usable, counts.wrong, counts.new), (8, 3, 5, 2), "{view:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_and_leaves_nothing() {
    let (_nobody, address) = nobody_at();
    let (desk, _file) = desk_over(&address).await;
    let refused = fetch(&desk).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.text());
    assert!(refused.text().contains("there is no tool charts_daily_figures"), "{}", refused.text());
    assert!(refused.text().contains("whether its server answers"), "{}", refused.text());
    assert!(!has_import(&desk).await);
}
