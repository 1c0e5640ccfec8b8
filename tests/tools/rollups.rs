//! What is added up of an artist's newest figures and kept beside the rows: read instead of them for as long as it holds.

use super::imports::Desk;
use crate::support::{Patchline, artist, eventually};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use patchline::engine::catalog::Catalog;
use patchline::model::analytics::Platform;
use serde_json::{Value, json};
use ulid::Ulid;

fn row(date: &str, streams: u64) -> Value {
    json!({
        "artistId": "art_1", "date": date, "platform": "spotify", "dayPlatform": format!("{date}#spotify"),
        "streams": streams, "territories": { "NO": streams }, "source": "test"
    })
}

/// A label with an artist of whom two days are known.
async fn with_figures() -> Patchline {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    for known in [row("2026-11-01", 100), row("2026-11-02", 250)] {
        patchline.put("analytics", known).await;
    }
    patchline
}

/// An instance that has just been started: it has nothing in memory.
fn started(patchline: &Patchline) -> Catalog {
    Catalog::new(patchline.clients.clone(), &patchline.engine.config)
}

/// The streams by day, oldest first, as lists have them.
async fn listed(catalog: &Catalog) -> Vec<u64> {
    let recent = catalog.recent(&"art_1".parse().expect("an id")).await.expect("figures");
    recent.days.values().filter_map(|day| day.of(Platform::Spotify)).collect()
}

/// The streams by day, oldest first, as a market has them.
async fn in_norway(catalog: &Catalog) -> Vec<u64> {
    let found = catalog.by_territory(&"art_1".parse().expect("an id")).await.expect("figures");
    found.streams().filter(|(_, _, code, _)| *code == "NO").map(|(.., streams)| streams).collect()
}

/// Sets an attribute of what is kept of the artist, as if time had passed or somebody else had done something.
async fn set(patchline: &Patchline, name: &str, attribute: &str, value: &str) {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let update = patchline.clients.dynamodb.update_item().table_name("patchline-rollups");
    let update = update.key("artistId", text("art_1")).key("name", text(name));
    let update = update.update_expression("SET #attribute = :value");
    let update = update.expression_attribute_names("#attribute", attribute);
    update.expression_attribute_values(":value", text(value)).send().await.expect("it is set");
}

/// A change of the artist's figures that was begun so many hours ago, in the words of the mark.
async fn begin_a_change(patchline: &Patchline, hours: i64) {
    let begun = u64::try_from((Timestamp::now() - SignedDuration::from_hours(hours)).as_millisecond());
    let change = Ulid::from_parts(begun.expect("after 1970"), 1).to_string();
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let update = patchline.clients.dynamodb.update_item().table_name("patchline-rollups");
    let update = update.key("artistId", text("art_1")).key("name", text("change"));
    let update = update.update_expression("SET #token = :token, #changing = :changes");
    let update = update.expression_attribute_names("#token", "token");
    let update = update.expression_attribute_names("#changing", "changing");
    let update = update.expression_attribute_values(":token", text("somebody is at it"));
    let update = update.expression_attribute_values(":changes", AttributeValue::Ss(vec![change]));
    update.send().await.expect("it is set");
}

/// Corrects the streams of the first day by the tool.
async fn correct(patchline: &Patchline, streams: u64) {
    let mut corrected = row("2026-11-01", streams);
    corrected.as_object_mut().expect("a row").retain(|name, _| name != "dayPlatform" && name != "source");
    corrected["listeners"] = json!(5);
    corrected["saves"] = json!(1);
    corrected["followers"] = json!(100);
    patchline.result_of("record_analytics", json!({ "source": "corrected", "rows": [corrected] })).await;
}

fn ago(hours: i64) -> String {
    (Timestamp::now() - SignedDuration::from_hours(hours)).to_string()
}

#[tokio::test]
async fn after_a_start_lists_read_what_was_added_up_and_not_the_rows() {
    let patchline = with_figures().await;
    assert_eq!(
        (listed(&started(&patchline)).await, in_norway(&started(&patchline)).await),
        (vec![100, 250], vec![100, 250])
    );
    // Another program corrects a day that is not the newest, past Patchline.
    patchline.put("analytics", row("2026-11-01", 7)).await;
    assert_eq!(
        (listed(&started(&patchline)).await, in_norway(&started(&patchline)).await),
        (vec![100, 250], vec![100, 250])
    );
}

#[tokio::test]
async fn what_another_program_has_corrected_is_seen_after_an_hour_by_who_looks_twice_and_after_a_day_by_everybody()
 {
    let patchline = with_figures().await;
    listed(&started(&patchline)).await;
    patchline.put("analytics", row("2026-11-01", 7)).await;
    set(&patchline, "recent", "madeAt", &ago(2)).await;
    let catalog = started(&patchline);
    assert_eq!(listed(&catalog).await, [100, 250], "nobody waits for the rows");
    eventually("all rows are looked at meanwhile", async || listed(&catalog).await == [7, 250]).await;
    patchline.put("analytics", row("2026-11-01", 8)).await;
    set(&patchline, "recent", "madeAt", &ago(25)).await;
    assert_eq!(listed(&started(&patchline)).await, [8, 250]);
}

#[tokio::test]
async fn a_platform_that_reports_late_is_seen_whoever_has_written_it() {
    let patchline = with_figures().await;
    in_norway(&started(&patchline)).await;
    let mut late = row("2026-11-01", 5);
    late["platform"] = json!("deezer");
    late["dayPlatform"] = json!("2026-11-01#deezer");
    patchline.put("analytics", late).await;
    assert_eq!(in_norway(&started(&patchline)).await, [5, 100, 250]);
}

#[tokio::test]
async fn a_new_day_is_seen_whoever_has_written_it() {
    let patchline = with_figures().await;
    listed(&started(&patchline)).await;
    patchline.put("analytics", row("2026-11-03", 9)).await;
    assert_eq!(listed(&started(&patchline)).await, [100, 250, 9]);
}

#[tokio::test]
async fn what_is_recorded_is_in_the_next_list_of_whoever_has_nothing_in_memory() {
    let patchline = with_figures().await;
    assert_eq!(
        (listed(&started(&patchline)).await, in_norway(&started(&patchline)).await),
        (vec![100, 250], vec![100, 250])
    );
    correct(&patchline, 120).await;
    assert_eq!(
        (listed(&started(&patchline)).await, in_norway(&started(&patchline)).await),
        (vec![120, 250], vec![120, 250])
    );
}

#[tokio::test]
async fn an_import_and_taking_it_back_are_in_the_next_list_of_whoever_has_nothing_in_memory() {
    let desk = Desk::open().await;
    let text = |streams| {
        format!("artistId,date,platform,territory,streams\nart_1,2026-11-01,spotify,NO,{streams}\n")
    };
    let first = desk.bring("first.csv", text(100).as_bytes()).await;
    desk.done(&first, "run", &[]).await;
    assert_eq!(listed(&started(&desk.patchline)).await, [100]);
    let second = desk.bring("second.csv", text(150).as_bytes()).await;
    let second = desk.done(&second, "run", &[]).await;
    assert_eq!(listed(&started(&desk.patchline)).await, [150]);
    desk.done(&second, "undo", &[]).await;
    assert_eq!(listed(&started(&desk.patchline)).await, [100]);
}

#[tokio::test]
async fn while_figures_are_being_changed_the_rows_themselves_are_read() {
    let patchline = with_figures().await;
    listed(&started(&patchline)).await;
    begin_a_change(&patchline, 0).await;
    patchline.put("analytics", row("2026-11-01", 7)).await;
    assert_eq!(listed(&started(&patchline)).await, [7, 250]);
    patchline.put("analytics", row("2026-11-01", 8)).await;
    assert_eq!(listed(&started(&patchline)).await, [8, 250], "nothing is kept of what may be half");
    // Whoever did it was killed.
    begin_a_change(&patchline, 2).await;
    assert_eq!(listed(&started(&patchline)).await, [8, 250]);
    patchline.put("analytics", row("2026-11-01", 9)).await;
    assert_eq!(listed(&started(&patchline)).await, [8, 250], "it is added up and kept again");
}

#[tokio::test]
async fn a_change_that_ends_says_nothing_of_another_that_goes_on() {
    let patchline = with_figures().await;
    begin_a_change(&patchline, 0).await;
    correct(&patchline, 120).await;
    assert_eq!(listed(&started(&patchline)).await, [120, 250]);
    // Whoever began the other one writes on.
    patchline.put("analytics", row("2026-11-01", 7)).await;
    assert_eq!(listed(&started(&patchline)).await, [7, 250], "nothing was kept of what was half");
}

/// Streams for each listener on the artist's days, the fewest first, as the jumps of others are measured by them.
async fn repetition(catalog: &Catalog) -> Vec<f64> {
    let recent = catalog.recent(&"art_1".parse().expect("an id")).await.expect("figures");
    recent.listening(Platform::Spotify).expect("Spotify has told some").repetition().collect()
}

#[tokio::test]
async fn how_people_listened_is_kept_with_the_streams_and_made_anew_with_them() {
    let patchline = Patchline::start().await;
    patchline.put("artists", artist("art_1", "Mira")).await;
    let listened = |date: &str, streams: u64, listeners: u64| {
        let mut row = row(date, streams);
        row["listeners"] = json!(listeners);
        row
    };
    patchline.put("analytics", row("2026-10-31", 80)).await;
    for known in [listened("2026-11-01", 100, 50), listened("2026-11-02", 250, 200)] {
        patchline.put("analytics", known).await;
    }
    assert_eq!(repetition(&started(&patchline)).await, [1.25, 2.0], "a day without listeners is none");
    // Another program corrects a day that is not the newest, past Patchline: the rows are not read for it.
    patchline.put("analytics", listened("2026-11-01", 100, 1)).await;
    assert_eq!(repetition(&started(&patchline)).await, [1.25, 2.0]);
    correct(&patchline, 120).await;
    assert_eq!(repetition(&started(&patchline)).await, [1.25, 24.0]);
}

/// A day of an artist to whom people listen as usual: twice, with ten saves for 1,000 streams.
fn usual_day(id: &str, date: &str) -> Value {
    json!({
        "artistId": id, "date": date, "platform": "spotify", "streams": 1_000, "listeners": 500, "saves": 10,
        "followers": 900
    })
}

#[tokio::test]
async fn a_jump_is_measured_by_what_is_kept_of_others_and_none_of_their_rows_is_read_for_it() {
    let patchline = Patchline::start().await;
    let newest = jiff::civil::date(2026, 11, 1);
    let days: Vec<String> =
        (0..60_i64).map(|back| newest.saturating_sub(jiff::ToSpan::days(back)).to_string()).collect();
    patchline.put("artists", artist("art_1", "Mira")).await;
    for other in ["art_2", "art_3", "art_4", "art_5", "art_6"] {
        patchline.put("artists", artist(other, other)).await;
        for date in &days {
            // No whole row of figures: who reads it as one is told so.
            let mut row = usual_day(other, date);
            row["dayPlatform"] = json!(format!("{date}#spotify"));
            patchline.put("analytics", row).await;
        }
    }
    let own = days.iter().map(|date| {
        let mut row = usual_day("art_1", date);
        let jumps = ["2026-10-25", "2026-10-26", "2026-10-27"].contains(&date.as_str());
        let streams = if jumps { 9_000 } else { 1_000 };
        (row["streams"], row["listeners"]) = (json!(streams), json!(if jumps { 510 } else { 500 }));
        row["territories"] = json!({ "NO": streams });
        row
    });
    let own: Vec<Value> = own.collect();
    patchline.result_of("record_analytics", json!({ "source": "test", "rows": own })).await;
    let found = patchline.result_of("analyze_artist_performance", json!({ "artistId": "art_1" })).await;
    let evidence = found["authenticity"]["evidence"].as_array().expect("evidence");
    let limit = |signal: &str| {
        let row = evidence.iter().find(|row| row["signal"] == signal);
        row.and_then(|row| row["limit"].as_f64()).unwrap_or_else(|| panic!("no {signal}: {evidence:?}"))
    };
    assert!((limit("repetition") - 2.0).abs() < 1e-9, "{evidence:?}");
    assert!((limit("noEngagement") - 0.01).abs() < 1e-9, "{evidence:?}");
    let notes = found["notes"].to_string();
    assert!(notes.contains("Limits come from 5 other artists."), "{notes}");
}

/// Puts something else in the place of what is kept of the artist's newest days, in a form.
async fn spoil(patchline: &Patchline, form: u32) {
    let update = patchline.clients.dynamodb.update_item().table_name("patchline-rollups");
    let update = update.key("artistId", AttributeValue::S("art_1".to_owned()));
    let update = update.key("name", AttributeValue::S("recent".to_owned()));
    let update = update.update_expression("SET form = :form, content = :content");
    let update = update.expression_attribute_values(":form", AttributeValue::N(form.to_string()));
    let content = aws_sdk_dynamodb::primitives::Blob::new(*b"something else");
    let update = update.expression_attribute_values(":content", AttributeValue::B(content));
    update.send().await.expect("it is set");
}

#[tokio::test]
async fn what_a_newer_program_has_kept_in_another_form_and_what_is_damaged_is_made_anew() {
    let patchline = with_figures().await;
    for form in [1_000, 2] {
        listed(&started(&patchline)).await;
        spoil(&patchline, form).await;
        assert_eq!(listed(&started(&patchline)).await, [100, 250], "form {form}");
    }
}
