//! Alarms: what they watch, when they change their state, and the operations on them.

mod definition;
mod evaluation;
mod operations;
mod record;
mod watch;

pub(super) use self::operations::{delete, describe, put, set_state};
pub(super) use self::watch::evaluate_all;
