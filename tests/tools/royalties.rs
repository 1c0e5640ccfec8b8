//! Royalties: statements that agree with the ledger to the cent, other terms, and mechanicals.

use super::imports::Desk;
use crate::support::{Patchline, base64, eventually};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
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

    of_the_label(&patchline).await;

    // What if nothing had been advanced: what is payable never falls.
    let id = artists[0].as_str();
    let asked = json!({ "artistId": id, "whatIf": { "advance": 0 } });
    let found = patchline.result_of("calculate_royalties", asked).await;
    assert!(found["whatIf"]["payableChange"]["minor"].as_i64().is_some_and(|change| change >= 0), "{found}");

    by_contract(&patchline, id).await;
    rates_have_a_source(&patchline, id).await;
    unsettled_lines_are_a_file(&Desk { patchline }, id).await;
}

/// What could not be converted or matched is counted, and given as exactly those lines with why and what to do.
async fn unsettled_lines_are_a_file(desk: &Desk, id: &str) {
    let statement = async || {
        let found = desk.patchline.result_of("calculate_royalties", json!({ "artistId": id })).await;
        found["statement"].clone()
    };
    let counted = |statement: &Value| {
        let unconverted = statement["unconverted"].as_array().expect("lines").iter();
        let unconverted: u64 = unconverted.filter_map(|left| left["lines"].as_u64()).sum();
        unconverted + statement["unmatchedLines"].as_u64().expect("a count")
    };
    let before = statement().await;
    let (name, own) = (before["artistName"].as_str().expect("a name"), &before["closing"]["currency"]);
    let own = own.as_str().expect("a currency");
    let text = format!(
        "Sales Month;Platform;Country / Region;Artist Name;Track Title;ISRC;Quantity;Client Payment Currency;Net Revenue\n\
         2026-09;Qobuz;Norway;{name};=1+1;;10;SEK;1.25\n2026-09;Qobuz;Norway;{name};Lost;XXZZZ2699999;4;{own};2.5\n\
         2026-09;Qobuz;Norway;{name};Lost;;-1;{own};-0.5\n"
    );
    let view = desk.bring("sales.csv", text.as_bytes()).await;
    assert!(view.is_statement && view.can_run, "{view:?}");
    let import = desk.done(&view, "run", &[]).await.row.id;
    let after = statement().await;
    assert_eq!(counted(&after), counted(&before) + 3, "{after}");

    let file = desk.patchline.get(&format!("/export/unsettled-lines/{id}.csv")).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.text());
    let file = file.text();
    let rows: Vec<&str> = file.lines().skip(1).collect();
    assert_eq!(rows.len() as u64, counted(&after), "exactly those that are counted: {file}");
    let of_line = |line: u64| {
        let start = format!("{line},{import},");
        rows.iter().copied().find(|row| row.starts_with(&start)).unwrap_or_else(|| panic!("{line}: {file}"))
    };
    for (line, parts) in [
        (
            2,
            ["2026-09,Qobuz,NO,,'=1+1,10,1.25,SEK", "no rate for SEK in 2026-09", "Enter what SEK was worth"],
        ),
        (3, [",XXZZZ2699999,Lost,4,2.5,", "is not in the catalogue", "Add XXZZZ2699999 to its release"]),
        (4, [",Lost,-1,-0.5,", "names no recording", "a report with ISRCs"]),
    ] {
        let row = of_line(line);
        assert!(parts.iter().all(|part| row.contains(part)), "{row}");
    }
    let page = desk.patchline.get(&format!("/artists/{id}/statement")).await.text();
    assert!(page.contains(&format!("href=\"/export/unsettled-lines/{id}.csv\"")), "{page}");
}

/// What the whole label earned is its statements side by side, no more and no less.
async fn of_the_label(patchline: &Patchline) {
    let days = json!({ "from": "2000-01-01" });
    let found = patchline.result_of("summarize_earnings", days.clone()).await;
    assert_eq!((&found["leftOut"], &found["sample"]), (&json!([]), &json!(true)), "{found}");
    let accounts = found["artists"].as_array().expect("accounts");
    assert_eq!(accounts.len(), artist_ids(DEFAULT_SEED).len());
    let minor = |value: &Value| value["minor"].as_i64().expect("an amount");
    for account in accounts {
        let asked = json!({ "artistId": account["artistId"], "from": "2000-01-01", "to": found["to"] });
        let statement = patchline.result_of("calculate_royalties", asked).await["statement"].clone();
        for name in ["royalties", "paid", "closing", "payable", "unrecouped", "unmatched"] {
            assert_eq!(account[name], statement[name], "{name} of {}", account["artistId"]);
        }
        let tracks = statement["tracks"].as_array().expect("tracks").iter();
        assert_eq!(minor(&account["received"]), tracks.map(|track| minor(&track["received"])).sum::<i64>());
    }

    // Sums of the same currency come to the same, however they are put together.
    let [total] = found["totals"].as_array().expect("totals").as_slice() else { panic!("{found}") };
    let list = |name: &str| found[name].as_array().expect("a list").clone();
    for name in ["received", "royalties", "payable"] {
        assert_eq!(minor(&total[name]), accounts.iter().map(|one| minor(&one[name])).sum::<i64>(), "{name}");
    }
    for name in ["platforms", "months"] {
        let sum: i64 = list(name).iter().map(|part| minor(&part["received"])).sum();
        assert_eq!(minor(&total["received"]), sum, "{name}");
    }
    let shared: i64 = list("payees").iter().map(|payee| minor(&payee["amount"])).sum();
    assert_eq!(minor(&total["royalties"]), shared + minor(&total["undivided"]));
    assert!(minor(&total["payable"]) > 0 && found["asOf"].is_string() && found["source"].is_string());

    // A day on which nothing came in has the balances of that day, and nought for the rest.
    let day = json!({ "from": "2000-01-01", "to": "2000-01-01" });
    let early = patchline.result_of("summarize_earnings", day).await;
    assert_eq!(early["totals"][0]["received"]["minor"], 0);
    let backwards = json!({ "from": "2026-02-01", "to": "2026-01-01" });
    assert_eq!(patchline.tool("summarize_earnings", backwards).await.status, StatusCode::BAD_REQUEST);

    // What was imported and is nobody's is in no sum, and that is said.
    let sale = json!({
        "artist": null, "artistName": "Lost", "isrc": "", "upc": "", "title": "Found", "store": "Qobuz",
        "territory": "NO", "channel": "", "period": "2026-09", "units": 1, "amount": "2.5", "currency": "USD", "line": 2
    });
    let line = json!({
        "kind": "lines#*", "id": "2026-09#lost", "sale": sale, "source": "a report", "receivedOn": "2026-10-15"
    });
    patchline.put("patchline-imports", line).await;
    let with_lost = patchline.result_of("summarize_earnings", days.clone()).await;
    assert_eq!(with_lost["totals"], found["totals"]);
    let said = "Imported lines of artists and recordings that are not in the catalogue: 1, of all days.";
    assert!(with_lost["notes"].to_string().contains(said), "{}", with_lost["notes"]);

    // Who has no account is in no sum, and that is said.
    patchline.put_artist_and_release().await;
    eventually("the list of artists has the new one", async || {
        let found = patchline.result_of("summarize_earnings", days.clone()).await;
        found["leftOut"][0]["artistId"] == "art_1"
            && found["leftOut"][0]["reason"] == "The ledger has no account of this artist."
            && found["totals"] == json!([total])
    })
    .await;
}

/// What a contract says about royalties is what the statement is worked out by, and each line says so.
async fn by_contract(patchline: &Patchline, id: &str) {
    let terms = json!({
        "royaltyRates": [{ "channel": "streaming", "basisPoints": 5000 }],
        "reserve": { "basisPoints": 2000, "periods": 2, "months": 1 },
        "leastPayment": "1000000.00",
    });
    let file_name = format!("{id}/deal.md");
    let deal = json!({ "fileName": file_name, "fileContent": base64(b"A deal."), "terms": terms });
    let stored = patchline.result_of("store_contract", deal).await;
    assert_eq!(stored["notice"], Value::Null, "{stored}");
    let found = patchline.result_of("calculate_royalties", json!({ "artistId": id })).await;
    let statement = &found["statement"];
    assert_eq!(statement["agreements"], json!([file_name]));
    let lines = statement["lines"].as_array().expect("lines");
    let rule = json!(format!("for streaming, by {file_name}"));
    let of = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).collect::<Vec<_>>();
    assert!(of("royalties").iter().all(|line| line["rule"] == rule && line["rateBasisPoints"] == 5000));
    let sum = |kind: &str| of(kind).iter().filter_map(|line| line["amount"]["minor"].as_i64()).sum::<i64>();
    let reserve = |name: &str| statement["reserve"][name]["minor"].as_i64().expect("an amount");
    assert!(sum("reserve") < 0, "{statement}");
    assert_eq!((reserve("held"), reserve("released")), (-sum("reserve"), sum("released")));
    assert_eq!(reserve("before") + reserve("held"), reserve("released") + reserve("after"));
    assert_eq!(statement["payable"]["minor"], json!(0), "less than the least payment is carried over");
    assert_eq!(statement["carriedOver"], statement["closing"]);
    assert_eq!(statement["leastPayment"]["minor"], json!(100_000_000));
    let page = patchline.get(&format!("/artists/{id}/statement")).await.text();
    assert!(page.contains("Held in reserve") && page.contains("held back: 20 % of"), "{page}");
}

/// A plain form keeps a rate with its source; without one it says so and keeps what was typed.
async fn rates_have_a_source(patchline: &Patchline, id: &str) {
    let enter = async |fields: &str| {
        let request = Request::post(format!("/artists/{id}/statement"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(fields.to_owned()))
            .expect("a request");
        patchline.send(request).await
    };
    let rate = "from=GBP&to=USD&month=2026-09&rate=1.27&asOf=2026-09-30";
    let unnamed = enter(rate).await;
    assert_eq!(unnamed.status, StatusCode::BAD_REQUEST, "{}", unnamed.text());
    assert!(unnamed.text().contains("say where the rate was read") && unnamed.text().contains("1.27"));
    let kept = enter(&format!("{rate}&source=Bank+of+England")).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
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
    let of_label = patchline.tool("summarize_earnings", json!({})).await;
    assert_eq!(of_label.status, StatusCode::SERVICE_UNAVAILABLE, "{}", of_label.text());

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
