//! The lines of the audit log group, as far as they tell of records.

use crate::engine::aws::{AwsClients, AwsFailure};
use crate::engine::monitoring::groups::{self, LogGroupFacts};
use crate::engine::monitoring::lines::{self, StoredLine};
use crate::engine::sealing::{GroupLine, Said};
use crate::engine::telemetry::secrets::visible;
use crate::model::merkle::from_hex;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashSet};

/// How the name of a log is made: a ULID in small letters.
const LOG_NAME: usize = 26;

/// The events whose lines tell of a call. In the same group there may be other lines.
const CALLS: [&str; 2] = ["toolCall", "pageOperation"];

/// What tells of a record.
const OF_RECORD: [&str; 3] = ["log", "seq", "leaf"];

/// How much of the name of a stream is shown, in characters.
const LONGEST_STREAM: usize = 80;

/// How old lines may be that are there for sure: the group removes them by the day.
const MARGIN: SignedDuration = SignedDuration::from_hours(24);

/// What stands in the group.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// Lines that tell of records, by the log.
    pub(super) of_logs: BTreeMap<String, Vec<GroupLine>>,
    /// The calls of lines that tell of none: of an older version, or of a record that was lost.
    pub(super) without_record: HashSet<String>,
    /// Where lines stand that cannot be understood.
    pub(super) unreadable: Vec<String>,
    /// From when on lines have to be there; none where there is no such group.
    pub(super) since: Option<Timestamp>,
}

/// A line of a call, with the place and hash of its record where it has them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    request_id: String,
    principal: String,
    role: String,
    tool: String,
    outcome: String,
    source: String,
    session: Option<String>,
    log: Option<String>,
    seq: Option<u64>,
    leaf: Option<String>,
}

impl Group {
    /// Reads the group up to a moment.
    pub(super) async fn read(aws: &AwsClients, name: &str, now: Timestamp) -> Result<Self, AwsFailure> {
        let mut group = Self::default();
        let Some(facts) = groups::describe(aws, name).await? else { return Ok(group) };
        group.since = Some(since(facts, now));
        lines::for_each(aws, name, now, |line| group.take(line)).await?;
        Ok(group)
    }

    fn take(&mut self, line: StoredLine) {
        let Ok(fields) = serde_json::from_str::<Map<String, Value>>(&line.message) else { return };
        let event = fields.get("event").and_then(Value::as_str).unwrap_or_default();
        if !CALLS.contains(&event) {
            return;
        }
        let tells_of_record = OF_RECORD.iter().any(|name| fields.contains_key(*name));
        let stream: String = line.stream.chars().take(LONGEST_STREAM).collect();
        let place = format!("stream {}, {}", visible(&stream), line.time);
        // From the text: of two fields of one name none is guessed.
        let Ok(written) = serde_json::from_str::<Written>(&line.message) else {
            self.unreadable.push(format!("the line of the audit log group in {place}"));
            return;
        };
        if !tells_of_record {
            self.without_record.insert(written.request_id);
            return;
        }
        match written.of_record(line.time, place.clone()) {
            Some((log, line)) => self.of_logs.entry(log).or_default().push(line),
            None => self.unreadable.push(format!("the line of the audit log group in {place}")),
        }
    }
}

impl Written {
    /// The log and the line, if it is one of a record.
    fn of_record(self, time: Timestamp, place: String) -> Option<(String, GroupLine)> {
        let said = Said {
            request_id: &self.request_id,
            principal: &self.principal,
            role: &self.role,
            // As it is recorded.
            operation: &visible(&self.tool),
            channel: &self.source,
            session: self.session.as_deref(),
            failed: self.outcome != "ok",
        };
        let (says, hash, seq) = (said.digest(), from_hex(self.leaf.as_deref()?)?, self.seq?);
        let log = self.log.filter(|log| is_name(log))?;
        Some((log, GroupLine { seq, hash, says, time, place }))
    }
}

/// Whether a text names a log.
fn is_name(text: &str) -> bool {
    text.len() == LOG_NAME && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
}

/// From when on there are lines for sure: they are kept for some days, and not older than their group.
fn since(facts: LogGroupFacts, now: Timestamp) -> Timestamp {
    let made = facts.created.unwrap_or(Timestamp::MIN);
    let Some(days) = facts.retention_days else { return made };
    let kept = SignedDuration::from_hours(i64::from(days) * 24) - MARGIN;
    made.max(now.checked_sub(kept).unwrap_or(Timestamp::MIN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;
    use serde_json::json;

    const LOG: &str = "01kb0000000000000000000000";

    fn line(changes: &Value) -> StoredLine {
        let mut line = json!({
            "event": "toolCall", "requestId": "req_1", "principal": "usr_1", "role": "label",
            "tool": "get_contract", "outcome": "ok", "source": "rest", "durationMs": 1.0,
            "log": LOG, "seq": 3, "leaf": "ab".repeat(32),
        });
        for (name, value) in changes.as_object().expect("an object") {
            line[name] = value.clone();
        }
        stored(&line.to_string())
    }

    fn stored(message: &str) -> StoredLine {
        let (stream, message) = ("2026-11-24/01".to_owned(), message.to_owned());
        StoredLine { stream, time: Timestamp::UNIX_EPOCH, message }
    }

    fn taken(line: StoredLine) -> Group {
        let mut group = Group::default();
        group.take(line);
        group
    }

    #[test]
    fn lines_are_wanted_neither_from_before_their_group_nor_longer_than_they_are_kept() {
        let now: Timestamp = "2026-11-27T09:00:00Z".parse().expect("a moment");
        let ago = |days: i64| now - SignedDuration::from_hours(24 * days);
        let since = |retention_days, created| {
            since(LogGroupFacts { stored_bytes: None, retention_days, created }, now)
        };
        assert_eq!(since(Some(30), Some(ago(100))), ago(29));
        assert_eq!(since(Some(30), Some(ago(2))), ago(2));
        assert_eq!(since(None, Some(ago(100))), ago(100));
        assert_eq!(since(None, None), Timestamp::MIN);
    }

    #[test]
    fn a_line_tells_of_its_record_and_where_it_stands() {
        let group = taken(line(&json!({})));
        let [line] = group.of_logs[LOG].as_slice() else { panic!("{group:?}") };
        assert_eq!((line.seq, line.hash), (3, [0xAB; 32]));
        assert_eq!(line.place, "stream 2026-11-24/01, 1970-01-01T00:00:00Z");
    }

    #[test]
    fn what_a_line_says_of_the_call_is_all_compared() {
        let says = |changes: Value| taken(line(&changes)).of_logs[LOG][0].says;
        let right = says(json!({}));
        assert_eq!(says(json!({ "durationMs": 7.0, "server": "s3" })), right, "no record has these so");
        for changes in [
            json!({ "requestId": "req_2" }),
            json!({ "principal": "usr_2" }),
            json!({ "role": "admin" }),
            json!({ "tool": "list_contracts" }),
            json!({ "outcome": "denied" }),
            json!({ "source": "mcp" }),
            json!({ "session": "0123" }),
        ] {
            assert_ne!(says(changes.clone()), right, "{changes}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_understood_is_named_and_one_of_something_else_is_not() {
        for changes in [
            json!({ "leaf": "ab" }),
            json!({ "leaf": null }),
            json!({ "seq": -1 }),
            json!({ "seq": "3" }),
            json!({ "log": "../../etc" }),
            json!({ "log": LOG.to_uppercase() }),
            json!({ "principal": null }),
        ] {
            let group = taken(line(&changes));
            assert!(group.unreadable.len() == 1 && group.of_logs.is_empty(), "{changes}: {group:?}");
        }
        for message in ["", "a line", "[]", r#"{"event":"start"}"#, r#"{"seq":3,"leaf":"x"}"#] {
            let group = taken(stored(message));
            assert!(group.unreadable.is_empty() && group.of_logs.is_empty(), "{message}: {group:?}");
        }
    }

    #[test]
    fn fuzz_line_of_the_audit_log_group() {
        let whole = line(&json!({})).message;
        let words = [r#""seq":4,"#, r#""leaf":"ff","#, r#""log":"","#, r#""event":"pageOperation","#];
        fuzzing::text(300, &[whole.as_str(), r#"{"event":"toolCall"}"#], &words, |text| {
            let group = taken(stored(text));
            let found = group.of_logs.values().map(Vec::len).sum::<usize>();
            assert!(found + group.unreadable.len() + group.without_record.len() <= 1);
            assert!(group.of_logs.keys().all(|log| is_name(log)));
        });
    }
}
