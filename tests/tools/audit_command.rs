//! `patchline audit verify`, by the program itself.

use crate::support::Patchline;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use std::process::{Command, Output};

async fn verify(patchline: &Patchline, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_patchline"));
    command.args(["audit", "verify"]).args(more).env_clear().envs(patchline.shared_store());
    command.envs(["PATH", "HOME"].iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
    tokio::task::spawn_blocking(move || command.output()).await.expect("it ends").expect("the program runs")
}

#[tokio::test]
async fn the_command_says_whether_the_log_is_right_and_what_is_not() {
    let patchline = Patchline::start().await;
    patchline.result_of("list_audio_files", json!({})).await;
    let records = patchline.audit_records().await;
    patchline.engine.close().await;
    let right = verify(&patchline, &[]).await;
    let said = String::from_utf8_lossy(&right.stdout).into_owned();
    assert!(right.status.success(), "{said}{}", String::from_utf8_lossy(&right.stderr));
    assert!(said.contains("ended in order") && said.contains("Checked against the key "), "{said}");
    let other = verify(&patchline, &["--key", &"ab".repeat(32)]).await;
    assert_eq!(other.status.code(), Some(1), "another key has signed nothing");

    let record = &records[0];
    let text = |name: &str| AttributeValue::S(record[name].as_str().expect("a text").to_owned());
    let change = patchline.clients.dynamodb.update_item().table_name("patchline-audit");
    let change = change.key("logHour", text("logHour")).key("id", text("id"));
    let change = change.update_expression("SET operation = :other");
    let change = change.expression_attribute_values(":other", AttributeValue::S("nothing".to_owned()));
    change.send().await.expect("somebody changes it");
    let wrong = verify(&patchline, &[]).await;
    assert_eq!(wrong.status.code(), Some(1));
    let said = String::from_utf8_lossy(&wrong.stdout).into_owned();
    let expected = format!(
        "wrong: record {} ({}) was changed",
        record["seq"],
        record["id"].as_str().unwrap_or_default()
    );
    assert!(said.contains(&expected), "{said}");
}
