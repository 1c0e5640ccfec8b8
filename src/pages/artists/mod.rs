//! The list of artists and the page of one.

mod address;
pub mod artist;
pub mod list;
mod rows;
