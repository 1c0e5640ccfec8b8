//! The analysis of artists: what was put into the sample label is found, and nothing else.

use crate::policy::{from_here, somebody_with};
use crate::support::{Patchline, artist};
use axum::http::StatusCode;
use jiff::ToSpan;
use jiff::civil::Date;
use patchline::engine::gateway::Role;
use patchline::engine::sample::{DEFAULT_SEED, Plant, PlantKind, SampleLabel, artist_ids};
use patchline::engine::seed::SeedingState;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The sample label as it was written, and what is in it.
struct Sample {
    patchline: Patchline,
    label: SampleLabel,
}

impl Sample {
    async fn start() -> Self {
        let patchline = Patchline::with(&[("MCP_DEMO_MODE", "true"), ("ENABLE_S3", "false")]).await;
        assert_eq!(patchline.engine.sample_label_settled().await, SeedingState::Ready);
        let somebody = &artist_ids(DEFAULT_SEED)[1];
        let compared = patchline.result_of("compare_artists", json!({ "artistIds": [somebody] })).await;
        let newest: Date = serde_json::from_value(compared["asOf"].clone()).expect("a day");
        let today = newest.tomorrow().expect("a day");
        Self { patchline, label: SampleLabel::generate(DEFAULT_SEED, today) }
    }

    fn plant(&self, kind: PlantKind) -> Plant {
        let found = self.label.plants().iter().find(|plant| plant.kind == kind);
        found.cloned().unwrap_or_else(|| panic!("no {kind:?}"))
    }

    /// What is said of the artist of a plant, over four weeks around its first day.
    async fn around(&self, plant: &Plant) -> Value {
        let id = plant.artist_id.as_ref().expect("an artist");
        self.within(id.as_str(), plant.first).await
    }

    /// What is said of an artist over the days around a day, against the four weeks before them.
    async fn within(&self, id: &str, day: Date) -> Value {
        let from = day.saturating_sub(7.days());
        let to = day.saturating_add(7.days());
        let days = json!({ "artistId": id, "from": from, "to": to });
        self.patchline.result_of("analyze_artist_performance", days).await
    }

    /// What is said of the artist of a plant about the newest days.
    async fn newest(&self, kind: PlantKind) -> Value {
        let id = self.plant(kind).artist_id.expect("an artist");
        self.patchline.result_of("analyze_artist_performance", json!({ "artistId": id })).await
    }
}

fn anomaly(answer: &Value, date: Date) -> Option<Value> {
    let rows = answer["anomalies"].as_array().expect("anomalies");
    rows.iter().find(|row| row["date"] == json!(date)).cloned()
}

fn notes(answer: &Value) -> String {
    let notes = answer["notes"].as_array().expect("notes");
    notes.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn of_one_territory_the_streams_are_told_and_what_is_known_of_all_of_them_only_is_named() {
    let sample = Sample::start().await;
    let id = sample.plant(PlantKind::SteadyGrowth).artist_id.expect("an artist");
    let asked = |code: &str| json!({ "artistId": id, "territory": code });
    let whole = sample.patchline.result_of("analyze_artist_performance", json!({ "artistId": id })).await;
    let drivers = whole["drivers"].as_array().expect("drivers");
    let is_place = |driver: &&Value| driver["dimension"] == "territory" && driver["name"] != "Elsewhere";
    let code = drivers.iter().find(is_place).and_then(|driver| driver["name"].as_str()).expect("a territory");
    assert!(whole.get("inTerritory").is_none(), "none was asked for");
    let answer = sample.patchline.result_of("analyze_artist_performance", asked(&code.to_lowercase())).await;
    assert_eq!(answer["metrics"], whole["metrics"], "what is of all territories stays as it is");
    let there = &answer["inTerritory"];
    assert_eq!(there["territory"], json!(code));
    let ids: Vec<_> = there["metrics"].as_array().into_iter().flatten().map(|metric| &metric["id"]).collect();
    assert_eq!(ids, ["streams", "streamsPerDay"]);
    let (part, all) = (ratio(&there["metrics"][0]["current"]), ratio(&whole["metrics"][0]["current"]));
    assert!((part / all - ratio(&there["share"])).abs() < 1e-9 && part < all, "{there}");
    assert!(there["metrics"][0]["low"].is_number(), "{there}");
    let told = notes(&answer);
    assert!(told.contains("alone") && told.contains("saves, followers"), "{told}");

    let nowhere = sample.patchline.result_of("analyze_artist_performance", asked("TV")).await;
    assert!(nowhere["inTerritory"]["metrics"][0]["current"].is_null(), "{}", nowhere["inTerritory"]);
    assert!(notes(&nowhere).contains("name no streams in Tuvalu"), "{}", notes(&nowhere));
    let wrong = sample.patchline.tool("analyze_artist_performance", asked("QQ")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST, "{}", wrong.text());
    let why = sample.patchline.result_of("explain_change", asked(code)).await;
    assert_eq!(&why["inTerritory"], there);
}

fn ratio(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

#[tokio::test]
async fn what_was_put_into_the_sample_label_is_found_and_explained() {
    let sample = Sample::start().await;

    let growth = sample.newest(PlantKind::SteadyGrowth).await;
    assert_eq!(growth["trend"]["verdict"], "proven");
    assert!((0.3..0.5).contains(&ratio(&growth["trend"]["percentPerDay"])), "{}", growth["trend"]);
    assert!(ratio(&growth["trend"]["low"]) > 0.0 && growth["sample"] == true);
    let decline = sample.newest(PlantKind::SteadyDecline).await;
    assert_eq!(decline["trend"]["verdict"], "proven");
    assert!((-0.4..-0.2).contains(&ratio(&decline["trend"]["percentPerDay"])), "{}", decline["trend"]);

    let wave = sample.newest(PlantKind::FalseTrend).await;
    assert_eq!(wave["trend"]["verdict"], "notProven", "{}", wave["trend"]);
    assert_eq!(wave["metrics"][0]["verdict"], "notProven", "{}", wave["metrics"][0]);
    assert!(ratio(&wave["metrics"][0]["change"]) > 0.05, "it looks like growth");

    let explained = sample.plant(PlantKind::ExplainedSpike);
    let spike = sample.around(&explained).await;
    let found = anomaly(&spike, explained.first).expect("the spike is an anomaly");
    let why = found["explainedBy"].as_str().expect("it is explained");
    assert!(why.contains("playlist"), "{why}");
    assert_eq!(spike["authenticity"]["risk"], "low");
    assert!(
        spike["events"].as_array().is_some_and(|events| events.iter().any(|event| event["title"] == why))
    );

    let unexplained = sample.plant(PlantKind::UnexplainedSpike);
    let spike = sample.around(&unexplained).await;
    let found = anomaly(&spike, unexplained.first).expect("the spike is an anomaly");
    assert!(found["explainedBy"].is_null() && ratio(&found["z"]) > 6.0, "{found}");
    let authenticity = &spike["authenticity"];
    assert_eq!(authenticity["risk"], "high", "{authenticity}");
    let evidence = authenticity["evidence"].as_array().expect("evidence");
    let signals: Vec<_> = evidence.iter().filter_map(|row| row["signal"].as_str()).collect();
    assert_eq!(signals, ["unexplainedJump", "oneTerritory", "repetition", "noEngagement", "shortStay"]);
    assert!(evidence[1]["text"].as_str().is_some_and(|text| text.contains(" NZ;")), "{}", evidence[1]);

    let shock = sample.plant(PlantKind::MarketShock);
    let mut explanations = Vec::new();
    for id in &artist_ids(DEFAULT_SEED)[..6] {
        explanations.extend(anomaly(&sample.within(id.as_str(), shock.first).await, shock.first));
    }
    assert!(explanations.len() >= 3, "{explanations:?}");
    assert!(explanations.iter().all(|found| found["explainedBy"] == "market"), "{explanations:?}");

    let gap = sample.plant(PlantKind::Gap);
    let answer = sample.around(&gap).await;
    assert!(notes(&answer).contains(&format!("from {} to {}", gap.first, gap.last)), "{}", notes(&answer));
    assert!(notes(&answer).contains("4 of the days"), "{}", notes(&answer));
    let short = sample.newest(PlantKind::ShortHistory).await;
    assert_eq!(short["trend"]["verdict"], "notEnoughData");
    assert_eq!(short["momentum"]["band"], "notEnoughData");
    assert_eq!(short["authenticity"]["risk"], "notEnoughData");
    assert!(short["forecast"].is_null() && short["metrics"][0]["change"].is_null());
    assert!(notes(&short).contains("There are figures for 21 days only"), "{}", notes(&short));
}

#[tokio::test]
async fn the_parts_of_a_change_add_up_and_artists_are_told_apart_by_id() {
    let sample = Sample::start().await;
    let answer = sample.newest(PlantKind::SteadyGrowth).await;
    let drivers = answer["drivers"].as_array().expect("drivers");
    let sum = |dimension: &str| -> i64 {
        let of = drivers.iter().filter(|driver| driver["dimension"] == dimension);
        of.filter_map(|driver| driver["change"].as_i64()).sum()
    };
    assert!(drivers.len() <= 10 && sum("platform") > 0);
    assert_eq!(sum("platform"), sum("territory"), "both dimensions are the whole change");
    let market = &answer["market"];
    let whole = (1.0 + ratio(&market["shared"])) * (1.0 + ratio(&market["own"])) - 1.0;
    assert!((whole - ratio(&answer["metrics"][0]["change"])).abs() < 1e-9, "{market}");
    let forecast = &answer["forecast"];
    assert_eq!(forecast["days"].as_array().map(Vec::len), Some(28));
    assert!(ratio(&forecast["low"]) <= ratio(&forecast["middle"]));
    assert!(ratio(&forecast["middle"]) <= ratio(&forecast["high"]));

    let namesakes: Vec<_> = sample
        .label
        .plants()
        .iter()
        .filter(|plant| plant.kind == PlantKind::Namesake)
        .filter_map(|plant| plant.artist_id.clone())
        .collect();
    let both = sample.patchline.result_of("compare_artists", json!({ "artistIds": namesakes })).await;
    let rows = both["artists"].as_array().expect("artists");
    assert_eq!((rows.len(), &rows[0]["name"]), (2, &rows[1]["name"]));
    assert_ne!((&rows[0]["genre"], &rows[0]["streams"]), (&rows[1]["genre"], &rows[1]["streams"]));

    let asked = json!({ "artistId": sample.label.artists()[5].artist_id, "similar": 3 });
    let similar = sample.patchline.result_of("compare_artists", asked).await;
    let found = similar["similar"].as_array().expect("similar artists");
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|row| row["reasons"].as_array().is_some_and(|reasons| !reasons.is_empty())));
    assert_eq!(similar["artists"].as_array().map(Vec::len), Some(4));

    let trends = sample.patchline.result_of("identify_genre_trends", json!({ "genre": "indie pop" })).await;
    assert_eq!(trends["rows"][0]["genre"], "indie pop");
    let shares = trends["rows"][0]["contributors"].as_array().expect("contributors");
    let sum: f64 = shares.iter().map(|row| ratio(&row["share"])).sum();
    assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    let all = sample.patchline.result_of("identify_genre_trends", json!({})).await;
    let asked = json!({ "genre": "indie pop", "byTerritory": true });
    let by_territory = sample.patchline.result_of("identify_genre_trends", asked).await;
    let rows = by_territory["rows"].as_array().expect("rows");
    assert_eq!(rows[0], trends["rows"][0], "first the whole");
    let places: BTreeSet<_> = rows[1..].iter().filter_map(|row| row["territory"].as_str()).collect();
    assert_eq!(places.len() + 1, rows.len(), "then each territory once: {places:?}");
    assert!((1..=8).contains(&places.len()) && !places.contains("ZZ"), "{places:?}");
    let grown = sample.plant(PlantKind::SteadyGrowth).artist_id;
    let breakouts = all["breakouts"].as_array().expect("breakouts");
    assert!(breakouts.iter().any(|row| row["artistId"] == json!(grown)), "{breakouts:?}");
    let newcomer = sample.plant(PlantKind::ShortHistory).artist_id;
    assert_eq!(all["excluded"][0]["artistId"], json!(newcomer));
}

#[tokio::test]
async fn an_artist_learns_nothing_about_others_but_medians() {
    let sample = Sample::start().await;
    let own = sample.plant(PlantKind::ExplainedSpike).artist_id.expect("an artist");
    let who = somebody_with(Role::Artist, &[own.as_str()]);
    let gateway = &sample.patchline.engine.gateway;
    let mut told = String::new();
    for (tool, arguments) in [
        ("analyze_artist_performance", json!({ "artistId": own })),
        ("compare_artists", json!({ "artistId": own, "similar": 5 })),
        ("identify_genre_trends", json!({})),
    ] {
        let answer = gateway.call_tool(&who, &from_here(), tool, arguments).await;
        told += &answer.expect("an answer").output.to_string();
    }
    for artist in sample.label.artists().iter().filter(|artist| artist.artist_id != own) {
        assert!(!told.contains(&format!("\"{}\"", artist.name)), "{} is named", artist.name);
        assert!(!told.contains(artist.artist_id.as_str()), "{} is named", artist.artist_id);
    }
    assert!(
        told.contains("all 22 other artists of the label"),
        "they are compared with all the same: {told}"
    );
    assert!(!told.contains("\"folk\""), "a genre of two others would tell about each of them");
    let other = &artist_ids(DEFAULT_SEED)[0];
    let refused = json!({ "artistIds": [own, other] });
    assert!(gateway.call_tool(&who, &from_here(), "compare_artists", refused).await.is_err());
}

#[tokio::test]
async fn an_artist_without_figures_gets_an_answer_without_numbers() {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    let answer = patchline.result_of("analyze_artist_performance", json!({ "artistId": "art_1" })).await;
    assert!(answer["asOf"].is_null() && answer["from"].is_null());
    assert_eq!(answer["metrics"], json!([]));
    assert!(notes(&answer).contains("There are no figures of Mira yet."));
    let unknown = patchline.tool("analyze_artist_performance", json!({ "artistId": "art_9" })).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let trends = patchline.result_of("identify_genre_trends", json!({})).await;
    assert_eq!(trends["rows"], json!([]));
}

#[tokio::test]
async fn days_and_artists_that_cannot_be_meant_are_named() {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    let wrong = json!({ "artistId": "art_1", "from": "22.11.2026" });
    let answer = patchline.tool("analyze_artist_performance", wrong).await;
    assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["from".to_owned()]));
    let twice = json!({ "artistIds": ["art_1", "art_1"] });
    let answer = patchline.tool("compare_artists", twice).await;
    assert_eq!(answer.wrong_fields(), ["artistIds.1"]);
    let none = patchline.tool("compare_artists", json!({})).await;
    assert_eq!(none.wrong_fields(), ["artistIds"]);
}

#[tokio::test]
async fn a_fall_on_a_public_holiday_where_the_artist_is_heard_is_explained_by_it() {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    let (ascension, usual) = (jiff::civil::date(2026, 5, 14), jiff::civil::date(2026, 5, 21));
    let first = jiff::civil::date(2026, 3, 16);
    for offset in 0..77_i64 {
        let day = first.saturating_add(offset.days());
        let streams = if [ascension, usual].contains(&day) { 600 } else { 1000 };
        let row = json!({
            "artistId": "art_1", "dayPlatform": format!("{day}#spotify"), "date": day.to_string(),
            "platform": "spotify", "streams": streams, "listeners": 10, "saves": 1, "followers": 7,
            "territories": { "NO": streams / 2, "US": streams / 2 }, "source": "test"
        });
        patchline.put("analytics", row).await;
    }
    let days = json!({ "artistId": "art_1", "from": "2026-05-04", "to": "2026-05-31" });
    let answer = patchline.result_of("analyze_artist_performance", days).await;
    let why = |day: Date| anomaly(&answer, day).map(|found| found["explainedBy"].clone());
    assert_eq!(why(ascension), Some(json!("Ascension Day (Norway)")), "{}", answer["anomalies"]);
    assert_eq!(why(usual), Some(Value::Null), "{}", answer["anomalies"]);

    let calendar = patchline.get("/releases/calendar?month=2026-05").await.text();
    assert!(calendar.contains("Holiday: Ascension Day") && calendar.contains("Norway"));
    let good_friday = "2027-03-26";
    let asked = json!({
        "artistId": "art_1", "readyOn": "2027-02-20", "earliest": good_friday, "latest": good_friday
    });
    let dates = patchline.result_of("recommend_release_date", asked).await;
    let said = dates["candidates"][0].to_string();
    assert!(said.contains("The day is Good Friday in Norway."), "{dates}");
}
