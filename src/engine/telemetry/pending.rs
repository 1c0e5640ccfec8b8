//! A line of the audit log group that waits until its record has its place in the audit log.

use super::line::Line;
use super::shipper::WeakShipper;

/// A line that waits. It is sent when it is dropped, so none is lost for want of a record.
pub(crate) struct PendingLine {
    line: Option<Line>,
    to: WeakShipper,
}

impl PendingLine {
    pub(super) fn new(line: Line, to: WeakShipper) -> Self {
        Self { line: Some(line), to }
    }

    /// Sends it with the log and the place of its record, and the hash that the record has there.
    pub(crate) fn sealed(mut self, log: &str, seq: u64, leaf: &str) {
        if let Some(line) = &mut self.line {
            line.add_record(log, seq, leaf);
        }
    }
}

impl Drop for PendingLine {
    fn drop(&mut self) {
        if let Some(line) = self.line.take() {
            self.to.send(line);
        }
    }
}
