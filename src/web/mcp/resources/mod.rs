//! Resources: the things of the label by their addresses, to be listed and read.

mod address;
mod listing;
mod reading;

pub(super) use address::{Address, templates};
pub(super) use listing::list;
pub(super) use reading::{read, refused};
