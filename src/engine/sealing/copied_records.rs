//! Compares the records of a log with copies of them that lie where nobody can change or remove them.

use super::{Line, LogReport, Problem};
use crate::model::merkle::Hash;
use jiff::Timestamp;
use std::collections::HashMap;

/// The copy of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedRecord {
    /// Its place in the log.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// What was asked.
    pub operation: String,
    /// Its hash, computed from what is in the copy.
    pub hash: Hash,
    /// When the record may be removed from the table, epoch seconds.
    pub expires_at: i64,
}

/// The report with what does not fit the copies.
pub fn compare_records(
    mut report: LogReport,
    copied: &[CopiedRecord],
    lines: &[Line],
    now: Timestamp,
) -> LogReport {
    let mut there: HashMap<u64, Vec<Hash>> = HashMap::new();
    for line in lines {
        there.entry(line.seq).or_default().push(line.hash);
    }
    for copy in copied {
        let problem = match there.get(&copy.seq) {
            Some(hashes) if hashes.contains(&copy.hash) => None,
            Some(_) => Some(Problem::NotAsCopied { seq: copy.seq, id: copy.id.clone() }),
            // Its time was up.
            None if copy.expires_at <= now.as_second() => None,
            None => {
                let (seq, id, operation) = (copy.seq, copy.id.clone(), copy.operation.clone());
                Some(Problem::OnlyInCopy { seq, id, operation })
            }
        };
        report.problems.extend(problem);
    }
    report.problems.sort();
    report.problems.dedup();
    report.copied_records = u64::try_from(copied.len()).unwrap_or(u64::MAX);
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sealing::{PublicKey, examine};
    use crate::model::audit::Payload;

    fn line(seq: u64, hash: u8) -> Line {
        Line {
            seq,
            id: format!("{seq:04}"),
            time: None,
            hash: [hash; 32],
            says_its_hash: true,
            payload: Payload::Whole,
        }
    }

    fn copy(seq: u64, hash: u8, expires_at: i64) -> CopiedRecord {
        let (id, operation) = (format!("{seq:04}"), "get_contract".to_owned());
        CopiedRecord { seq, id, operation, hash: [hash; 32], expires_at }
    }

    #[test]
    fn a_record_that_is_gone_or_another_one_is_named_and_one_whose_time_was_up_is_not() {
        let now = Timestamp::from_second(1_000).expect("a moment");
        let lines = [line(0, 1), line(1, 2)];
        let report = examine("01abc", &[], &[], &[], &PublicKey::default(), now);
        let copied = [copy(0, 1, 5_000), copy(1, 9, 5_000), copy(2, 3, 5_000), copy(3, 4, 1_000)];
        let report = compare_records(report, &copied, &lines, now);
        assert_eq!(report.copied_records, 4);
        let id = |seq: u64| format!("{seq:04}");
        let gone = Problem::OnlyInCopy { seq: 2, id: id(2), operation: "get_contract".to_owned() };
        let mut expected = vec![gone, Problem::NotAsCopied { seq: 1, id: id(1) }];
        expected.sort();
        assert_eq!(report.problems, expected);
    }
}
