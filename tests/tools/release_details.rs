//! The forms of what a release and its tracks say, as a browser sends them.

use super::content::sent;
use crate::support::Patchline;
use axum::http::{StatusCode, header};
use serde_json::{Value, json};

async fn stored(patchline: &Patchline) -> Value {
    let found = patchline.result_of("query_release_data", json!({ "releaseId": "rel_1" })).await;
    found["rows"][0].clone()
}

/// Where a finding about the release is mended.
async fn mended_at(patchline: &Patchline, code: &str) -> Value {
    let check = patchline.result_of("check_release", json!({ "releaseId": "rel_1" })).await;
    let findings = check["groups"][0]["findings"].as_array().expect("findings").clone();
    findings.iter().find(|finding| finding["code"] == code).expect("it is found")["address"].clone()
}

#[tokio::test]
async fn a_finding_leads_to_the_field_of_its_track_and_the_form_keeps_what_is_new() {
    const FORM: &str = "/releases/rel_1/edit?track=trk_1";
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    assert_eq!(mended_at(&patchline, "M01").await, format!("{FORM}#field-language"));
    assert_eq!(mended_at(&patchline, "L09").await, "/releases/rel_1/files#file-cover");
    let page = patchline.get(FORM).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("id=\"field-language\"") && page.text().contains("3:07"));
    let checked = patchline.get("/releases/rel_1?checks=distributor").await.text();
    assert!(checked.contains("#field-language"), "the page leads there, too");

    let track = [("track", "trk_1"), ("version", "1")];
    let wrong = [("language", "jp"), ("iswc", "T-034.524.680-2"), ("lyricists", "Ida Lund")];
    let wrong = sent(&patchline, FORM, &[&track[..], &wrong].concat()).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    for told in
        ["field-language-error", "field-iswc-error", "a code of ISO 639", "T-034.524.680-2", "Ida Lund"]
    {
        assert!(wrong.text().contains(told), "{told}");
    }

    let right = [
        ("language", "NO"),
        ("lyricists", "Ida Lund\r\n"),
        ("contributors", "Mastering engineer: Kim Aas\r\nSession musician (cello): Ida Lund"),
        ("aiUse", "vocals"),
        ("durationSeconds", "3:07"),
    ];
    let kept = sent(&patchline, FORM, &[&track[..], &right].concat()).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    assert_eq!(kept.headers[header::LOCATION], "/releases/rel_1");
    let release = stored(&patchline).await;
    let track = &release["tracks"][0];
    assert_eq!((&track["language"], &track["lyricists"]), (&json!("no"), &json!(["Ida Lund"])));
    assert_eq!(track["aiUse"], json!({ "vocals": true, "instrumentation": false, "post": false }));
    let musician = json!({ "role": "StudioMusician", "name": "Ida Lund", "instrument": "cello" });
    assert_eq!(track["contributors"], json!([{ "role": "MasteringEngineer", "name": "Kim Aas" }, musician]));
    let page = patchline.get("/releases/rel_1").await.text();
    assert!(page.contains("Session musician (cello): Ida Lund"));
    assert_eq!(track["composers"], json!(["Mira Holm"]), "what was not sent stays");
    assert_eq!(release["version"], 2);
}

#[tokio::test]
async fn what_a_release_need_not_say_is_taken_away_and_what_it_must_say_is_not() {
    const FORM: &str = "/releases/rel_1/edit";
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let keep = async |version: &str, values: &[(&str, &str)]| {
        sent(&patchline, FORM, &[&[("version", version)][..], values].concat()).await
    };
    let known =
        [("grid", "A1-2425G-ABC1234002-M"), ("originalReleaseDate", "2019-03-01"), ("territory", "NO")];
    assert_eq!(keep("1", &known).await.status, StatusCode::SEE_OTHER);
    assert_eq!(stored(&patchline).await["grid"], "A12425GABC1234002M");
    let nothing = [("grid", ""), ("originalReleaseDate", ""), ("territory", "")];
    assert_eq!(keep("2", &nothing).await.status, StatusCode::SEE_OTHER);
    let release = stored(&patchline).await;
    for gone in ["grid", "originalReleaseDate", "territory"] {
        assert!(release.get(gone).is_none(), "{gone}: {release}");
    }
    for needed in
        [("title", ""), ("pLine", "Northlight"), ("upc", ""), ("releaseDate", "soon"), ("genre", "")]
    {
        let refused = keep("3", &[needed]).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{needed:?}");
        assert!(refused.text().contains(&format!("field-{}-error", needed.0)), "{needed:?}");
    }
    assert_eq!(keep("3", &[("title", "Night Drive")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(stored(&patchline).await["version"], 3, "nothing was new");
}

#[tokio::test]
async fn two_editors_of_a_form_cannot_overwrite_each_other_unseen() {
    const FORM: &str = "/releases/rel_1/edit";
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let first = [("version", "1"), ("title", "Night Drive"), ("genre", "folk")];
    assert_eq!(sent(&patchline, FORM, &first).await.status, StatusCode::SEE_OTHER);
    let second = |version| [("version", version), ("title", "Day Drive"), ("genre", "indie pop")];
    let overtaken = sent(&patchline, FORM, &second("1")).await;
    assert_eq!(overtaken.status, StatusCode::CONFLICT);
    let page = overtaken.text();
    for told in ["Somebody else was faster", "Stored now: folk", "Day Drive", "name=\"version\" value=\"2\""]
    {
        assert!(page.contains(told), "{told}");
    }
    assert_eq!(stored(&patchline).await["title"], "Night Drive", "nothing of it was kept");
    assert_eq!(sent(&patchline, FORM, &second("2")).await.status, StatusCode::SEE_OTHER, "having seen it");
    let release = stored(&patchline).await;
    assert_eq!((&release["title"], &release["genre"]), (&json!("Day Drive"), &json!("indie pop")));
    let missing = patchline.get("/releases/rel_1/edit?track=trk_9").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}
