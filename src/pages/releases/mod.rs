//! The list of releases and the page of one.

mod address;
pub mod checks;
pub mod cover;
pub mod list;
pub mod release;
pub mod tracks;
