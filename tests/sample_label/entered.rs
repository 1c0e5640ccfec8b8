//! What somebody would have entered by hand: what contracts say and who shares; and statements that agree with it.

use super::labels;
use crate::support::Patchline;
use axum::http::StatusCode;
use jiff::ToSpan;
use patchline::engine::sample::{BucketRole, DEFAULT_SEED, SampleLabel};
use patchline::engine::seed::SeedingState;
use patchline::model::contract::{TermsForm, percent};
use patchline::model::splits::{WHOLE, total};
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[test]
fn what_contracts_say_stands_in_their_texts() {
    for (label, today) in labels() {
        let contracts = label.objects().filter(|object| object.bucket_role == BucketRole::Contracts);
        let texts: BTreeMap<String, String> =
            contracts.map(|object| (object.key, String::from_utf8(object.bytes).unwrap())).collect();
        let entered = label.contract_terms();
        assert_eq!((entered.len(), texts.len()), (5, 5));
        for (key, terms) in &entered {
            let text = &texts[key];
            let mut told = terms.parties.clone();
            told.push(terms.territory.clone());
            told.push(terms.starts_on.unwrap().to_string());
            told.extend(terms.rates.iter().map(|rate| percent(rate.basis_points)));
            told.extend(terms.notice_days.map(|days| format!("notice of {days} days")));
            for part in told {
                assert!(text.contains(&part), "{key}: {part}");
            }
            assert_eq!(TermsForm::of(terms, 1).read().as_ref(), Ok(terms), "the form can show and keep it");
        }
        let notices: Vec<_> = entered.iter().filter_map(|(_, terms)| terms.notice_on()).collect();
        assert_eq!(notices, [today.saturating_add(45.days())], "one can be ended soon");
    }
}

#[test]
fn the_splits_of_every_release_are_the_whole_and_those_of_the_ledger() {
    for (label, _) in labels() {
        let ledger = label.ledger();
        let participants = ledger.participants.iter();
        let names: BTreeMap<&str, &str> =
            participants.map(|one| (one.participant_id.as_str(), one.name.as_str())).collect();
        let entered = label.splits();
        assert_eq!(entered.len(), label.releases().len());
        for ((id, splits), release) in entered.iter().zip(label.releases()) {
            assert_eq!(id, &release.release_id);
            assert_eq!((total(&splits.recordings), total(&splits.publishing)), (Some(WHOLE), Some(WHOLE)));
            let artist = release.artist_id.as_str();
            let rate = ledger.accounts.iter().find(|account| account.artist_id == artist).unwrap();
            let rate = rate.royalty_basis_points;
            let track = &release.tracks[0];
            for split in ledger.splits.iter().filter(|split| split.isrc == track.isrc) {
                let name = names[split.participant_id.as_str()];
                let share = splits.recordings.iter().find(|share| share.payee == name).unwrap();
                // A part of the royalties, which are a part of what comes in.
                assert_eq!(split.basis_points * rate, i64::from(share.basis_points) * 10_000, "{name}");
            }
        }
        let of_producer = entered.iter().flat_map(|(_, splits)| &splits.recordings);
        let copperline: Vec<_> = of_producer.filter(|share| share.payee.starts_with("Copperline")).collect();
        assert_eq!(copperline.len(), 1, "one release is made by the producer of the agreement");
        assert_eq!(copperline[0].basis_points, 300, "for 3.00 % of receipts");
    }
}

fn minor(amount: &Value) -> i64 {
    amount["minor"].as_i64().unwrap()
}

/// The statement of an artist, whose sums have been found exact.
async fn statement(patchline: &Patchline, artist: &str) -> Value {
    let found = patchline.result_of("calculate_royalties", json!({ "artistId": artist })).await;
    assert_eq!(found["sample"], json!(true), "it says that it is sample data");
    let statement = found["statement"].clone();
    let rate = statement["rateBasisPoints"].as_i64().unwrap();
    let (mut balance, mut royalties) = (minor(&statement["opening"]), 0);
    for line in statement["lines"].as_array().unwrap() {
        balance += minor(&line["amount"]);
        assert_eq!(minor(&line["balance"]), balance, "{artist}: {line}");
        if line["kind"] == "royalties" {
            let earned = (minor(&line["received"]) * rate + 5_000) / 10_000;
            assert_eq!(minor(&line["amount"]), earned, "{artist}: {line}");
            royalties += earned;
        }
    }
    assert_eq!(minor(&statement["royalties"]), royalties, "{artist}");
    assert_eq!(minor(&statement["closing"]), balance, "{artist}");
    assert_eq!(minor(&statement["payable"]), balance.max(0), "{artist}");
    assert_eq!(minor(&statement["unrecouped"]), (-balance).max(0), "{artist}");
    assert_eq!(statement["differences"], json!([]), "{artist}");
    statement
}

async fn page(patchline: &Patchline, path: &str) -> String {
    let answer = patchline.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.text()
}

#[tokio::test]
async fn statements_add_up_and_agree_with_the_contracts_on_a_first_start() {
    // Nothing is set but that it is the demo: the server of databases is switched off.
    let patchline = Patchline::with(&[("MCP_DEMO_MODE", "true")]).await;
    assert_eq!(patchline.engine.sample_label_settled().await, SeedingState::Ready);
    let day = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let label = SampleLabel::generate(DEFAULT_SEED, day);

    let contracts = label.contract_terms();
    let (key, licence) = contracts.iter().find(|(_, terms)| terms.kind == "licence").unwrap();
    let licensed = key.split('/').next().unwrap();
    let found = statement(&patchline, licensed).await;
    assert_eq!(found["rateBasisPoints"], json!(licence.rates[0].basis_points));
    assert_eq!(found["advance"]["text"], "USD 20,000.00", "as the licence agreement says");
    let shown = page(&patchline, &format!("/contracts/{}", hex::encode(key))).await;
    for part in ["50.00 %", "A second album on the same terms", "Northlight Records (sample)"] {
        assert!(shown.contains(part), "{part}");
    }
    let near = page(&patchline, "/contracts?notice=soon").await;
    assert!(near.contains("distribution-agreement") && !near.contains("licence-agreement"));

    let mut states = BTreeMap::new();
    for (artist, _) in contracts.iter().filter_map(|(key, _)| key.split_once('/')) {
        let found = statement(&patchline, artist).await;
        let shown = page(&patchline, &format!("/artists/{artist}/statement")).await;
        for part in ["Opening balance", "Payable now", found["payable"]["text"].as_str().unwrap()] {
            assert!(shown.contains(part), "{part}");
        }
        states.insert(artist, minor(&found["unrecouped"]) > 0);
    }
    assert!(states.len() >= 3, "{states:?}");
    let mut owing = false;
    for artist in label.artists().iter().filter(|artist| artist.signed_on < day.saturating_sub(1.years())) {
        owing = minor(&statement(&patchline, artist.artist_id.as_str()).await["unrecouped"]) > 0;
        if owing {
            break;
        }
    }
    assert!(owing, "somebody is not recouped yet");

    let splits = label.splits();
    let is_made_by = |payee: &str| payee.starts_with("Copperline");
    let (made, _) = splits
        .iter()
        .find(|(_, splits)| splits.recordings.iter().any(|share| is_made_by(&share.payee)))
        .unwrap();
    let shown = page(&patchline, &format!("/releases/{made}")).await;
    assert!(shown.contains("Copperline Audio (sample)") && shown.contains("100.00 %"));
}
