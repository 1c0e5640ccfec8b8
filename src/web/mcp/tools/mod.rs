//! Tools: listing, finding and calling them.

mod call;
mod catalogue;
mod compact;
mod links;
mod outcome;
mod search;
mod text;

pub(super) use call::{call, is_about_tools, is_known, wanted};
pub(super) use catalogue::{list, only_reads, with_headers};
pub(super) use outcome::failure;
