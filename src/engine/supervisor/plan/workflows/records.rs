//! Plans over Patchline's own records: logs and metrics.

use super::{Call, Draft, Tools};
use crate::engine::supervisor::understand::{Period, Understood};
use crate::model::task::Problem;

const LOGS: &str = "query_performance_logs";
const ACCESS: &str = "find_asset_access";
const METRICS: &str = "get_performance_metrics";
const HEALTH: &str = "check_system_health";

/// The operations that open files, as the audit log names them.
const OPENING: &str = r#"["get_audio_file", "get_artwork", "get_contract", "get_waveform", "process_audio", "open_file", "read_file"]"#;

/// The servers whose metrics may be asked for alone.
const SERVERS: [&str; 6] = ["bedrock", "s3", "dynamodb", "cloudwatch", "rds", "music"];

/// The most accesses that one call tells.
const MOST_ACCESSES: u32 = 200;

fn timed(call: Call, period: Option<Period>) -> Call {
    // The end is not part of the range: the first moment of the next day.
    let end = period.and_then(|period| period.to.tomorrow().ok());
    call.with_some("startTime", period.map(|period| period.from.to_string()))
        .with_some("endTime", end.map(|day| day.to_string()))
}

/// Who opened files: of one that is named, from the audit log. The log of calls names the person, the tool and how it
/// ended, and not the file.
pub(super) fn access(
    understood: &Understood,
    tools: &Tools<'_>,
    draft: &mut Draft<'_>,
) -> Result<(), Problem> {
    if let Some(file) = understood.file.as_deref().filter(|_| tools.has(ACCESS)) {
        let end = understood.period.and_then(|period| period.to.tomorrow().ok());
        let call = Call::of(ACCESS, "Look up who used the file")
            .with("fileName", file)
            .with_some("from", understood.period.map(|period| period.from.to_string()))
            .with_some("to", end.map(|day| day.to_string()))
            .with("limit", MOST_ACCESSES);
        return draft.need(call).map(drop);
    }
    let group = tools.allowed(LOGS, "logGroupName", "audit");
    let query = format!(
        "filter tool in {OPENING} | fields @timestamp, principal, role, tool, outcome, source, requestId \
         | sort @timestamp desc | limit 200"
    );
    let call =
        Call::of(LOGS, "Look up who opened files; the log does not name the file").with("query", query);
    let found = draft.need(timed(call.with_some("logGroupName", group), understood.period))?;
    let call = Call::of("analyze_user_activity", "Look at what the newest of them did");
    let call = call.with_found("userId", &found, "/rows/0/principal").with_some("logGroupName", group);
    draft.add(call.with("timeRange", "7d"));
    Ok(())
}

/// What the logs of performance say.
pub(super) fn logs(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let of = |title: &str, query: &str| timed(Call::of(LOGS, title).with("query", query), understood.period);
    let failed = r#"filter outcome in ["error", "denied", "invalid"] | stats count(*) as errors by tool, errorKind | sort errors desc"#;
    let slow = "filter ispresent(tool) and ispresent(durationMs) \
                | stats count(*) as calls, avg(durationMs) as meanMs, pct(durationMs, 95) as p95Ms, \
                max(durationMs) as longestMs by tool | sort p95Ms desc | limit 20";
    let lines = r#"filter level = "ERROR" or outcome in ["error", "denied", "invalid"] | fields @timestamp, tool, principal, outcome, errorKind, message, requestId | sort @timestamp desc | limit 100"#;
    // The first of the answer is what was asked about.
    let about_time = understood.topic.to_lowercase();
    if ["slow", "latency", "duration", "timeout", "timed out"].iter().any(|word| about_time.contains(word)) {
        draft.need(of("Find the slowest tools", slow))?;
        draft.add(of("Count what failed or was refused, by tool", failed));
    } else {
        draft.need(of("Count what failed or was refused, by tool", failed))?;
        draft.add(of("Find the slowest tools", slow));
    }
    draft.add(of("Read the newest lines about failures", lines));
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
    let checked = Call::of(HEALTH, "Check the servers and what is behind them").with_some("server", server);
    let is_checked = draft.need(checked).is_ok();
    let calls = of("Calls", "Count the calls");
    if is_checked {
        draft.add(calls);
    } else {
        draft.need(calls)?;
    }
    draft.add(of("Errors", "Count what failed"));
    draft.add(of("Duration", "Measure how long calls took"));
    let failed =
        r#"filter level = "ERROR" | stats count(*) as lines by tool, errorKind | sort lines desc | limit 20"#;
    draft.add(timed(Call::of(LOGS, "Look up what failed").with("query", failed), understood.period));
    draft.add(Call::of("list_database_instances", "Look whether the databases are there"));
    draft.add(Call::of("list_knowledge_bases", "Look whether the knowledge bases are there"));
    Ok(())
}

/// A metric of calls.
pub(super) fn metric(name: &str, title: &str) -> Call {
    Call::of(METRICS, title).with("metric", name)
}
