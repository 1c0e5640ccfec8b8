//! Tools: listing, finding and calling them.

mod call;
mod catalogue;
mod compact;
mod links;
mod outcome;
mod run_task;
mod search;
mod text;

pub(super) use call::{call, is_about_tools, is_known, is_stoppable, operation, wanted};
pub(super) use catalogue::{list, with_headers};
pub(super) use outcome::failure;
