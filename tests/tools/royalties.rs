//! Royalties: statements that agree with the ledger to the cent, other terms, and mechanicals.

use crate::support::{Patchline, eventually};
use axum::http::StatusCode;
use patchline::engine::sample::{DEFAULT_SEED, artist_ids};
use serde_json::{Value, json};

#[tokio::test]
async fn every_statement_of_the_sample_label_agrees_with_its_ledger() {
    let patchline = Patchline::with(&[("MCP_DEMO_MODE", "true"), ("ENABLE_RDS", "true")]).await;
    let is_made = "SELECT count(*) FROM sqlite_master WHERE name = 'about'";
    eventually("the ledger is written", async || {
        patchline.ledger_number(is_made).await != 0
            && patchline.ledger_number("SELECT count(*) FROM about").await != 0
    })
    .await;
    patchline.engine.sample_label_settled().await;
    let artists = artist_ids(DEFAULT_SEED);
    for artist in &artists {
        let id = artist.as_str();
        let booked = "SELECT count(*) FROM entries WHERE account_id IN (SELECT account_id FROM accounts";
        if patchline.ledger_number(&format!("{booked} WHERE artist_id = '{id}')")).await == 0 {
            // Somebody who signed three weeks ago.
            let nothing = patchline.tool("calculate_royalties", json!({ "artistId": id })).await;
            assert!(nothing.text().contains("Nothing is booked on the account yet"), "{}", nothing.text());
            continue;
        }
        let found = patchline.result_of("calculate_royalties", json!({ "artistId": id })).await;
        let statement = &found["statement"];
        let sql = format!("SELECT balance_minor FROM accounts WHERE artist_id = '{id}'");
        let balance = patchline.ledger_number(&sql).await;
        assert_eq!(statement["closing"]["minor"], json!(balance), "{id}");
        assert_eq!(statement["differences"], json!([]), "{id}");
        assert_eq!(statement["payable"]["minor"], json!(balance.max(0)), "{id}");
        let payees = statement["payees"].as_array().expect("payees");
        let divided: i64 = payees.iter().filter_map(|payee| payee["amount"]["minor"].as_i64()).sum();
        if statement["undivided"] == json!([]) {
            assert_eq!(json!(divided), statement["royalties"]["minor"], "{id}");
        }
    }

    // The page says the same, and each sum leads to the lines that it was worked out from.
    statement_page(&patchline, artists[0].as_str()).await;

    // What if nothing had been advanced: what is payable never falls.
    let id = artists[0].as_str();
    let asked = json!({ "artistId": id, "whatIf": { "advance": 0 } });
    let found = patchline.result_of("calculate_royalties", asked).await;
    assert!(found["whatIf"]["payableChange"]["minor"].as_i64().is_some_and(|change| change >= 0), "{found}");
}

async fn statement_page(patchline: &Patchline, id: &str) {
    let found = patchline.result_of("calculate_royalties", json!({ "artistId": id })).await;
    let lines = found["statement"]["lines"].as_array().expect("lines");
    let earned = lines.iter().find(|line| line["kind"] == "royalties").expect("royalties");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (month, received) = (text(&earned["period"]), text(&earned["date"]));
    let path = format!("/artists/{id}/statement?month={month}&received={received}");
    let page = patchline.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let page = page.text();
    let payable = text(&found["statement"]["payable"]["text"]);
    for part in ["Opening balance", "Payable now", "Who earned what", &payable, &text(&earned["text"])] {
        assert!(page.contains(part), "{part}");
    }
    assert!(
        page.contains(&format!("came to {}", text(&earned["received"]["text"]))),
        "the lines add up to the sum"
    );

    let file = patchline.get(&format!("/export/statements/{id}.csv")).await.text();
    assert_eq!(file.lines().count(), lines.len() + 4, "a head, opening, closing, payable, and each line");
    let file = patchline.get(&format!("/export/statement-lines/{id}.csv")).await.text();
    let of_sum = format!(",{received},{month},");
    let count = earned["ledgerLines"].as_array().expect("lines").len();
    assert_eq!(file.lines().filter(|line| line.contains(&of_sum)).count(), count);
    let other = patchline.get(&format!("/artists/{id}/statement?rate=12.5&advance=0")).await.text();
    assert!(other.contains("At 12.5 % and an advance of"), "other terms are tried");
    let wrong = patchline.get(&format!("/artists/{id}/statement?rate=a+lot")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn without_databases_statements_are_away_and_mechanicals_are_not() {
    let patchline = Patchline::start().await;
    patchline.put_artist_and_release().await;
    let away = patchline.tool("calculate_royalties", json!({ "artistId": "art_1" })).await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE, "{}", away.text());
    assert!(away.text().contains("ENABLE_RDS"), "{}", away.text());

    let copies = |year: i32, tracks: Value| json!({ "mechanicals": { "units": 1000, "year": year, "tracks": tracks } });
    // 3:07 by the rate for a work, 6:10 by seven started minutes.
    let tracks = json!([{ "isrc": "XX0AB2600001" }, { "seconds": 370 }]);
    let found = patchline.result_of("calculate_royalties", copies(2026, tracks.clone())).await;
    let mechanicals = &found["mechanicals"];
    assert_eq!(mechanicals["lines"][0]["title"], "Night Drive");
    assert_eq!(mechanicals["total"]["text"], "USD 307.40");
    let rules: Vec<_> = found["rules"].as_array().expect("rules").iter().map(|rule| &rule["id"]).collect();
    assert!(rules.contains(&&json!("us-mechanical-minute-2026")), "{rules:?}");

    let later = patchline.result_of("calculate_royalties", copies(2027, tracks)).await;
    assert_eq!(later["mechanicals"]["total"], Value::Null);
    assert!(later["mechanicals"]["reason"].as_str().is_some_and(|text| text.starts_with("Not yet known")));
}
