//! The seal on the audit log: signed checkpoints of its tree, and finding what does not fit them.

mod checkpoint;
mod copied_records;
mod copies;
mod examine;
mod group_lines;
mod key;
mod places;

pub use checkpoint::{Checkpoint, NoteError};
pub use copied_records::{CopiedRecord, compare_records};
pub use copies::CheckpointCopy;
pub use examine::{Line, LogReport, Problem, Segment, examine};
pub use group_lines::{GroupLine, Horizon, Said, ToldRecord, compare_lines};
pub use key::{NotAKey, PublicKey, SigningKey};
pub use places::Places;

/// The name of the secret that the signing key is made of.
pub const SECRET: &str = "audit-signing";
