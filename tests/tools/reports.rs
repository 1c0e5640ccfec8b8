//! The tools that answer a workflow with what pages show, and with a part of an analysis.

use crate::policy::{from_here, somebody, somebody_with};
use crate::support::{Patchline, artist, base64, wav};
use axum::http::StatusCode;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use patchline::engine::gateway::Role;
use serde_json::{Value, json};

/// The last day with figures: a Sunday.
const NEWEST: Date = date(2026, 11, 22);

/// Two artists with twelve weeks of figures.
async fn label() -> Patchline {
    let patchline = Patchline::start().await;
    for (id, name) in [("art_1", "Mira"), ("art_2", "Noor")] {
        patchline.put("artists", artist(id, name)).await;
        for back in 0..84_i64 {
            let day = NEWEST.checked_sub(back.days()).expect("a day");
            let row = json!({
                "artistId": id, "dayPlatform": format!("{day}#spotify"), "date": day.to_string(),
                "platform": "spotify", "streams": if back < 7 { 200 } else { 100 }, "listeners": 50,
                "saves": 1, "followers": 7, "territories": { "NO": 100 }, "source": "test"
            });
            patchline.put("analytics", row).await;
        }
    }
    patchline
}

#[tokio::test]
async fn a_change_and_its_authenticity_are_parts_of_the_one_analysis() {
    let patchline = label().await;
    let asked = json!({ "artistId": "art_1" });
    let whole = patchline.result_of("analyze_artist_performance", asked.clone()).await;
    for tool in ["explain_change", "assess_stream_authenticity"] {
        let part = patchline.result_of(tool, asked.clone()).await;
        let fields = part.as_object().expect("an object");
        for (name, value) in fields.iter().filter(|(name, _)| *name != "notes") {
            assert_eq!(*value, whole[name], "{tool} {name}");
        }
        let notes = part["notes"].as_array().expect("notes");
        let known = whole["notes"].as_array().expect("notes");
        assert!(!notes.is_empty() && notes.iter().all(|note| known.contains(note)), "{tool}: {notes:?}");
        assert!(!part["notes"].to_string().contains("forecast"), "{tool} has none");
        let wrong = patchline.tool(tool, json!({ "artistId": "art_1", "from": "soon" })).await;
        assert_eq!((wrong.status, wrong.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["from".to_owned()]));
    }
}

#[tokio::test]
async fn who_breaks_out_is_told_with_how_many_were_looked_at_and_of_ones_own_artists_only() {
    let patchline = label().await;
    let found = patchline.result_of("find_breakouts", json!({})).await;
    assert_eq!((&found["lookedAt"], &found["asOf"]), (&json!(2), &json!(NEWEST)));
    assert_eq!((&found["breakouts"], &found["momentumKnown"]), (&json!([]), &json!(0)), "two are too few");
    assert!(found["notes"].to_string().contains("Who stands out is not known"), "{found}");
    let nobody = patchline.result_of("find_breakouts", json!({ "genre": "Polka" })).await;
    assert!(nobody["notes"].to_string().contains("no artist of the genre polka"), "{nobody}");

    let (who, gateway) = (somebody_with(Role::Manager, &["art_2"]), &patchline.engine.gateway);
    let own = gateway.call_tool(&who, &from_here(), "find_breakouts", json!({})).await.expect("an answer");
    assert_eq!(own.output["lookedAt"], 1);
}

#[tokio::test]
async fn the_weekly_report_compares_whole_weeks_and_refuses_one_that_is_not_at_hand() {
    let patchline = label().await;
    let report = patchline.result_of("generate_weekly_report", json!({})).await;
    assert_eq!((&report["from"], &report["to"]), (&json!("2026-11-16"), &json!("2026-11-22")));
    let week = &report["artists"][0];
    assert_eq!(
        (&week["streams"], &week["before"], &week["change"]),
        (&json!(1400), &json!(700), &json!(1.0))
    );
    assert!(report["sentences"][0]["source"].as_str().is_some_and(|source| source.contains("2026-11-16")));
    let earlier = patchline.result_of("generate_weekly_report", json!({ "week": "2026-11-11" })).await;
    assert_eq!((&earlier["from"], &earlier["artists"][0]["streams"]), (&json!("2026-11-09"), &json!(700)));
    for week in ["2020-01-01", "last week!"] {
        let wrong = patchline.tool("generate_weekly_report", json!({ "week": week })).await;
        assert_eq!((wrong.status, wrong.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["week".to_owned()]));
    }
}

#[tokio::test]
async fn who_used_a_file_is_told_by_name_and_looking_it_up_is_no_use() {
    let patchline = Patchline::start().await;
    for name in ["masters/one.wav", "masters/one.wav.old.wav"] {
        let content = json!({ "fileName": name, "fileContent": base64(&wav()) });
        patchline.result_of("upload_audio_file", content).await;
    }
    let gateway = &patchline.engine.gateway;
    let one = json!({ "fileName": "masters/one.wav" });
    let (office, singer) = (somebody(Role::Label), somebody_with(Role::Artist, &["art_1"]));
    for _ in 0..2 {
        gateway.call_tool(&office, &from_here(), "get_audio_file", one.clone()).await.expect("it is there");
    }
    let refused = gateway.call_tool(&singer, &from_here(), "get_audio_file", one.clone()).await;
    assert!(refused.is_err(), "it is not theirs");
    patchline.result_of("get_audio_file", json!({ "fileName": "masters/one.wav.old.wav" })).await;

    for _ in 0..2 {
        patchline.audit_records().await;
        let found = patchline.result_of("find_asset_access", one.clone()).await;
        let told: Vec<_> = found["accesses"]
            .as_array()
            .expect("accesses")
            .iter()
            .map(|row| {
                (row["operation"].as_str().unwrap_or_default(), row["outcome"].as_str().unwrap_or_default())
            })
            .collect();
        let expected = [
            ("get_audio_file", "denied"),
            ("get_audio_file", "allowed"),
            ("get_audio_file", "allowed"),
            ("upload_audio_file", "allowed"),
        ];
        assert_eq!(told, expected);
        let most = &found["people"][0];
        assert_eq!((&most["principal"], &most["accesses"]), (&json!(office.id), &json!(2)));
        assert_eq!((&found["stillThere"], &found["nextCursor"]), (&json!(true), &Value::Null));
    }
    let first =
        patchline.result_of("find_asset_access", json!({ "fileName": "masters/one.wav", "limit": 1 })).await;
    let rest = json!({ "fileName": "masters/one.wav", "cursor": first["nextCursor"] });
    let rest = patchline.result_of("find_asset_access", rest).await;
    assert_eq!(rest["accesses"].as_array().map(Vec::len), Some(3));

    let unknown = patchline.result_of("find_asset_access", json!({ "fileName": "one.wav" })).await;
    assert_eq!((&unknown["accesses"], &unknown["stillThere"]), (&json!([]), &json!(false)));
    let elsewhere = json!({ "fileName": "one.wav", "bucketName": "somebody-elses" });
    assert_eq!(patchline.tool("find_asset_access", elsewhere).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_contract_in_short_has_its_terms_and_what_stands_in_its_text() {
    let patchline = Patchline::start().await;
    let text = "# Distribution\n\nTerritory: Norway\n";
    let terms = json!({
        "kind": "distribution", "parties": ["Label", "Mira"], "endsOn": "2027-06-30", "noticeDays": 90,
        "rates": [{ "what": "Net receipts, artist", "basisPoints": 1800 }]
    });
    let store = |name: &str, terms: Option<&Value>| {
        let mut contract = json!({ "fileName": name, "fileContent": base64(text.as_bytes()) });
        if let Some(terms) = terms {
            contract["terms"] = terms.clone();
        }
        contract
    };
    patchline.result_of("store_contract", store("art_1/a.md", Some(&terms))).await;
    patchline.result_of("store_contract", store("art_1/b.md", None)).await;

    let found = patchline.result_of("summarize_contract", json!({ "fileName": "art_1/a.md" })).await;
    assert_eq!(
        (&found["terms"]["noticeOn"], &found["terms"]["territory"]),
        (&json!("2027-04-01"), &json!(""))
    );
    assert_eq!(found["terms"]["rates"][0]["share"], "18.00 %");
    let proposed = &found["found"][0];
    assert_eq!((&proposed["field"], &proposed["value"]), (&json!("territory"), &json!("Norway")));
    let bare = patchline.result_of("summarize_contract", json!({ "fileName": "art_1/b.md" })).await;
    assert_eq!(bare["terms"], Value::Null);
    assert!(bare["notes"][0].as_str().is_some_and(|note| note.contains("Nobody has entered the terms")));
    let missing = patchline.tool("summarize_contract", json!({ "fileName": "art_1/no.md" })).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_health_is_what_this_instance_has_seen_and_nothing_that_a_caller_says() {
    let patchline = Patchline::start().await;
    patchline.engine.gateway.check_fleet().await;
    let found = patchline.result_of("check_system_health", json!({})).await;
    assert_ne!(found["health"], "unknown", "{found:#}");
    let servers = found["servers"].as_array().expect("servers");
    let s3 = servers.iter().find(|server| server["server"] == "s3").expect("it is there");
    assert!(s3["checks"].as_array().is_some_and(|checks| !checks.is_empty()) && s3["checkedAt"].is_string());
    let one = patchline.result_of("check_system_health", json!({ "server": "music" })).await;
    assert_eq!(one["servers"].as_array().map(Vec::len), Some(1));
    let unknown = patchline.tool("check_system_health", json!({ "server": "nowhere" })).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let told = patchline.tool("check_system_health", json!({ "seen": {} })).await;
    assert_eq!((told.status, told.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["seen".to_owned()]));
}
