//! Logs that were cut, crashed and grew old, in memory.

use super::*;
use crate::engine::sealing::{Places, SigningKey};
use crate::model::audit::{READS_RETENTION_DAYS, RETENTION_DAYS, Retention};
use crate::model::merkle::leaf_hash;

const LOG: &str = "01abc";

fn key() -> SigningKey {
    SigningKey::from_seed(&[7; 32]).expect("a key")
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).expect("a time")
}

/// Records, one each second.
fn lines(count: u64) -> Vec<Line> {
    (0..count)
        .map(|seq| Line {
            seq,
            id: format!("{seq:04}"),
            time: Some(at(i64::try_from(seq).expect("a second"))),
            hash: leaf_hash(&seq.to_be_bytes()),
            says_its_hash: true,
            payload: Payload::Whole,
        })
        .collect()
}

/// The checkpoint over `from..to`, made when the last of them was.
fn segment(lines: &[Line], from: usize, to: usize, ended: bool) -> Segment {
    segment_kept(lines, from, to, ended, Retention::default())
}

/// The same of a log whose records are kept for another time.
fn segment_kept(lines: &[Line], from: usize, to: usize, ended: bool, kept: Retention) -> Segment {
    let mut tree = Tree::default();
    let hashes: Vec<_> = lines.iter().map(|line| line.hash).collect();
    tree.extend(&hashes[..from]);
    let (before, peaks) = (tree.size(), tree.peaks().to_vec());
    tree.extend(&hashes[from..to]);
    let time = at(i64::try_from(to).expect("a second")).to_string();
    // Every second record is of a read.
    let short_lived = Places::of(before, &(from..to).map(|seq| seq % 2 == 0).collect::<Vec<_>>());
    let (log, size, root) = (LOG.to_owned(), tree.size(), tree.root());
    let note = Checkpoint { log, size, root, time, short_lived, kept, ended };
    Segment { from: before, peaks, leaves: hashes[from..to].to_vec(), note: note.sign(&key()) }
}

fn problems(segments: &[Segment], lines: &[Line], now: Timestamp) -> Vec<Problem> {
    examine(LOG, segments, &[], lines, &key().public(), now).problems
}

#[test]
fn a_checkpoint_that_was_made_again_with_more_records_is_right() {
    let all = lines(30);
    let segments = [segment(&all, 0, 10, false), segment(&all, 0, 20, false), segment(&all, 20, 30, true)];
    assert!(problems(&segments, &all, at(60)).is_empty());
}

#[test]
fn two_checkpoints_that_tell_of_different_records_are_told() {
    let all = lines(20);
    let mut others = all.clone();
    others[3].hash = leaf_hash(b"other");
    let segments = [segment(&all, 0, 10, false), segment(&others, 0, 20, true)];
    let found = problems(&segments, &all, at(60));
    assert!(found.iter().any(|problem| matches!(problem, Problem::Checkpoint { size: 20, .. })), "{found:?}");
}

#[test]
fn the_last_records_of_a_crash_are_no_tampering_but_gaps_among_them_are() {
    let all = lines(25);
    let segments = [segment(&all, 0, 20, false)];
    let report = examine(LOG, &segments, &[], &all, &key().public(), at(60));
    assert_eq!((report.problems, report.uncovered), (Vec::new(), 5), "that they are not protected is told");
    let mut gap = all.clone();
    gap.remove(22);
    assert_eq!(problems(&segments, &gap, at(60)), [Problem::Lost { seq: 22 }]);
    assert!(problems(&segments, &gap, at(26)).is_empty(), "it may still be on its way");
}

#[test]
fn many_records_without_a_checkpoint_are_told() {
    let all = lines(100);
    assert_eq!(problems(&[], &all, at(200)), [Problem::Uncovered { from: 0, last: 99 }]);
}

#[test]
fn records_that_are_made_while_the_log_is_read_are_no_problem() {
    let all = lines(200);
    let segments = [segment(&all, 0, 20, false)];
    assert!(problems(&segments, &all, at(30)).is_empty(), "of those after 30 s nothing is said");
    let mut late = all;
    // It got its place after the one before it, which was made later.
    late[22].time = Some(at(40));
    late.truncate(25);
    assert!(problems(&segments, &late, at(39)).is_empty());
}

#[test]
fn records_after_the_end_were_put_in() {
    let all = lines(12);
    let segments = [segment(&all, 0, 10, false), segment(&all, 10, 10, true)];
    let expected = [10, 11].map(|seq| Problem::Inserted { seq, id: format!("{seq:04}") });
    assert_eq!(problems(&segments, &all, at(60)), expected);
}

#[test]
fn records_whose_time_was_up_may_be_gone_and_younger_ones_may_not() {
    let all = lines(40);
    let segments = [segment(&all, 0, 20, false), segment(&all, 20, 40, true)];
    let kept = i64::from(RETENTION_DAYS) * 24 * 60 * 60;
    // The first checkpoint is 400 days old, the second 20 s younger.
    let report = examine(LOG, &segments, &[], &all[15..], &key().public(), at(kept + 25));
    assert_eq!((report.problems, report.expired), (Vec::new(), 15));
    let report = examine(LOG, &segments, &[], &all[25..], &key().public(), at(kept + 25));
    // Of the younger ones those of reads are over, too.
    let expected = [21, 23].map(|seq| Problem::Missing { seq }).to_vec();
    assert_eq!((report.problems, report.expired), (expected, 23));
}

/// The copy of the checkpoint over the first records, made when the last of them was.
fn copy(lines: &[Line], size: usize) -> CheckpointCopy {
    let mut tree = Tree::default();
    tree.extend(&lines[..size].iter().map(|line| line.hash).collect::<Vec<_>>());
    let made = Some(at(i64::try_from(size).expect("a second")));
    CheckpointCopy { log: LOG.to_owned(), size: tree.size(), root: tree.root(), made, kept: RETENTION_DAYS }
}

#[test]
fn a_log_whose_records_are_kept_for_another_time_says_so_itself() {
    let all = lines(20);
    let day = 24 * 60 * 60;
    for (kept, after, may_be_gone) in [
        (Retention { all: 30, reads: 30 }, 31 * day, true),
        (Retention { all: 800, reads: 30 }, 401 * day, false),
        (Retention { all: 800, reads: 30 }, 801 * day, true),
    ] {
        let segments = [segment_kept(&all, 0, 20, true, kept)];
        let copies = [CheckpointCopy { kept: kept.all, ..copy(&all, 20) }];
        let others: Vec<_> = all.iter().filter(|line| line.seq % 2 == 1).cloned().collect();
        let key = key().public();
        let report = examine(LOG, &segments, &copies, &others, &key, at(after));
        assert_eq!((report.problems, report.expired), (Vec::new(), 10), "those of reads are over: {kept:?}");
        let report = examine(LOG, &segments, &copies, &[], &key, at(after));
        assert_eq!(report.problems.is_empty(), may_be_gone, "{kept:?}: {:?}", report.problems);
    }
}

#[test]
fn copies_fit_a_log_that_was_left_alone_wherever_they_were_made() {
    let all = lines(30);
    let segments = [segment(&all, 0, 10, false), segment(&all, 10, 30, true)];
    let copies = [copy(&all, 10), copy(&all, 17), copy(&all, 30)];
    let report = examine(LOG, &segments, &copies, &all, &key().public(), at(60));
    assert_eq!((report.problems, report.copies), (Vec::new(), 3));
}

#[test]
fn a_log_that_was_written_anew_and_signed_with_the_right_key_does_not_fit_its_copies() {
    let all = lines(30);
    let mut others = all.clone();
    others[12].hash = leaf_hash(b"other");
    let segments = [segment(&others, 0, 10, false), segment(&others, 10, 30, true)];
    let copies = [copy(&all, 10), copy(&all, 20), copy(&all, 30)];
    let report = examine(LOG, &segments, &copies, &others, &key().public(), at(60));
    assert_eq!(report.problems, [20, 30].map(|size| Problem::Rewritten { size }));
}

#[test]
fn a_log_that_was_put_back_or_taken_away_as_a_whole_is_found_by_its_copies() {
    let all = lines(30);
    let copies = [copy(&all, 10), copy(&all, 30)];
    let back = [segment(&all, 0, 10, false)];
    let report = examine(LOG, &back, &copies, &all[..10], &key().public(), at(60));
    assert_eq!(report.problems, [Problem::Truncated { from: 10, last: 29 }]);
    let report = examine(LOG, &[], &copies, &[], &key().public(), at(60));
    assert_eq!(report.problems, [Problem::Truncated { from: 0, last: 29 }]);
    let kept = i64::from(RETENTION_DAYS) * 24 * 60 * 60;
    let report = examine(LOG, &[], &copies, &[], &key().public(), at(kept + 60));
    assert!(report.problems.is_empty(), "its time was up");
}

#[test]
fn records_of_reads_may_be_gone_sooner_and_the_others_may_not() {
    let all = lines(20);
    let segments = [segment(&all, 0, 10, false), segment(&all, 10, 20, true)];
    let others: Vec<_> = all.iter().filter(|line| line.seq % 2 == 1).cloned().collect();
    let kept = i64::from(READS_RETENTION_DAYS) * 24 * 60 * 60;
    let report = examine(LOG, &segments, &[], &others, &key().public(), at(kept + 60));
    assert_eq!((report.problems, report.expired), (Vec::new(), 10));
    // The second checkpoint is 10 s younger.
    let report = examine(LOG, &segments, &[], &others, &key().public(), at(kept + 15));
    let too_soon: Vec<_> = (10..20).step_by(2).map(|seq| Problem::Missing { seq }).collect();
    assert_eq!(report.problems, too_soon);
    let report = examine(LOG, &segments, &[], &others[1..], &key().public(), at(kept + 60));
    assert_eq!(report.problems, [Problem::Missing { seq: 1 }]);
}
