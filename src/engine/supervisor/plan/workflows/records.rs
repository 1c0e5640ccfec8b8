//! Plans over Patchline's own records: logs and metrics.

use super::{Call, Draft, Tools};
use crate::engine::supervisor::understand::{Period, Understood};
use crate::model::task::Problem;

const LOGS: &str = "query_performance_logs";
const METRICS: &str = "get_performance_metrics";

/// The operations that open or list files, as the audit log names them.
const OPENING: &str = r#"["get_audio_file", "get_artwork", "get_contract", "open_file", "read_file", "list_audio_files", "list_contracts", "list_files"]"#;

/// The servers whose metrics may be asked for alone.
const SERVERS: [&str; 6] = ["bedrock", "s3", "dynamodb", "cloudwatch", "rds", "music"];

fn timed(call: Call, period: Option<Period>) -> Call {
    // The end is not part of the range: the first moment of the next day.
    let end = period.and_then(|period| period.to.tomorrow().ok());
    call.with_some("startTime", period.map(|period| period.from.to_string()))
        .with_some("endTime", end.map(|day| day.to_string()))
}

/// Who opened files.
pub(super) fn access(
    understood: &Understood,
    tools: &Tools<'_>,
    draft: &mut Draft<'_>,
) -> Result<(), Problem> {
    let group = tools.allowed(LOGS, "logGroupName", "audit");
    let of = |title: &str, query: String| {
        let call = Call::of(LOGS, title).with_some("logGroupName", group).with("query", query);
        timed(call, understood.period)
    };
    let people = format!(
        "filter tool in {OPENING} | stats count(*) as calls, max(@timestamp) as last by principal, role, tool, outcome \
         | sort calls desc"
    );
    let found = draft.need(of("Look up who opened or listed files", people))?;
    let calls = format!(
        "fields @timestamp, principal, role, tool, outcome, source | filter tool in {OPENING} \
         | sort @timestamp desc | limit 200"
    );
    draft.add(of("Read the newest of these calls", calls));
    let call = Call::of("analyze_user_activity", "Look at who did most");
    let call = call.with_found("userId", &found, "/rows/0/principal").with_some("logGroupName", group);
    draft.add(call.with("timeRange", "7d"));
    Ok(())
}

/// What the logs of performance say.
pub(super) fn logs(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let of = |title: &str, query: &str| timed(Call::of(LOGS, title).with("query", query), understood.period);
    let failed = r#"filter level = "ERROR" or level = "WARN" | stats count(*) as lines by tool, level, errorKind | sort lines desc"#;
    draft.need(of("Count what failed, by tool", failed))?;
    let slow = "fields @timestamp, tool, server, outcome, durationMs, requestId | filter ispresent(durationMs) \
                | sort durationMs desc | limit 20";
    draft.add(of("Find the slowest calls", slow));
    let newest = r#"fields @timestamp, level, tool, errorKind, message, requestId | filter level = "ERROR" | sort @timestamp desc | limit 50"#;
    draft.add(of("Read the newest errors", newest));
    draft.add(timed(metric("Duration", "Measure how long calls took"), understood.period));
    Ok(())
}

/// Whether all is well.
pub(super) fn health(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let words = understood.topic.to_lowercase();
    let named = |server: &&&str| words.split(|c: char| !c.is_alphanumeric()).any(|word| word == **server);
    let server = SERVERS.iter().find(named).copied();
    let of = |metric_name: &str, title: &str| {
        timed(metric(metric_name, title), understood.period).with_some("server", server)
    };
    draft.need(of("Calls", "Count the calls"))?;
    draft.add(of("Errors", "Work out the rate of errors").with("statistic", "Average"));
    draft.add(of("Duration", "Measure how long calls took"));
    let failed =
        r#"filter level = "ERROR" | stats count(*) as lines by tool, errorKind | sort lines desc | limit 20"#;
    draft.add(timed(Call::of(LOGS, "Look up what failed").with("query", failed), understood.period));
    draft.add(Call::of("list_database_instances", "Look at the databases"));
    Ok(())
}

/// A metric of calls.
pub(super) fn metric(name: &str, title: &str) -> Call {
    Call::of(METRICS, title).with("metric", name)
}
