//! Answers that changed in the course of time: each question gets the value of the asked day, however the day
//! is said.

use super::start;
use crate::support::Patchline;
use serde_json::{Value, json};

/// A question that is asked for several days, and what was true then.
struct Series {
    id: &'static str,
    ask: &'static str,
    /// Days with the value in force; none where no row is in force or the row has no value yet.
    rows: &'static [(&'static str, Option<f64>)],
}

const SERIES: [Series; 7] = [
    Series {
        id: "us-mechanical-work",
        ask: "statutory mechanical royalty per song on a CD in the US",
        rows: &[
            ("2022-12-31", None),
            ("2023-01-01", Some(12.0)),
            ("2024-02-29", Some(12.4)),
            ("2025-12-31", Some(12.7)),
            ("2026-01-01", Some(13.1)),
            ("2027-03-01", None),
        ],
    },
    Series {
        id: "us-mechanical-minute",
        ask: "statutory mechanical royalty per minute of playing time on a CD in the US",
        rows: &[
            ("2023-06-01", Some(2.31)),
            ("2024-12-31", Some(2.38)),
            ("2025-01-01", Some(2.45)),
            ("2026-11-24", Some(2.52)),
            ("2027-01-01", None),
        ],
    },
    Series {
        id: "us-webcast-commercial",
        ask: "what does a commercial webcaster pay for each performance of a recording",
        rows: &[
            ("2024-12-31", None),
            ("2025-06-01", Some(0.25)),
            ("2026-06-01", Some(0.28)),
            ("2027-06-01", Some(0.29)),
            ("2028-06-01", Some(0.30)),
            ("2029-06-01", Some(0.31)),
            ("2030-12-31", Some(0.32)),
            ("2031-01-01", None),
        ],
    },
    Series {
        id: "album-equivalent-premium",
        ask: "how many paid subscription streams count as one album unit at Billboard",
        rows: &[("2020-05-01", Some(1250.0)), ("2026-01-01", Some(1250.0)), ("2026-01-05", Some(1000.0))],
    },
    Series {
        id: "album-equivalent-ad",
        ask: "how many ad-supported streams count as one album unit at Billboard",
        rows: &[("2020-05-01", Some(3750.0)), ("2026-01-01", Some(3750.0)), ("2026-01-05", Some(2500.0))],
    },
    Series {
        id: "mechanical-ten-track-album",
        ask: "mechanicals for one copy of an album with ten tracks",
        rows: &[("2025-07-01", Some(1.27)), ("2026-07-01", Some(1.31)), ("2028-07-01", None)],
    },
    Series {
        id: "album-equivalent-example",
        ask: "example of album units: one million premium and one million ad-supported streams",
        rows: &[("2025-10-01", Some(1066.7)), ("2026-10-01", Some(1400.0))],
    },
];

async fn search(patchline: &Patchline, query: &str, as_of: Option<&str>) -> Value {
    let mut arguments = json!({ "query": query, "maxResults": 20 });
    if let Some(day) = as_of {
        arguments["asOf"] = json!(day);
    }
    patchline.result_of("music_knowledge_search", arguments).await
}

/// The rows of a series among the results.
fn rows_of<'a>(found: &'a Value, series: &str) -> Vec<&'a Value> {
    let results = found["results"].as_array().map(Vec::as_slice).unwrap_or_default();
    let entries = results.iter().map(|result| &result["entry"]);
    entries.filter(|entry| entry["series"] == json!(series)).collect()
}

fn check(series: &Series, how: &str, day: &str, value: Option<f64>, found: &Value) {
    let rows = rows_of(found, series.id);
    let values: Vec<Option<f64>> = rows.iter().map(|row| row["value"].as_f64()).collect();
    let told = format!("{} asked {how} {day}: {values:?}", series.id);
    match value {
        Some(_) => assert_eq!(values, [value], "{told}"),
        None => assert!(values.iter().all(Option::is_none), "{told}"),
    }
}

#[tokio::test]
async fn each_question_gets_the_value_of_the_asked_day() {
    let patchline = start().await;
    for series in &SERIES {
        for (day, value) in series.rows {
            let found = search(&patchline, series.ask, Some(day)).await;
            check(series, "as of", day, *value, &found);
            let question = format!("{} on {day}", series.ask);
            let found = search(&patchline, &question, None).await;
            check(series, "on", day, *value, &found);
            assert_eq!(found["asOf"], json!([day]));
        }
    }
}

#[tokio::test]
async fn the_day_in_the_question_counts_more_than_the_day_of_the_asking() {
    let patchline = start().await;
    let found =
        search(&patchline, "statutory mechanical royalty per song on a CD in May 2024", Some("2026-05-01"))
            .await;
    let rows = rows_of(&found, "us-mechanical-work");
    assert_eq!(rows.iter().map(|row| row["value"].as_f64()).collect::<Vec<_>>(), [Some(12.4)]);
}

#[tokio::test]
async fn answers_are_of_the_asked_day_too() {
    let patchline = start().await;
    for (day, told) in [("2024-05-01", "12.4"), ("2026-05-01", "13.1")] {
        let prompt = "statutory mechanical royalty per song on a CD in the US";
        let arguments = json!({ "prompt": prompt, "asOf": day });
        let answer = patchline.result_of("generate_music_insights", arguments).await;
        let text = answer["answer"].as_str().unwrap_or_default();
        assert!(text.contains(told), "{day}: {text}");
    }
    let arguments = json!({ "prompt": "mechanical rate for a song on a CD in 2027", "asOf": "2026-11-24" });
    let answer = patchline.result_of("generate_music_insights", arguments).await;
    let text = answer["answer"].as_str().unwrap_or_default();
    assert!(!text.contains("13.1") && !text.contains("12."), "no rate of another year: {text}");
}

#[tokio::test]
async fn a_comparison_gives_the_values_of_all_its_days() {
    let patchline = start().await;
    let question = "statutory mechanical royalty per song on a CD in 2023 and in 2026";
    let found = search(&patchline, question, None).await;
    let mut values: Vec<f64> =
        rows_of(&found, "us-mechanical-work").iter().filter_map(|row| row["value"].as_f64()).collect();
    values.sort_by(f64::total_cmp);
    assert_eq!(values, [12.0, 13.1]);
}
