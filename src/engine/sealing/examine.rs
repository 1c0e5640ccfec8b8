//! Compares the records of a log with its checkpoints, and says which of them were changed, taken away, put in
//! or moved.

use super::{Checkpoint, CheckpointCopy, PublicKey, copies};
use crate::model::audit::{AuditRecord, Payload};
use crate::model::merkle::{Hash, Tree, to_hex};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Records that no checkpoint covers lie this close together, or a checkpoint is missing.
const LONGEST_UNCOVERED: SignedDuration = SignedDuration::from_mins(1);

/// A record is on its way for as long as this; before that no gap after the last checkpoint counts.
const SETTLED: SignedDuration = SignedDuration::from_secs(10);

/// The most gaps that are told one by one before a record whose number nothing speaks for.
const MOST_GAPS: usize = 100;

/// What matters of a record, as it is stored now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The place that it says it has.
    pub seq: u64,
    /// Its id.
    pub id: String,
    /// When it says it was made.
    pub time: Option<Timestamp>,
    /// Its hash, computed from what is in it.
    pub hash: Hash,
    /// Whether that is the hash that stands in it.
    pub says_its_hash: bool,
    /// What has become of its payload.
    pub payload: Payload,
}

impl From<&AuditRecord> for Line {
    fn from(record: &AuditRecord) -> Self {
        let hash = record.hash();
        Self {
            seq: record.seq,
            id: record.id.clone(),
            time: record.time.parse().ok(),
            hash,
            says_its_hash: to_hex(&hash) == record.leaf,
            payload: record.payload(),
        }
    }
}

/// A checkpoint as it is stored: with the hashes of the records since the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// How many records there were at the checkpoint before.
    pub from: u64,
    /// The peaks of the tree there.
    pub peaks: Vec<Hash>,
    /// The hashes of the records since.
    pub leaves: Vec<Hash>,
    /// The signed note.
    pub note: String,
}

impl Segment {
    pub(super) fn size(&self) -> u64 {
        self.from.saturating_add(u64::try_from(self.leaves.len()).unwrap_or(u64::MAX))
    }

    /// The tree before, where its peaks can be those of one.
    pub fn before(&self) -> Option<Tree> {
        Tree::from_peaks(self.from, self.peaks.clone())
    }
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Problem {
    /// A record is not what was written at its place.
    #[error("record {seq} ({id}) was changed")]
    Changed {
        /// Its place.
        seq: u64,
        /// Its id.
        id: String,
    },
    /// What can be erased of a record is neither whole nor erased.
    #[error("record {seq} ({id}): its address, arguments, resources or error were changed")]
    PayloadChanged {
        /// Its place.
        seq: u64,
        /// Its id.
        id: String,
    },
    /// A record is gone.
    #[error("record {seq} is missing")]
    Missing {
        /// Its place.
        seq: u64,
    },
    /// A record is not there, and no checkpoint tells whether it ever was: the process may have died before it
    /// was written.
    #[error("record {seq} is lost or was removed: no checkpoint covers it")]
    Lost {
        /// Its place.
        seq: u64,
    },
    /// The end of the log is gone.
    #[error("the log was cut off: records {from} to {last} are missing")]
    Truncated {
        /// The first that is missing.
        from: u64,
        /// The last.
        last: u64,
    },
    /// A record was never written by the log.
    #[error("record {seq} ({id}) was put in")]
    Inserted {
        /// The place that it says it has.
        seq: u64,
        /// Its id.
        id: String,
    },
    /// A record stands at another place than it was written at.
    #[error("record {seq} ({id}) was moved: it was written at place {written}")]
    Moved {
        /// The place that it says it has.
        seq: u64,
        /// Its id.
        id: String,
        /// The place where it was written.
        written: u64,
    },
    /// A checkpoint cannot be believed.
    #[error("the checkpoint at {size} records is not right: {detail}")]
    Checkpoint {
        /// How many records it covers.
        size: u64,
        /// What is wrong.
        detail: String,
    },
    /// The log is another one than when a checkpoint was copied.
    #[error("the first {size} records are not those of the copy of a checkpoint in the bucket")]
    Rewritten {
        /// How many records the copy covers.
        size: u64,
    },
    /// A record was taken away from the table.
    #[error("record {seq} ({id}, {operation}) is in the copy in the bucket and not in the table")]
    OnlyInCopy {
        /// Its place.
        seq: u64,
        /// Its id.
        id: String,
        /// What was asked.
        operation: String,
    },
    /// A record is another one than when it was copied.
    #[error("record {seq} ({id}) is not the one that was copied to the bucket")]
    NotAsCopied {
        /// Its place.
        seq: u64,
        /// The id of the one that was copied.
        id: String,
    },
    /// A line of the audit log group tells another hash than its record has.
    #[error("the line of record {seq} in the audit log group ({place}) is not of that record")]
    LineDiffers {
        /// The place that the line tells.
        seq: u64,
        /// Where the line stands.
        place: String,
    },
    /// A line of the audit log group tells the hash of its record and other things of the call.
    #[error("the line of record {seq} in the audit log group ({place}) says something else than the record")]
    LineChanged {
        /// Its place.
        seq: u64,
        /// Where the line stands.
        place: String,
    },
    /// A line of the audit log group tells of a record that is not in the log.
    #[error("the audit log group has a line of record {seq} ({place}), and the log has no such record")]
    OnlyInGroup {
        /// The place that the line tells.
        seq: u64,
        /// Where the line stands.
        place: String,
    },
    /// Records have no line in the audit log group.
    #[error(
        "the audit log group has no line of {count} records from {from} to {last}: removed, or never arrived"
    )]
    WithoutLine {
        /// The first of them.
        from: u64,
        /// The last.
        last: u64,
        /// How many of those in between should have one.
        count: u64,
    },
    /// Records lie between checkpoints that do not follow each other.
    #[error("a checkpoint is missing for the records {from} to {last}")]
    Uncovered {
        /// The first record without one.
        from: u64,
        /// The last.
        last: u64,
    },
}

/// What came of comparing a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogReport {
    /// The instance whose log it is.
    pub log: String,
    /// How many records are there.
    pub records: u64,
    /// How many records the checkpoints cover.
    pub covered: u64,
    /// How many records stand behind those, and are protected by nothing.
    pub uncovered: u64,
    /// How many have had their payload erased.
    pub erased: u64,
    /// How many are gone because their time was up.
    pub expired: u64,
    /// How many copies of its checkpoints it was compared with.
    pub copies: u64,
    /// How many copies of its records it was compared with.
    pub copied_records: u64,
    /// How many lines of the audit log group it was compared with.
    pub group_lines: u64,
    /// Whether it ended in order.
    pub ended: bool,
    /// What does not fit, by place.
    pub problems: Vec<Problem>,
}

/// What stands at each place.
type ByPlace = HashMap<u64, Option<Hash>>;

/// What the checkpoints say.
#[derive(Default)]
struct Expected {
    hashes: BTreeMap<u64, Hash>,
    covered: u64,
    /// Records before this place may have been removed because their time was up.
    expired: u64,
    /// And these, which are kept for a shorter time.
    also_expired: HashSet<u64>,
    ended: bool,
    problems: Vec<Problem>,
}

/// Compares a log. `segments` are in the order of their sizes, as they are stored; `copied` are the copies of
/// its checkpoints. `now` is from before the checkpoints were read, and those from before the records were.
pub fn examine(
    log: &str,
    segments: &[Segment],
    copied: &[CheckpointCopy],
    lines: &[Line],
    key: &PublicKey,
    now: Timestamp,
) -> LogReport {
    let mut expected = Expected::default();
    let by_place = by_place(lines);
    let mut tree = Tree::default();
    let mut right = Vec::new();
    for segment in segments {
        if expected.read(log, segment, &mut tree, &by_place, key, now) {
            right.push(segment);
        }
    }
    let Expected { hashes, covered, expired, also_expired, ended, mut problems } = expected;
    let missing = compare(lines, &hashes, &mut problems, covered);
    let may_be_gone = |seq: &u64| *seq < expired || also_expired.contains(seq);
    let (gone, missing): (Vec<_>, Vec<_>) = missing.into_iter().partition(may_be_gone);
    tell_missing(missing, covered, &mut problems);
    after_the_last(lines, covered, ended, now, &mut problems);
    let compared = copies::compare(copied, &right, covered, now, &mut problems);
    problems.sort();
    problems.dedup();
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    LogReport {
        log: log.to_owned(),
        records: count(lines.len()),
        covered,
        uncovered: count(lines.iter().filter(|line| !ended && line.seq >= covered).count()),
        erased: count(lines.iter().filter(|line| line.payload == Payload::Erased).count()),
        expired: count(gone.len()),
        copies: count(compared),
        copied_records: 0,
        group_lines: 0,
        ended,
        problems,
    }
}

/// Whether what was recorded at a moment, and is kept for some days, may have been removed.
pub(super) fn is_over(moment: Timestamp, days: u16, now: Timestamp) -> bool {
    let kept = SignedDuration::from_hours(i64::from(days) * 24);
    moment.checked_add(kept).is_ok_and(|until| until <= now)
}

/// The hash of the record at each place; none where several say that they stand there.
fn by_place(lines: &[Line]) -> ByPlace {
    let mut places = ByPlace::new();
    for line in lines {
        places.entry(line.seq).and_modify(|hash| *hash = None).or_insert(Some(line.hash));
    }
    places
}

fn only(places: &ByPlace, seq: u64) -> Option<Hash> {
    places.get(&seq).copied().flatten()
}

impl Expected {
    /// Follows the log over one checkpoint. Whether the hashes beside it are those that it was made of.
    fn read(
        &mut self,
        log: &str,
        segment: &Segment,
        tree: &mut Tree,
        by_place: &ByPlace,
        key: &PublicKey,
        now: Timestamp,
    ) -> bool {
        let note = match Checkpoint::open(&segment.note, key) {
            Ok(note) if note.log == log => note,
            Ok(_) => {
                self.wrong(segment.size(), "it is of another log");
                return false;
            }
            Err(error) => {
                self.wrong(segment.size(), &error.to_string());
                return false;
            }
        };
        // For how long they are kept is signed with the rest.
        let is_over = |days| note.time.parse::<Timestamp>().is_ok_and(|time| is_over(time, days, now));
        let is_old = is_over(note.kept.all);
        let stored = segment.before().map(|mut stored| {
            stored.extend(&segment.leaves);
            stored
        });
        let is_right =
            stored.as_ref().is_some_and(|stored| stored.size() == note.size && stored.root() == note.root);
        if !is_right {
            self.wrong(note.size, "the hashes beside it do not lead to its root");
            // The records themselves may still do.
            let Some(from_records) = continued(tree, note.size, by_place) else { return false };
            if from_records.root() == note.root {
                self.trust(tree.size(), note.size, |seq| only(by_place, seq));
                self.covered = note.size;
                self.ended = note.ended;
                *tree = from_records;
            }
            return false;
        }
        if segment.from > tree.size() {
            self.bridge(segment, tree, by_place, is_old);
        } else if self.contradicts(segment) {
            self.wrong(note.size, "it tells of other records than the one before");
        }
        let first = segment.from;
        self.trust(first, note.size, |seq| {
            let place = usize::try_from(seq - first).ok()?;
            segment.leaves.get(place).copied()
        });
        self.covered = self.covered.max(note.size);
        self.ended = note.ended;
        if is_old {
            self.expired = note.size;
        } else if is_over(note.kept.reads) {
            self.also_expired.extend((first..note.size).filter(|seq| note.short_lived.has(*seq)));
        }
        if let Some(stored) = stored {
            *tree = stored;
        }
        true
    }

    fn wrong(&mut self, size: u64, detail: &str) {
        self.problems.push(Problem::Checkpoint { size, detail: detail.to_owned() });
    }

    /// A checkpoint of which the process did not learn that it was kept is made again with more records. Then
    /// both have to tell the same of those that they share.
    fn contradicts(&self, segment: &Segment) -> bool {
        let mut told = (segment.from..).zip(&segment.leaves);
        told.any(|(seq, leaf)| self.hashes.get(&seq).is_some_and(|known| known != leaf))
    }

    fn trust(&mut self, from: u64, to: u64, hash: impl Fn(u64) -> Option<Hash>) {
        self.hashes.extend((from..to).filter_map(|seq| Some((seq, hash(seq)?))));
    }

    /// Where a checkpoint is gone: the next one still tells whether the records before it are right, all in
    /// all.
    fn bridge(&mut self, segment: &Segment, tree: &Tree, by_place: &ByPlace, is_old: bool) {
        let (from, to) = (tree.size(), segment.from);
        if is_old {
            self.expired = to;
            return;
        }
        self.problems.push(Problem::Uncovered { from, last: to - 1 });
        let from_records = continued(tree, to, by_place);
        if from_records.is_some_and(|tree| tree.peaks() == segment.peaks) {
            self.trust(from, to, |seq| only(by_place, seq));
        } else {
            let missing = (from..to).filter(|seq| !by_place.contains_key(seq));
            self.problems.extend(missing.map(|seq| Problem::Missing { seq }));
        }
    }
}

/// The tree with the records that are there, up to a size; none where one is missing.
fn continued(tree: &Tree, size: u64, by_place: &ByPlace) -> Option<Tree> {
    let mut tree = tree.clone();
    for seq in tree.size()..size {
        tree.push(only(by_place, seq)?);
    }
    Some(tree)
}

/// Compares each record with what was written, and answers with the places of which no record is there.
fn compare(
    lines: &[Line],
    expected: &BTreeMap<u64, Hash>,
    problems: &mut Vec<Problem>,
    covered: u64,
) -> Vec<u64> {
    let written: HashMap<&Hash, u64> = expected.iter().map(|(seq, hash)| (hash, *seq)).collect();
    let mut there = HashSet::new();
    let mut unknown = Vec::new();
    for line in lines {
        let Line { seq, ref id, .. } = *line;
        let Some(place) = written.get(&line.hash).copied() else {
            if seq < covered {
                unknown.push(line);
            }
            continue;
        };
        there.insert(place);
        if place != seq {
            problems.push(Problem::Moved { seq, id: id.clone(), written: place });
        } else if !line.says_its_hash {
            problems.push(Problem::Changed { seq, id: id.clone() });
        }
        if line.payload == Payload::Changed {
            problems.push(Problem::PayloadChanged { seq, id: id.clone() });
        }
    }
    for line in unknown {
        let (seq, id) = (line.seq, line.id.clone());
        // Of those that stand in the place of one that is gone, the first is it.
        if expected.contains_key(&seq) && there.insert(seq) {
            problems.push(Problem::Changed { seq, id });
        } else if expected.contains_key(&seq) {
            problems.push(Problem::Inserted { seq, id });
        }
    }
    expected.keys().copied().filter(|seq| !there.contains(seq)).collect()
}

/// What is missing at the very end was cut off.
fn tell_missing(mut missing: Vec<u64>, covered: u64, problems: &mut Vec<Problem>) {
    let mut from = covered;
    while from > 0 && missing.last() == Some(&(from - 1)) {
        missing.pop();
        from -= 1;
    }
    if from < covered {
        problems.push(Problem::Truncated { from, last: covered - 1 });
    }
    problems.extend(missing.into_iter().map(|seq| Problem::Missing { seq }));
}

/// Records that no checkpoint covers yet: nothing but their own numbers and hashes speaks for them.
fn after_the_last(lines: &[Line], covered: u64, ended: bool, now: Timestamp, problems: &mut Vec<Problem>) {
    let mut tail: Vec<_> = lines.iter().filter(|line| line.seq >= covered).collect();
    tail.sort_by_key(|line| line.seq);
    let there: HashSet<_> = tail.iter().map(|line| line.seq).collect();
    // What is made after the checkpoints were read may be covered by a later one.
    tail.retain(|line| ended || line.time.is_none_or(|time| time <= now));
    let Some(last) = tail.last().map(|line| line.seq) else { return };
    if ended {
        problems.extend(tail.iter().map(|line| Problem::Inserted { seq: line.seq, id: line.id.clone() }));
        return;
    }
    let times = || tail.iter().filter_map(|line| line.time);
    let (first, newest) = (times().min().unwrap_or(now), times().max().unwrap_or(now));
    if newest.duration_since(first) > LONGEST_UNCOVERED {
        problems.push(Problem::Uncovered { from: covered, last });
    }
    let is_settled = now.duration_since(newest) > SETTLED;
    let mut next = covered;
    for line in tail {
        let (seq, id) = (line.seq, line.id.clone());
        if seq < next {
            problems.push(Problem::Inserted { seq, id });
            continue;
        }
        if is_settled {
            let gaps = (next..seq).filter(|seq| !there.contains(seq)).take(MOST_GAPS);
            problems.extend(gaps.map(|seq| Problem::Lost { seq }));
        }
        next = seq.saturating_add(1);
        if !line.says_its_hash {
            problems.push(Problem::Changed { seq, id: id.clone() });
        }
        if line.payload == Payload::Changed {
            problems.push(Problem::PayloadChanged { seq, id });
        }
    }
}

#[cfg(test)]
mod tests;
