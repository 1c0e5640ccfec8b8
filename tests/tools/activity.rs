//! What somebody did, from lines of calls that another program wrote.

use crate::support::Patchline;
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const GROUP: &str = "/patchline/mcp/audit";

/// Lines of calls: minutes before now, who, which tool, how it ended, where the line says it.
async fn write(patchline: &Patchline, lines: &[(i64, &str, &str, &str)]) {
    // The group is there when Patchline has written to it.
    patchline.engine.flush_telemetry().await;
    let now = Timestamp::now();
    let mut events: Vec<_> = lines
        .iter()
        .map(|(minutes, principal, tool, outcome)| {
            let time = now.checked_sub(SignedDuration::from_mins(*minutes)).expect("a time");
            let mut line =
                json!({ "event": "toolCall", "principal": principal, "tool": tool, "server": "s3" });
            if !outcome.is_empty() {
                line["outcome"] = json!(outcome);
            }
            InputLogEvent::builder()
                .timestamp(time.as_millisecond())
                .message(line.to_string())
                .build()
                .expect("a line")
        })
        .collect();
    events.sort_by_key(InputLogEvent::timestamp);
    let logs = &patchline.clients.logs;
    logs.create_log_stream().log_group_name(GROUP).log_stream_name("test").send().await.expect("a stream");
    // A request spans 24 hours at most.
    while !events.is_empty() {
        let until = events[0].timestamp() + 23 * 3_600_000;
        let count = events.partition_point(|event| event.timestamp() < until);
        let later = events.split_off(count);
        let request = logs.put_log_events().log_group_name(GROUP).log_stream_name("test");
        let written = request.set_log_events(Some(events)).send().await.expect("they are written");
        assert_eq!(written.rejected_log_events_info(), None);
        events = later;
    }
}

async fn activity(patchline: &Patchline, user: &str, range: &str) -> Value {
    patchline.result_of("analyze_user_activity", json!({ "userId": user, "timeRange": range })).await
}

#[tokio::test]
async fn actions_sessions_and_errors_of_a_person_are_told() {
    let patchline = Patchline::start().await;
    write(
        &patchline,
        &[
            (200, "mira", "get_contract", "ok"),
            (195, "mira", "get_contract", "error"),
            (100, "mira", "list_contracts", "ok"),
            (95, "otto", "list_contracts", "ok"),
            (90, "mira", "list_contracts", "denied"),
        ],
    )
    .await;
    let found = activity(&patchline, "mira", "24h").await;
    assert_eq!(
        (&found["actions"], &found["errors"], &found["errorRate"]),
        (&json!(4), &json!(2), &json!(0.5))
    );
    let sessions = found["sessions"].as_array().expect("sessions");
    assert_eq!(sessions.iter().map(|s| &s["actions"]).collect::<Vec<_>>(), [2, 2], "{found}");
    let kinds: Vec<_> = found["kinds"].as_array().expect("kinds").iter().map(|kind| &kind["tool"]).collect();
    assert_eq!(kinds, ["get_contract", "list_contracts"]);
    assert!(found["firstSeen"].as_str() < found["lastSeen"].as_str(), "{found}");
    let hours = found["busiestHours"].as_array().expect("hours");
    let busy: u64 = hours.iter().map(|hour| hour["actions"].as_u64().expect("a number")).sum();
    assert!((1..=4).contains(&busy), "{found}");
    assert!(hours.iter().all(|hour| hour["hour"].as_u64().is_some_and(|hour| hour < 24)), "{found}");
    assert_eq!(found["timeZone"], "UTC");
    let missing = found["notEnoughData"].to_string();
    assert!(
        missing.contains("compare with the past") && missing.contains("compare with others"),
        "{missing}"
    );
    assert_eq!(found["standsOut"], json!([]), "nothing is claimed without data");
}

#[tokio::test]
async fn what_is_out_of_the_ordinary_is_stated_with_numbers() {
    let patchline = Patchline::start().await;
    let mut lines = Vec::new();
    for range in 1..=4 {
        lines.extend([(range * 60 + 5, "mira", "get_contract", "ok"); 6]);
    }
    lines.extend([(10, "mira", "get_contract", "ok"); 30]);
    lines.extend([(9, "mira", "store_contract", "ok"); 2]);
    for peer in ["a", "b", "c", "d"] {
        lines.extend([(20, peer, "get_contract", "ok"); 5]);
    }
    write(&patchline, &lines).await;
    let found = activity(&patchline, "mira", "1h").await;
    assert_eq!(found["notEnoughData"], json!([]), "{found}");
    let statements: Vec<_> = found["standsOut"]
        .as_array()
        .expect("statements")
        .iter()
        .map(|found| {
            (found["against"].as_str().unwrap_or_default(), found["statement"].as_str().unwrap_or_default())
        })
        .collect();
    assert_eq!(
        statements,
        [
            ("ownPast", "32 actions, against at most 6 in each of the 4 ranges before."),
            (
                "ownPast",
                "New kinds of actions: store_contract (2); none of them among 24 actions in the ranges before."
            ),
            ("peers", "32 actions, more than any of 4 others: their median is 5, their most 5.")
        ]
    );
}

#[tokio::test]
async fn a_user_id_never_becomes_part_of_the_query() {
    let patchline = Patchline::start().await;
    let tricky = r#"mi"ra\" or principal like "."#;
    write(&patchline, &[(5, tricky, "get_contract", "ok"), (5, "otto", "get_contract", "ok")]).await;
    assert_eq!(activity(&patchline, tricky, "1h").await["actions"], 1);
    assert_eq!(activity(&patchline, r#"x" or principal like ""#, "1h").await["actions"], 0);
    let broken = json!({ "userId": "a\n| stats count(*)" });
    let answer = patchline.tool("analyze_user_activity", broken).await;
    assert_eq!((answer.status, answer.wrong_fields()), (StatusCode::BAD_REQUEST, vec!["userId".to_owned()]));
}

#[tokio::test]
async fn somebody_who_did_nothing_has_done_nothing() {
    let patchline = Patchline::start().await;
    patchline.engine.flush_telemetry().await;
    let found = activity(&patchline, "nobody", "7d").await;
    assert_eq!(
        (&found["actions"], &found["errorRate"], &found["firstSeen"]),
        (&json!(0), &Value::Null, &Value::Null)
    );
    assert_eq!(found["sessions"], json!([]));
}

#[tokio::test]
async fn a_log_that_does_not_say_how_actions_ended_has_no_errors() {
    let patchline = Patchline::start().await;
    write(&patchline, &[(30, "mira", "get_contract", ""), (20, "mira", "list_contracts", "")]).await;
    let found = activity(&patchline, "mira", "24h").await;
    assert_eq!(
        (&found["actions"], &found["errors"], &found["errorRate"]),
        (&json!(2), &json!(0), &Value::Null)
    );
    assert!(found["notEnoughData"].to_string().contains("no rate of errors"), "{found}");
}
