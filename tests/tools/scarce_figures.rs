//! Artists of whom little is known: figures of three days, nothing but noughts, a platform that fell silent. What cannot
//! be said is said so, on the page as in the answer, and no number is made up.

use crate::support::{Patchline, artist};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

/// The newest day with figures.
const NEWEST: Date = date(2026, 11, 1);

/// A label with one artist.
async fn label() -> Patchline {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    patchline
}

/// Records the same streams for so many days up to a day.
async fn record(patchline: &Patchline, platform: &str, (days, to): (i64, Date), streams: u64) {
    let row = |back: i64| {
        json!({
            "artistId": "art_1", "date": to.checked_sub(back.days()).expect("a day").to_string(),
            "platform": platform, "streams": streams, "listeners": streams / 2, "saves": 0, "followers": 0,
            "territories": { "NO": streams }
        })
    };
    let rows: Vec<Value> = (0..days).map(row).collect();
    patchline.result_of("record_analytics", json!({ "source": "test", "rows": rows })).await;
}

async fn analysed(patchline: &Patchline) -> Value {
    patchline.result_of("analyze_artist_performance", json!({ "artistId": "art_1" })).await
}

async fn page(patchline: &Patchline) -> String {
    let page = patchline.get("/artists/art_1").await.text();
    assert!(!page.contains("NaN") && !page.contains("inf\u{a0}%"), "{page}");
    page
}

#[tokio::test]
async fn of_three_days_nothing_is_concluded() {
    let patchline = label().await;
    let none = page(&patchline).await;
    assert!(none.contains("There are no figures of Mira to compare yet."), "{none}");
    assert!(
        none.contains("0 of the 28 days are known") && !none.contains("No day of both periods is unusual")
    );

    record(&patchline, "spotify", (3, NEWEST), 120).await;
    let found = analysed(&patchline).await;
    assert_eq!((&found["asOf"], &found["metrics"][0]["current"]), (&json!("2026-11-01"), &json!(360.0)));
    for unknown in
        [&found["metrics"][0]["change"], &found["forecast"], &found["level"], &found["market"]["own"]]
    {
        assert!(unknown.is_null(), "{found}");
    }
    for verdict in [&found["trend"]["verdict"], &found["momentum"]["band"], &found["authenticity"]["risk"]] {
        assert_eq!(verdict, "notEnoughData", "{found}");
    }
    let page = page(&patchline).await;
    for said in [
        "There is not enough data to say what changed for Mira.",
        "What the market had of it cannot be said where the change itself is not known.",
        "There is not enough data to tell unusual days from usual ones.",
        "There are too few days to look for signs.",
        "3 of the 28 days are known",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("No day of both periods is unusual"), "nobody knows");
    let roster = patchline.get("/artists").await.text();
    assert!(roster.contains("Not enough data"), "{roster}");
}

#[tokio::test]
async fn nothing_but_noughts_is_no_change_and_no_risk() {
    let patchline = label().await;
    record(&patchline, "spotify", (74, NEWEST), 0).await;
    let found = analysed(&patchline).await;
    let streams = &found["metrics"][0];
    assert_eq!((&streams["current"], &streams["before"]), (&json!(0.0), &json!(0.0)));
    assert_eq!((&streams["change"], &streams["verdict"]), (&Value::Null, &json!("notEnoughData")));
    assert_eq!((&found["trend"]["verdict"], &found["anomalies"]), (&json!("notProven"), &json!([])));
    assert_eq!((&found["authenticity"]["risk"], &found["drivers"]), (&json!("low"), &json!([])));
    let rate = found["metrics"].as_array().expect("metrics").iter().find(|metric| metric["id"] == "saveRate");
    assert_eq!(rate.map(|rate| &rate["current"]), Some(&Value::Null), "nothing divided by nothing");
    let page = page(&patchline).await;
    assert!(page.contains("There is not enough data to say what changed for Mira."), "{page}");
    assert!(!page.contains("of the 28 days are known"), "all of them are");
}

#[tokio::test]
async fn a_platform_that_fell_silent_is_no_fall() {
    let patchline = label().await;
    record(&patchline, "spotify", (74, NEWEST), 100).await;
    record(&patchline, "appleMusic", (60, date(2026, 10, 18)), 50).await;
    let found = analysed(&patchline).await;
    assert_eq!(found["leftOut"], json!(["Apple Music"]), "{found}");
    let streams = &found["metrics"][0];
    assert!(streams["change"].as_f64().is_some_and(|change| change.abs() < 1e-9), "{streams}");
    assert_eq!(streams["current"], json!(2800.0));
    let page = page(&patchline).await;
    assert!(page.contains("Without Apple Music: its figures do not cover the days"), "{page}");
}
