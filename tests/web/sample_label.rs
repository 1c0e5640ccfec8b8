//! The sample label as a newcomer meets it.

use crate::support::{Patchline, eventually};
use patchline::engine::sample::{DEFAULT_SEED, SampleLabel};
use patchline::engine::seed::SeedingState;
use serde_json::json;

#[tokio::test]
async fn an_interrupted_first_start_is_finished_by_the_next() {
    let patchline = Patchline::with(&[("MCP_DEMO_MODE", "true")]).await;
    assert_eq!(patchline.engine.sample_label(), SeedingState::Preparing);
    let first_page = patchline.get("/").await.text();
    assert!(first_page.contains("being prepared"), "the page is usable meanwhile, and says so");

    let patchline = patchline.restart().await;
    assert_eq!(patchline.engine.sample_label_settled().await, SeedingState::Ready);
    let artists = patchline.result_of("query_artist_data", json!({ "limit": 1000 })).await;
    assert_eq!(artists["rows"].as_array().map(Vec::len), Some(24));
    let overview = patchline.get("/").await.text();
    assert!(overview.contains("Sample data") && !overview.contains("being prepared"));
    for path in
        ["/artists", "/releases", "/contracts", "/tools?tool=query_release_data&arguments=%7B%7D&run=1"]
    {
        assert!(
            patchline.get(path).await.text().contains(">Sample data<"),
            "{path} says that it is sample data"
        );
    }
    let covers = patchline.get("/releases").await.text();
    let cover = covers.split("/media/patchline-artwork/").nth(1).and_then(|rest| rest.split('"').next());
    let cover = patchline.get(&format!("/media/patchline-artwork/{}", cover.expect("a cover"))).await;
    assert!(cover.headers["content-type"].to_str().is_ok_and(|kind| kind.starts_with("image/")));
    eventually("its two recordings are checked", async || {
        let page = patchline.get("/audio").await.text();
        page.contains("2 recordings") && !page.contains("not checked yet")
    })
    .await;

    let patchline = patchline.restart().await;
    let changed = json!({ "releaseId": release_of(&patchline).await, "expectedVersion": 1, "updateData": { "title": "Mine" } });
    assert_eq!(patchline.engine.sample_label_settled().await, SeedingState::Ready);
    patchline.result_of("update_release_data", changed).await;
    let patchline = patchline.restart().await;
    assert_eq!(patchline.engine.sample_label_settled().await, SeedingState::Ready);
    let kept =
        patchline.result_of("query_release_data", json!({ "releaseId": release_of(&patchline).await })).await;
    assert_eq!(kept["rows"][0]["title"], "Mine", "a later start does not write over what people changed");
}

#[tokio::test]
async fn figures_that_people_recorded_before_the_label_was_complete_stay() {
    let day = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let label = SampleLabel::generate(DEFAULT_SEED, day);
    let first = label.analytics().next().expect("figures");
    let artist =
        label.artists().iter().find(|artist| artist.artist_id == first.artist_id).expect("their artist");
    let patchline = Patchline::start().await;
    patchline.put("artists", serde_json::to_value(artist).expect("JSON")).await;
    let begun = json!({ "name": "sampleLabel", "seed": DEFAULT_SEED, "day": day, "complete": false });
    patchline.put("patchline-settings", begun).await;
    let row = json!({
        "artistId": first.artist_id, "date": first.date, "platform": first.platform, "streams": 7,
        "listeners": 5, "saves": 1, "followers": 9, "territories": { "NO": 7 }
    });
    patchline.result_of("record_analytics", json!({ "source": "a report", "rows": [row] })).await;

    let patchline = patchline.restart_with(&[("MCP_DEMO_MODE", "true")]).await;
    assert_eq!(patchline.engine.sample_label_settled().await, SeedingState::Ready);
    let of_that_day = format!("artistId = \"{}\" AND date = \"{}\"", first.artist_id, first.date);
    let found = patchline.result_of("scan_analytics_data", json!({ "filterExpression": of_that_day })).await;
    let rows = found["rows"].as_array().expect("rows");
    assert!(rows.len() > 1, "the other platforms of that day are written: {rows:?}");
    let kept: Vec<_> = rows.iter().filter(|row| row["source"] == "a report").collect();
    assert_eq!(kept.len(), 1, "{rows:?}");
    assert_eq!((&kept[0]["streams"], &kept[0]["platform"]), (&json!(7), &json!(first.platform)));
}

#[tokio::test]
async fn the_royalty_ledger_is_written_whole_and_once() {
    let patchline = Patchline::with(&[("MCP_DEMO_MODE", "true")]).await;
    wait_for_ledger(&patchline).await;
    let lines = patchline.ledger_number("SELECT count(*) FROM lines").await;
    assert!(lines > 2_000, "{lines}");
    let unmatched = "SELECT count(*) FROM lines WHERE isrc NOT IN (SELECT isrc FROM splits)";
    assert_eq!(patchline.ledger_number(unmatched).await, 0);
    let unbalanced = "SELECT count(*) FROM accounts WHERE balance_minor <> \
                      (SELECT coalesce(sum(amount_minor), 0) FROM entries WHERE entries.account_id = accounts.account_id)";
    assert_eq!(patchline.ledger_number(unbalanced).await, 0);

    // The rest of the label is still being written; the next start goes on with it, and not with this.
    let patchline = patchline.restart().await;
    wait_for_ledger(&patchline).await;
    assert_eq!(patchline.ledger_number("SELECT count(*) FROM lines").await, lines);
    assert_eq!(patchline.ledger_number("SELECT count(*) FROM about").await, 1);
}

/// The last row that is written says that all others are there.
async fn wait_for_ledger(patchline: &Patchline) {
    let is_made = "SELECT count(*) FROM sqlite_master WHERE name = 'about'";
    eventually("the ledger is written", async || {
        let state = patchline.engine.sample_label();
        assert!(!matches!(state, SeedingState::Failed(_)), "{state:?}");
        patchline.ledger_number(is_made).await != 0
            && patchline.ledger_number("SELECT count(*) FROM about").await != 0
    })
    .await;
}

async fn release_of(patchline: &Patchline) -> String {
    let releases = patchline.result_of("query_release_data", json!({ "limit": 1 })).await;
    releases["rows"][0]["releaseId"].as_str().expect("an id").to_owned()
}
