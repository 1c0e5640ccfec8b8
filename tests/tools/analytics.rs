//! Daily figures: recording them, and finding them by a condition.

use crate::support::{Patchline, artist, release};
use axum::http::StatusCode;
use serde_json::{Value, json};

fn row(date: &str, platform: &str, streams: u64) -> Value {
    json!({
        "artistId": "art_1", "date": date, "platform": platform, "streams": streams, "listeners": 5,
        "saves": 1, "followers": 100, "territories": { "NO": streams }
    })
}

async fn with_figures() -> Patchline {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    let rows = json!([
        row("2026-11-01", "spotify", 100),
        row("2026-11-01", "appleMusic", 40),
        row("2026-11-02", "spotify", 250),
    ]);
    let recorded = patchline.result_of("record_analytics", json!({ "source": "test", "rows": rows })).await;
    assert_eq!(recorded["recorded"], 3);
    patchline
}

async fn streams_where(patchline: &Patchline, condition: &str) -> Vec<u64> {
    let found = patchline.result_of("scan_analytics_data", json!({ "filterExpression": condition })).await;
    let rows = found["rows"].as_array().expect("rows").clone();
    rows.iter().map(|row| row["streams"].as_u64().expect("a number")).collect()
}

#[tokio::test]
async fn recorded_figures_are_found_by_conditions_on_any_attribute() {
    let patchline = with_figures().await;
    assert_eq!(streams_where(&patchline, "streams > 90").await, [100, 250]);
    assert_eq!(streams_where(&patchline, r#"platform = "appleMusic""#).await, [40]);
    assert_eq!(streams_where(&patchline, r#"artistId = "art_1" AND date = "2026-11-02""#).await, [250]);
    assert_eq!(streams_where(&patchline, "NOT streams BETWEEN 50 AND 200").await, [40, 250]);
    assert_eq!(streams_where(&patchline, r#"artistId = "art_2""#).await, [0_u64; 0]);
    assert_eq!(streams_where(&patchline, "territories.NO >= 100").await, [100, 250]);
}

#[tokio::test]
async fn the_artists_page_shows_what_was_recorded_at_once() {
    let patchline = with_figures().await;
    let before = patchline.get("/artists/art_1").await.text();
    assert!(before.contains("2026-11-02"), "the newest day is named");
    let rows = json!([row("2026-11-03", "spotify", 4321)]);
    patchline.result_of("record_analytics", json!({ "source": "test", "rows": rows })).await;
    let after = patchline.get("/artists/art_1").await.text();
    assert!(after.contains("2026-11-03"), "the new day is shown without waiting for a cache");
}

#[tokio::test]
async fn a_social_network_is_recorded_without_streams() {
    let patchline = with_figures().await;
    let counted = |streams: u64| {
        json!({
            "artistId": "art_1", "date": "2026-11-03", "platform": "tiktok", "streams": streams, "listeners": 0,
            "saves": 0, "followers": 900, "territories": {}, "views": 7000
        })
    };
    let rows = json!({ "source": "test", "rows": [counted(0)] });
    patchline.result_of("record_analytics", rows).await;
    let condition = json!({ "filterExpression": r#"platform = "tiktok""# });
    let found = patchline.result_of("scan_analytics_data", condition).await;
    assert_eq!((&found["rows"][0]["followers"], &found["rows"][0]["listeners"]), (&json!(900), &Value::Null));
    let wrong = patchline.tool("record_analytics", json!({ "source": "test", "rows": [counted(5)] })).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.wrong_fields().contains(&"rows.0.streams".to_owned()), "{:?}", wrong.wrong_fields());
}

#[tokio::test]
async fn recording_again_replaces_instead_of_adding() {
    let patchline = with_figures().await;
    let rows = json!([row("2026-11-02", "spotify", 260)]);
    patchline.result_of("record_analytics", json!({ "source": "corrected", "rows": rows })).await;
    assert_eq!(streams_where(&patchline, r#"date = "2026-11-02""#).await, [260]);
}

#[tokio::test]
async fn one_wrong_row_keeps_all_rows_out_and_every_mistake_is_named() {
    let patchline = with_figures().await;
    let mut wrong = row("2026-11-04", "spotify", 10);
    wrong["territories"] = json!({ "NO": 4, "Sweden": 5 });
    let rows = json!([row("2026-11-04", "appleMusic", 1), wrong]);
    let answer = patchline.tool("record_analytics", json!({ "source": "test", "rows": rows })).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.wrong_fields(), ["rows.1.territories", "rows.1.territories"]);
    assert_eq!(streams_where(&patchline, r#"date = "2026-11-04""#).await, [0_u64; 0]);
}

#[tokio::test]
async fn figures_of_an_unknown_artist_are_refused() {
    let patchline = Patchline::start().await;
    let rows = json!([row("2026-11-04", "spotify", 10)]);
    let answer = patchline.tool("record_analytics", json!({ "source": "test", "rows": rows })).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.error()["message"], "There is no artist \"art_1\".");
}

#[tokio::test]
async fn a_page_is_filled_even_where_few_rows_fulfil_the_condition() {
    let patchline = with_figures().await;
    let arguments = json!({ "filterExpression": "streams > 200", "limit": 1 });
    let found = patchline.result_of("scan_analytics_data", arguments).await;
    assert_eq!(found["rows"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn small_pages_lead_through_all_rows_without_gap_or_repetition() {
    let patchline = with_figures().await;
    let mut seen = Vec::new();
    let mut arguments = json!({ "filterExpression": "streams > 50", "limit": 1 });
    loop {
        let page = patchline.result_of("scan_analytics_data", arguments.clone()).await;
        for row in page["rows"].as_array().expect("rows") {
            seen.push(row["streams"].as_u64().expect("a number"));
        }
        if page["nextCursor"].is_null() {
            break;
        }
        arguments["cursor"] = page["nextCursor"].clone();
    }
    assert_eq!(seen, [100, 250]);
}

#[tokio::test]
async fn a_mistyped_day_to_come_is_refused_at_its_field() {
    let patchline = with_figures().await;
    let rows = json!([
        row("2026-11-03", "spotify", 1),
        row("2062-11-03", "spotify", 1),
        row("1026-11-03", "spotify", 1)
    ]);
    let answer = patchline.tool("record_analytics", json!({ "source": "test", "rows": rows })).await;
    assert_eq!(
        (answer.status, answer.wrong_fields()),
        (StatusCode::BAD_REQUEST, vec!["rows.2.date".to_owned()])
    );
    let rows = json!([row("2026-11-03", "spotify", 1), row("2062-11-03", "spotify", 1)]);
    let answer = patchline.tool("record_analytics", json!({ "source": "test", "rows": rows })).await;
    assert_eq!(
        (answer.status, answer.wrong_fields()),
        (StatusCode::BAD_REQUEST, vec!["rows.1.date".to_owned()])
    );
    assert_eq!(streams_where(&patchline, r#"date = "2026-11-03""#).await, [0_u64; 0]);
}

#[tokio::test]
async fn a_stored_day_to_come_does_not_become_the_newest_of_the_label() {
    let patchline = with_figures().await;
    let mut mistyped = row("2062-11-03", "spotify", 9);
    mistyped["dayPlatform"] = json!("2062-11-03#spotify");
    mistyped["source"] = json!("somebody else");
    patchline.put("analytics", mistyped).await;
    let list = patchline.get("/artists").await.text();
    assert!(list.contains("2026-11-02") && !list.contains("2062-11-03"), "the newest day is named");
}

#[tokio::test]
async fn figures_beyond_what_people_can_play_are_refused() {
    let patchline = with_figures().await;
    let rows = json!([row("2026-11-03", "spotify", 1_000_000_000_001)]);
    let answer = patchline.tool("record_analytics", json!({ "source": "test", "rows": rows })).await;
    assert_eq!(
        (answer.status, answer.wrong_fields()),
        (StatusCode::BAD_REQUEST, vec!["rows.0.streams".to_owned()])
    );
}

#[tokio::test]
async fn playlists_social_figures_and_tracks_are_shown_where_they_are_told() {
    let patchline = with_figures().await;
    patchline.put("releases", release("rel_1", "art_1")).await;
    let mut day = row("2026-11-03", "spotify", 4000);
    day["playlistReach"] = json!(3000);
    day["likes"] = json!(1200);
    day["tracks"] = json!({ "xx-0ab-26-00001": 2500, "NOA1B2600042": 700 });
    (day["saves"], day["listeners"]) = (json!(900), json!(2000));
    day["trackSaves"] = json!({ "xx-0ab-26-00001": 300 });
    day["trackListeners"] = json!({ "xx-0ab-26-00001": 1900 });
    let mut other = row("2026-11-03", "appleMusic", 10);
    other["playlistReach"] = json!(50);
    patchline.result_of("record_analytics", json!({ "source": "test", "rows": [day, other] })).await;
    assert_eq!(streams_where(&patchline, "tracks.XX0AB2600001 = 2500").await, [4000]);
    let page = patchline.get("/artists/art_1").await.text();
    for said in [
        "3\u{202f}000 followers",
        "Not added up",
        "1\u{202f}200 likes",
        "No platform tells it",
        "2\u{202f}500",
        "1\u{202f}900 on Spotify",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(page.contains("Not in the catalogue"), "a recording of no release is not left out");
    let page = patchline.get("/releases/rel_1").await.text();
    assert!(page.contains("Streams by track") && page.contains("2\u{202f}500"));
    assert!(!page.contains("NO-A1B-26-00042"), "only recordings of the release");
    let file = patchline.get("/export/artists/art_1.csv").await.text();
    for said in [
        "Likes,likes,1200,",
        "\"Playlist reach, Spotify\",followers,3000,",
        "Views,views,,,,,,not known",
        "\"track, 28 days\",XX0AB2600001 Night Drive,streams,2500,",
        "\"track, 28 days\",XX0AB2600001 Night Drive,saves,300,",
        "\"track, Spotify on 2026-11-03\",XX0AB2600001 Night Drive,listeners,1900,",
    ] {
        assert!(file.contains(said), "{said}: {file}");
    }
}

#[tokio::test]
async fn an_engagement_rate_is_told_where_two_months_of_likes_comments_and_followers_are() {
    let patchline = with_figures().await;
    let newest = jiff::civil::date(2026, 11, 3);
    let record = async |days: i64| {
        let row = |ago: i64| {
            let date = newest.saturating_sub(jiff::ToSpan::days(ago)).to_string();
            json!({
                "artistId": "art_1", "date": date, "platform": "tiktok", "streams": 0, "listeners": 0, "saves": 0,
                "followers": 900, "territories": {}, "likes": 4, "comments": 2
            })
        };
        let rows: Vec<Value> = (0..days).map(row).collect();
        patchline.result_of("record_analytics", json!({ "source": "test", "rows": rows })).await;
        patchline.get("/artists/art_1").await.text()
    };
    let month = record(30).await;
    assert!(!month.contains("Engagement rate"), "a month is not enough");
    let file = patchline.get("/export/artists/art_1.csv").await.text();
    assert!(!file.contains("Engagement rate"), "{file}");
    let months = record(70).await;
    // 60 × (4 + 2) / 900: what is older does not count.
    assert!(months.contains("TikTok: 40.0\u{a0}%") && months.contains("360 likes and comments"), "{months}");
    assert!(months.contains("(likes + comments of the last two months) / followers"));
    let file = patchline.get("/export/artists/art_1.csv").await.text();
    let table = "\"engagement rate, 60 days up to 2026-11-03\"";
    for said in [
        "\"Engagement rate, TikTok\",ratio,0.4,",
        "\"Likes and comments, TikTok\",likes and comments,360,",
        "\"Followers, TikTok\",people,900,",
        "\"Known days, TikTok\",days,60,",
    ] {
        assert!(file.contains(&format!("{table},{said}")), "{said}: {file}");
    }
}

#[tokio::test]
async fn figures_of_tracks_are_well_formed_and_no_more_than_those_of_the_artist() {
    let patchline = with_figures().await;
    for (field, tracks) in [
        ("tracks", json!({ "night": 1 })),
        ("tracks", json!({ "XX0AB2600001": 11 })),
        ("tracks", json!({ "XX0AB2600001": 1, "XX-0AB-26-00001": 2 })),
        ("trackSaves", json!({ "XX0AB2600001": 1, "XX0AB2600002": 1 })),
        ("trackListeners", json!({ "XX0AB2600001": 6 })),
    ] {
        let mut wrong = row("2026-11-04", "spotify", 10);
        wrong[field] = tracks;
        let answer = patchline.tool("record_analytics", json!({ "source": "test", "rows": [wrong] })).await;
        assert_eq!(answer.wrong_fields(), [format!("rows.0.{field}")]);
    }
}
