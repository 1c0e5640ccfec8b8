//! Compares a log with copies of its checkpoints that lie where nobody can change or remove them. So a log that
//! was cut off, put back or written anew is found, also when its checkpoints were signed with the right key.

use super::examine::is_over;
use super::{Problem, Segment};
use crate::model::merkle::Hash;
use jiff::Timestamp;

/// The copy of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointCopy {
    /// The instance whose log it is.
    pub log: String,
    /// How many records the log had.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
    /// When the copy was made.
    pub made: Option<Timestamp>,
    /// For how many days the records of the log are kept.
    pub kept: u16,
}

/// Tells what does not fit, and answers with how many copies were compared. `right` are the checkpoints that can
/// be believed.
pub(super) fn compare(
    copied: &[CheckpointCopy],
    right: &[&Segment],
    covered: u64,
    now: Timestamp,
    problems: &mut Vec<Problem>,
) -> usize {
    // The records of old ones, and their checkpoints, may be gone.
    let is_young = |copy: &&CheckpointCopy| copy.made.is_none_or(|made| !is_over(made, copy.kept, now));
    let young = || copied.iter().filter(is_young);
    for copy in young() {
        // Where no checkpoint covers them, that is told already.
        if root_at(right, copy.size).is_some_and(|root| root != copy.root) {
            problems.push(Problem::Rewritten { size: copy.size });
        }
    }
    let longest = young().map(|copy| copy.size).max().unwrap_or_default();
    if longest > covered {
        problems.push(Problem::Truncated { from: covered, last: longest - 1 });
    }
    young().count()
}

/// The root of the tree when the log had so many records, as its checkpoints tell it.
fn root_at(right: &[&Segment], size: u64) -> Option<Hash> {
    let segment = right.iter().find(|segment| segment.from < size && size <= segment.size())?;
    let later = usize::try_from(size - segment.from).ok()?;
    let mut tree = segment.before()?;
    tree.extend(segment.leaves.get(..later)?);
    Some(tree.root())
}
