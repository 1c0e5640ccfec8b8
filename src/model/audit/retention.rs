//! For how long records are kept.

/// For how many days records are kept unless somebody wants otherwise.
pub const RETENTION_DAYS: u16 = 400;

/// For how many days those of reads are kept that were allowed and succeeded, and are no administration.
pub const READS_RETENTION_DAYS: u16 = 90;

/// For how many days the records of a log are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Those of changes, of administration, and of what was refused or failed.
    pub all: u16,
    /// Those of reads that were allowed and succeeded. At most as many.
    pub reads: u16,
}

impl Default for Retention {
    fn default() -> Self {
        Self { all: RETENTION_DAYS, reads: READS_RETENTION_DAYS }
    }
}
