//! Compares the records of a log with the lines of their calls in the audit log group, which tell the place and the
//! hash of each.

use super::{LogReport, Problem, Segment};
use crate::model::audit::{AuditRecord, Phase, UNKNOWN_OUTCOME};
use crate::model::merkle::{Hash, leaf_hash};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap, HashSet};

/// For so long a record may still be on its way whose line is there already, while its log is being written.
const SETTLED: SignedDuration = SignedDuration::from_mins(1);

/// What a line of the audit log group says of a call, and the record of the call, too.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// Names the call.
    pub request_id: &'a str,
    /// Who called.
    pub principal: &'a str,
    /// As what.
    pub role: &'a str,
    /// What was asked.
    pub operation: &'a str,
    /// By which face.
    pub channel: &'a str,
    /// The session it belongs to.
    pub session: Option<&'a str>,
    /// Whether it came to nothing.
    pub failed: bool,
}

impl Said<'_> {
    /// Stands for all of it.
    pub fn digest(&self) -> Hash {
        let Self { request_id, principal, role, operation, channel, session, failed } = *self;
        // Plain texts always become JSON.
        let words = (request_id, principal, role, operation, channel, session, failed);
        leaf_hash(&serde_json::to_vec(&words).unwrap_or_default())
    }
}

/// A line that tells of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLine {
    /// The place that the record has, as the line has it.
    pub seq: u64,
    /// The hash that the record has there, as the line has it.
    pub hash: Hash,
    /// What it says of the call.
    pub says: Hash,
    /// When it says it was written.
    pub time: Timestamp,
    /// Where it stands, for people: the stream and the time.
    pub place: String,
}

/// A record, as far as its line tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldRecord {
    /// The place that it says it has.
    pub seq: u64,
    /// The call.
    pub request_id: String,
    /// Its hash, computed from what is in it.
    pub hash: Hash,
    /// What it says of the call.
    pub says: Hash,
    /// When it says it was made.
    pub time: Option<Timestamp>,
    /// Whether a line was written of it.
    pub has_line: bool,
}

impl From<&AuditRecord> for ToldRecord {
    fn from(record: &AuditRecord) -> Self {
        let error = record.error.as_deref().or(record.error_kind.as_deref());
        let said = Said {
            request_id: &record.request_id,
            principal: &record.principal,
            role: record.role.id(),
            operation: &record.operation,
            channel: &record.channel,
            session: record.session.as_deref(),
            failed: error.is_some(),
        };
        Self {
            seq: record.seq,
            request_id: record.request_id.clone(),
            hash: record.hash(),
            says: said.digest(),
            time: record.time.parse().ok(),
            // Intents have no line, nor has what a process records for another one.
            has_line: record.phase == Phase::Outcome
                && !error.is_some_and(|error| error.starts_with(UNKNOWN_OUTCOME)),
        }
    }
}

/// From which moments on everything has to be there: what is older may be gone because its time was up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Horizon {
    /// When it is looked at.
    pub now: Timestamp,
    /// From when on there have to be records.
    pub records: Timestamp,
    /// From when on there have to be lines.
    pub lines: Timestamp,
}

/// The report with what does not fit the lines of this log. What the checkpoints prove of a place counts before the
/// record that stands there, so that a record that was changed or removed is told once.
pub fn compare_lines(
    mut report: LogReport,
    lines: &[GroupLine],
    records: &[ToldRecord],
    segments: &[Segment],
    horizon: Horizon,
) -> LogReport {
    let sealed = sealed(segments);
    let mut there: HashMap<u64, Vec<&ToldRecord>> = HashMap::new();
    for record in records {
        there.entry(record.seq).or_default().push(record);
    }
    let settled = horizon.now.checked_sub(SETTLED).unwrap_or(Timestamp::MIN);
    for line in lines {
        let (seq, place) = (line.seq, || line.place.clone());
        let at = there.get(&seq).map(Vec::as_slice).unwrap_or_default();
        let may_come = !report.ended && seq >= report.covered && line.time > settled;
        let problem = match at.iter().find(|record| record.hash == line.hash) {
            Some(record) if record.says != line.says => Some(Problem::LineChanged { seq, place: place() }),
            Some(_) => None,
            None if sealed.get(&seq) == Some(&line.hash) => None,
            None if sealed.contains_key(&seq) || !at.is_empty() => {
                Some(Problem::LineDiffers { seq, place: place() })
            }
            None if may_come || line.time < horizon.records => None,
            None => Some(Problem::OnlyInGroup { seq, place: place() }),
        };
        report.problems.extend(problem);
    }
    let told: HashSet<u64> = lines.iter().map(|line| line.seq).collect();
    report.problems.extend(without_line(&told, records, &sealed, report.ended, horizon));
    report.problems.sort();
    report.problems.dedup();
    report.group_lines = u64::try_from(lines.len()).unwrap_or(u64::MAX);
    report
}

/// The hash of each record that a checkpoint covers.
fn sealed(segments: &[Segment]) -> HashMap<u64, Hash> {
    segments
        .iter()
        .flat_map(|segment| (segment.from..=u64::MAX).zip(segment.leaves.iter().copied()))
        .collect()
}

/// Records that have no line. Lines are sent in the order of the records, so only the last may be missing where a
/// process did not end in order: those that were not sent yet.
fn without_line(
    told: &HashSet<u64>,
    records: &[ToldRecord],
    sealed: &HashMap<u64, Hash>,
    ended: bool,
    horizon: Horizon,
) -> Vec<Problem> {
    let last = told.iter().copied().max();
    let is_expected = |record: &&ToldRecord| {
        record.has_line
            && sealed.get(&record.seq) == Some(&record.hash)
            && record.time.is_some_and(|time| time >= horizon.lines && time <= horizon.now)
            && (ended || last.is_some_and(|last| record.seq < last))
    };
    let expected: BTreeMap<u64, bool> =
        records.iter().filter(is_expected).map(|record| (record.seq, told.contains(&record.seq))).collect();
    let expected: Vec<_> = expected.into_iter().collect();
    let runs = expected.chunk_by(|(_, before), (_, after)| before == after);
    let missing = runs.filter(|run| run.iter().all(|(_, has_line)| !has_line));
    let problem = |run: &[(u64, bool)]| {
        let ((from, _), (last, _)) = (run.first()?, run.last()?);
        let count = u64::try_from(run.len()).unwrap_or(u64::MAX);
        Some(Problem::WithoutLine { from: *from, last: *last, count })
    };
    missing.filter_map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sealing::{PublicKey, examine};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    const NOW: i64 = 1_000_000;

    fn record(seq: u64) -> ToldRecord {
        let byte = u8::try_from(seq).expect("a small number");
        ToldRecord {
            seq,
            request_id: format!("req_{seq}"),
            hash: [byte; 32],
            says: [0; 32],
            time: Some(at(NOW - 1_000)),
            has_line: true,
        }
    }

    fn line(seq: u64) -> GroupLine {
        let ToldRecord { seq, hash, says, .. } = record(seq);
        GroupLine { seq, hash, says, time: at(NOW - 999), place: format!("line {seq}") }
    }

    /// The problems of a log of some records, all of them sealed or none.
    fn problems(lines: &[GroupLine], records: &[ToldRecord], is_sealed: bool, ended: bool) -> Vec<Problem> {
        let leaves = if is_sealed { records.iter().map(|record| record.hash).collect() } else { Vec::new() };
        let segment = Segment { from: 0, peaks: Vec::new(), leaves, note: String::new() };
        let mut report = examine("01abc", &[], &[], &[], &PublicKey::default(), at(NOW));
        report.ended = ended;
        let horizon = Horizon { now: at(NOW), records: at(0), lines: at(0) };
        compare_lines(report, lines, records, &[segment], horizon).problems
    }

    fn records(count: u64) -> Vec<ToldRecord> {
        (0..count).map(record).collect()
    }

    #[test]
    fn where_each_record_has_its_line_nothing_is_wrong() {
        let mut told = records(4);
        told[2].has_line = false;
        let lines = [line(0), line(1), line(3), line(3)];
        assert!(problems(&lines, &told, true, true).is_empty());
    }

    #[test]
    fn a_line_that_says_something_else_is_named_whatever_it_is() {
        let (mut of_another_record, mut of_another_call) = (line(1), line(2));
        of_another_record.hash = [99; 32];
        of_another_call.says = [99; 32];
        let lines = [line(0), of_another_record, of_another_call, line(3)];
        let mut expected = [
            Problem::LineDiffers { seq: 1, place: "line 1".to_owned() },
            Problem::LineChanged { seq: 2, place: "line 2".to_owned() },
        ];
        expected.sort();
        for is_sealed in [true, false] {
            assert_eq!(problems(&lines, &records(4), is_sealed, true), expected);
        }
    }

    #[test]
    fn a_line_without_a_record_is_named_unless_its_record_may_still_come() {
        let lines = [line(0), line(1), line(7)];
        let expected = [Problem::OnlyInGroup { seq: 7, place: "line 7".to_owned() }];
        assert_eq!(problems(&lines, &records(2), true, true), expected);
        assert_eq!(problems(&lines, &records(2), true, false), expected, "a log that goes on");
        let mut fresh = line(7);
        fresh.time = at(NOW - 5);
        assert!(problems(&[line(0), line(1), fresh.clone()], &records(2), true, false).is_empty());
        assert_eq!(problems(&[line(0), line(1), fresh], &records(2), true, true).len(), 1, "it has ended");
    }

    #[test]
    fn records_without_a_line_are_named_together_and_the_last_only_where_the_log_has_ended() {
        let lines = [line(0), line(3)];
        let hole = Problem::WithoutLine { from: 1, last: 2, count: 2 };
        let end = Problem::WithoutLine { from: 4, last: 5, count: 2 };
        assert_eq!(problems(&lines, &records(6), true, true), [hole.clone(), end]);
        assert_eq!(problems(&lines, &records(6), true, false), [hole]);
        assert!(problems(&[], &records(3), true, false).is_empty(), "none was sent yet");
    }

    #[test]
    fn what_a_checkpoint_proves_is_not_told_once_more_by_its_line() {
        let mut changed = records(3);
        let leaves = changed.iter().map(|record| record.hash).collect();
        changed[1].hash = [99; 32];
        let segment = Segment { from: 0, peaks: Vec::new(), leaves, note: String::new() };
        let report = examine("01abc", &[], &[], &[], &PublicKey::default(), at(NOW));
        let horizon = Horizon { now: at(NOW), records: at(0), lines: at(0) };
        let lines = [line(0), line(1), line(2)];
        let report = compare_lines(report, &lines, &changed[..2], &[segment], horizon);
        assert!(report.problems.is_empty(), "one was changed, one removed, and the checkpoint has both");
        assert_eq!(report.group_lines, 3);
    }
}
