//! One file or folder for each page.

pub mod artists;
pub mod lazy;
pub mod logs;
pub mod not_found;
pub mod overview;
mod query_string;
pub mod releases;
pub mod tools;
