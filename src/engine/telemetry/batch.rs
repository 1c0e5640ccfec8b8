//! Lines that are sent together, within the rules of `PutLogEvents`.

use super::line::Line;

/// The most lines in a batch.
pub(super) const MOST_LINES: usize = 500;

/// The most bytes in a batch, as `CloudWatch` Logs counts them.
pub(super) const MOST_BYTES: usize = 256 * 1024;

/// What `CloudWatch` Logs counts for each line besides its text.
const OVERHEAD: usize = 26;

/// The longest span between the lines of one request: 24 hours, in milliseconds.
const LONGEST_SPAN: i64 = 24 * 3600 * 1000;

/// Lines that wait to be sent.
#[derive(Debug, Default)]
pub(super) struct Batch {
    lines: Vec<Line>,
    bytes: usize,
}

impl Batch {
    /// Adds a line. The batch may grow a little beyond its most bytes by its last line.
    pub(super) fn push(&mut self, line: Line) {
        self.bytes += line.text.len() + OVERHEAD;
        self.lines.push(line);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.lines.len() >= MOST_LINES || self.bytes >= MOST_BYTES
    }

    /// The lines that one request may carry, oldest first: at most 24 hours between the first and the last.
    pub(super) fn sendable(&mut self) -> &[Line] {
        self.lines.sort_by_key(|line| line.time);
        let Some(first) = self.lines.first() else { return &[] };
        let until = first.time + LONGEST_SPAN;
        let count = self.lines.partition_point(|line| line.time < until);
        self.lines.get(..count).unwrap_or_default()
    }

    /// Forgets the first lines.
    pub(super) fn remove(&mut self, count: usize) {
        self.lines.drain(..count.min(self.lines.len()));
        self.bytes = self.lines.iter().map(|line| line.text.len() + OVERHEAD).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(time: i64, length: usize) -> Line {
        Line { time, text: "x".repeat(length) }
    }

    #[test]
    fn a_batch_is_full_by_number_or_by_size() {
        let mut many = Batch::default();
        (0..499).for_each(|time| many.push(line(time, 10)));
        assert!(!many.is_full());
        many.push(line(0, 10));
        assert!(many.is_full());
        let mut large = Batch::default();
        large.push(line(0, MOST_BYTES - OVERHEAD));
        assert!(large.is_full());
    }

    #[test]
    fn lines_are_sent_in_order_and_no_request_spans_more_than_a_day() {
        let mut batch = Batch::default();
        for time in [LONGEST_SPAN + 5, 7, 5, LONGEST_SPAN + 4] {
            batch.push(line(time, 1));
        }
        let first: Vec<_> = batch.sendable().iter().map(|line| line.time).collect();
        assert_eq!(first, [5, 7, LONGEST_SPAN + 4]);
        batch.remove(3);
        assert_eq!(batch.sendable().len(), 1);
        batch.remove(1);
        assert!(batch.is_empty() && batch.sendable().is_empty());
    }
}
