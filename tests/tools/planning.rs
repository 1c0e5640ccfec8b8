//! Release strategy: what a release did, when the next one should come out, and how to promote it.

use super::audio::tone;
use super::recordings::{BUCKET, once, put, upload};
use crate::support::{Patchline, artist, release};
use axum::http::StatusCode;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use patchline::engine::tools::views::recording_id;
use serde_json::{Value, json};

/// The day of the release that has figures.
const OUT: Date = date(2026, 9, 4);

/// An artist with a release that doubled the streams for a week, a draft, and an album to come.
async fn label() -> Patchline {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    patchline.put("releases", release("rel_draft", "art_1")).await;
    let mut out = release("rel_out", "art_1");
    out["status"] = json!("released");
    out["releaseDate"] = json!(OUT.to_string());
    patchline.put("releases", out).await;
    patchline.put("releases", album()).await;
    for offset in -28..28_i64 {
        let day = OUT.checked_add(offset.days()).expect("a day");
        let streams = if (0..7).contains(&offset) { 200 } else { 100 };
        patchline.put("analytics", row(day, streams)).await;
    }
    patchline
}

fn row(day: Date, streams: u64) -> Value {
    json!({
        "artistId": "art_1", "dayPlatform": format!("{day}#spotify"), "date": day.to_string(),
        "platform": "spotify", "streams": streams, "listeners": 10, "saves": 1, "followers": 7,
        "territories": { "NO": streams }, "source": "test"
    })
}

fn album() -> Value {
    let mut album = release("rel_album", "art_1");
    album["kind"] = json!("album");
    album["title"] = json!("Long Way");
    album["releaseDate"] = json!("2099-10-02");
    let track = |number: u32| {
        json!({
            "trackId": format!("trk_{number}"), "number": number, "title": format!("Song {number}"),
            "isrc": format!("XX0AB99{number:05}"), "durationSeconds": 180, "explicit": false,
            "composers": ["Mira Holm"]
        })
    };
    album["tracks"] = (1..=4).map(track).collect();
    album
}

#[tokio::test]
async fn a_release_is_told_by_what_it_added() {
    let patchline = label().await;
    let found = patchline.result_of("generate_release_insights", json!({ "releaseId": "rel_out" })).await;
    assert_eq!((&found["day1"], &found["week1"], &found["day28"]), (&json!(100), &json!(700), &json!(700)));
    assert_eq!((&found["frontLoad"], &found["basis"]), (&json!(1.0), &json!("artist")));
    assert_eq!(found["asOf"], json!("2026-10-01"));
    // After the first week nothing is left that could fade, and one release is no past to compare with.
    assert_eq!((&found["halfLifeWeeks"], &found["percentile"]), (&Value::Null, &Value::Null));
    assert_eq!(found["curve"].as_array().map(Vec::len), Some(28));

    let draft = patchline.result_of("generate_release_insights", json!({ "releaseId": "rel_draft" })).await;
    assert_eq!((&draft["week1"], &draft["past"][0]["week1"]), (&Value::Null, &json!(700)));
}

#[tokio::test]
async fn a_release_is_told_by_its_own_tracks_where_a_source_tells_them() {
    let patchline = label().await;
    for offset in 0..28_i64 {
        let mut told = row(OUT.checked_add(offset.days()).expect("a day"), 200);
        let own = if offset == 0 { 80 } else { 40 };
        told["tracks"] = json!({ "XX0AB2600001": own, "XX0AB9900009": 100 });
        patchline.put("analytics", told).await;
    }
    let found = patchline.result_of("generate_release_insights", json!({ "releaseId": "rel_out" })).await;
    assert_eq!((&found["basis"], &found["day1"]), (&json!("tracks"), &json!(80)));
    assert_eq!((&found["week1"], &found["day28"]), (&json!(320), &json!(1160)));
    let note = found["notes"][0].as_str().expect("a note");
    assert!(note.starts_with("From the tracks' own figures") && note.contains("on Spotify"), "{note}");
    let page = patchline.get("/releases/rel_out").await.text();
    assert!(page.contains("Streams of its tracks, by day since the release"));
    // A single release is not enough to plan the next by the figures of its tracks.
    let draft = patchline.result_of("generate_release_insights", json!({ "releaseId": "rel_draft" })).await;
    assert_eq!((&draft["basis"], &draft["past"][0]["week1"]), (&json!("artist"), &json!(700)));
}

#[tokio::test]
async fn a_release_to_come_is_planned_by_tracks_where_three_earlier_ones_have_figures_of_theirs() {
    let patchline = label().await;
    for (id, day) in [("rel_second", "2026-09-08"), ("rel_third", "2026-09-12")] {
        let mut out = release(id, "art_1");
        (out["status"], out["releaseDate"]) = (json!("released"), json!(day));
        patchline.put("releases", out).await;
    }
    for offset in 0..28_i64 {
        let mut told = row(OUT.checked_add(offset.days()).expect("a day"), 200);
        let own = if offset < 8 { 10 } else { 20 };
        told["tracks"] = json!({ "XX0AB2600001": own });
        patchline.put("analytics", told).await;
    }
    let plan = patchline.result_of("plan_promotion", json!({ "releaseId": "rel_draft" })).await;
    let week = &plan["targets"][1];
    // 7 × 10, 4 × 10 + 3 × 20, 7 × 20.
    assert_eq!((&week["median"], &week["releases"]), (&json!(100), &json!(3)));
    assert_eq!(week["label"], json!("First week, streams of its tracks"));
    let draft = patchline.result_of("generate_release_insights", json!({ "releaseId": "rel_draft" })).await;
    let weeks: Vec<_> = (0..3).map(|place| draft["past"][place]["week1"].clone()).collect();
    assert_eq!((&draft["basis"], weeks), (&json!("tracks"), vec![json!(140), json!(100), json!(70)]));
}

#[tokio::test]
async fn the_gate_of_the_masters_is_what_their_reports_say() {
    let patchline = label().await;
    let gate = async || {
        let found = patchline.result_of("recommend_release_date", json!({ "releaseId": "rel_album" })).await;
        let gates = found["gates"].as_array().expect("gates").clone();
        gates.into_iter().find(|gate| gate["id"] == "masters").expect("a gate of masters")
    };
    let name = async |first: &str| {
        let mut album = album();
        for track in album["tracks"].as_array_mut().expect("tracks") {
            track["audio"] = json!("masters/tone.wav");
        }
        album["tracks"][0]["audio"] = json!(first);
        patchline.put("releases", album).await;
    };
    let none = gate().await;
    assert_eq!(
        (&none["passed"], &none["measured"], &none["address"]),
        (
            &json!(false),
            &json!("0 of 4 masters passed; “Song 1” has no master"),
            &json!("/releases/rel_album/files#file-trk_1")
        )
    );

    upload(&patchline, "masters/tone.wav", &tone(4)).await;
    once(&patchline, "masters/tone.wav", &["warned"]).await;
    name("masters/gone.wav").await;
    let gone = gate().await;
    assert_eq!(
        (&gone["passed"], &gone["measured"]),
        (&Value::Null, &json!("3 of 4 masters passed; the file of “Song 1” is not there"))
    );

    put(&patchline, "masters/song.wav", b"MZ\x90\0 this program cannot be run".to_vec()).await;
    once(&patchline, "masters/song.wav", &["unreadable"]).await;
    name("masters/song.wav").await;
    let refused = gate().await;
    let measured = refused["measured"].as_str().expect("what was found");
    assert!(
        measured.contains("“Song 1” would be refused") && measured.contains("Windows program"),
        "{measured}"
    );
    let report = format!("/audio/{}", recording_id(BUCKET, "masters/song.wav"));
    assert_eq!((&refused["passed"], &refused["address"]), (&json!(false), &json!(report)));
    let page = patchline.get("/releases/rel_album").await.text();
    assert!(page.contains(&format!("href=\"{report}\"")), "the page leads to the report");

    name("masters/tone.wav").await;
    let passed = gate().await;
    let measured = passed["measured"].as_str().expect("what was found");
    assert!(passed["passed"] == true && measured.starts_with("4 of 4 masters passed"), "{passed}");
}

#[tokio::test]
async fn a_release_whose_splits_are_not_whole_does_not_pass_their_gate() {
    let patchline = label().await;
    let gate = async || {
        let found = patchline.result_of("recommend_release_date", json!({ "releaseId": "rel_album" })).await;
        let gates = found["gates"].as_array().expect("gates").clone();
        gates.into_iter().find(|gate| gate["id"] == "splits").expect("a gate of splits")
    };
    let enter = async |parts: u32| {
        let splits = json!({
            "release": "rel_album", "version": 1, "updatedBy": "test", "updatedAt": "2026-11-01T00:00:00Z",
            "splits": { "recordings": [{ "payee": "Mira", "basisPoints": parts }], "publishing": [] }
        });
        patchline.put("patchline-splits", splits).await;
    };
    let none = gate().await;
    assert_eq!(
        (&none["passed"], &none["measured"]),
        (&Value::Null, &json!("recordings not entered, works not entered"))
    );
    enter(9_999).await;
    let short = gate().await;
    assert_eq!(
        (&short["passed"], &short["measured"]),
        (&json!(false), &json!("recordings 99.99 %, works not entered"))
    );
    assert!(short["remedy"].as_str().is_some_and(|words| words.contains("Correct the splits")));
    enter(10_000).await;
    assert_eq!(gate().await["passed"], true);
}

#[tokio::test]
async fn a_single_ready_in_late_november_is_advised_for_january() {
    let patchline = label().await;
    let asked = json!({ "artistId": "art_1", "readyOn": "2026-11-22", "earliest": "2026-11-22" });
    let found = patchline.result_of("recommend_release_date", asked).await;
    let dates: Vec<_> = (0..2).map(|place| found["candidates"][place]["date"].clone()).collect();
    assert_eq!(dates, [json!("2027-01-08"), json!("2027-01-15")]);
    let impossible: Vec<_> = found["impossible"]
        .as_array()
        .expect("ranges")
        .iter()
        .map(|range| (range["from"].clone(), range["to"].clone(), range["source"].clone()))
        .collect();
    let expected = [
        (json!("2026-11-22"), json!("2026-11-28"), json!("distributor-lead-minimum")),
        (json!("2026-12-18"), json!("2027-01-01"), json!("holiday-caution")),
    ];
    assert_eq!(impossible, expected);
    assert!(found["wouldChange"][0].as_str().is_some_and(|text| text.contains("4 December 2026")), "{found}");
    assert_eq!(found["calendar"][0]["date"], json!("2026-12-17"), "delivered before the closed weeks");

    // Every source that is named is one of the rules that are listed.
    let rules: Vec<_> = found["rules"].as_array().expect("rules").iter().map(|rule| &rule["id"]).collect();
    for task in found["calendar"].as_array().expect("tasks") {
        assert!(rules.contains(&&task["source"]), "{task}");
    }
}

#[tokio::test]
async fn a_plan_has_targets_of_the_past_a_pitch_of_facts_and_products_that_repeat() {
    let patchline = label().await;
    let asked = json!({ "releaseId": "rel_album", "kind": "waterfall", "singles": 2 });
    let found = patchline.result_of("plan_promotion", asked).await;
    assert_eq!(found["phases"].as_array().map(Vec::len), Some(4));
    let week = &found["targets"][1];
    assert_eq!(
        (&week["metric"], &week["median"], &week["releases"]),
        (&json!("week1"), &json!(700), &json!(1))
    );
    let text = found["pitch"]["text"].as_str().expect("a text");
    assert!(text.chars().count() <= 500 && text.contains("“Long Way” by Mira"), "{text}");
    let products = found["waterfall"]["products"].as_array().expect("products");
    let isrcs = |product: &Value| -> Vec<Value> {
        product["tracks"].as_array().expect("tracks").iter().map(|track| track["isrc"].clone()).collect()
    };
    assert_eq!(isrcs(&products[0]), [json!("XX0AB9900001")]);
    assert_eq!(isrcs(&products[1]), [json!("XX0AB9900002"), json!("XX0AB9900001")]);
    assert_eq!((isrcs(&products[2]).len(), &products[2]["date"]), (4, &json!("2099-10-02")));

    let alone =
        patchline.result_of("plan_waterfall", json!({ "releaseId": "rel_album", "singles": 2 })).await;
    assert_eq!(alone["waterfall"], found["waterfall"], "one plan by either way");
    let refused = patchline.tool("plan_waterfall", json!({ "releaseId": "rel_draft" })).await;
    assert_eq!(refused.wrong_fields(), ["releaseId"]);
    let of_one_song = json!({ "releaseId": "rel_draft", "kind": "waterfall" });
    assert_eq!(patchline.tool("plan_promotion", of_one_song).await.status, StatusCode::BAD_REQUEST);
}
