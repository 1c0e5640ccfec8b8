//! What people did, read from counts of their actions. Pure: no I/O, no AWS, no clock.

mod comparison;
mod sessions;

pub(crate) use comparison::{Counts, PAST_RANGES, against_past, against_peers, new_kinds};
pub(crate) use sessions::{busiest_hours, sessions};
