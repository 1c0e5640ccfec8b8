//! One file or folder for each page.

pub mod account;
pub mod artists;
pub mod audio;
pub mod audit;
pub mod automation;
pub mod contracts;
pub mod health;
pub mod keys;
pub mod knowledge;
pub mod lazy;
pub mod logs;
pub mod market;
pub mod not_found;
pub mod overall;
pub mod overview;
pub mod performance;
pub mod policy;
mod query_string;
pub mod releases;
pub mod report;
pub mod settings;
pub mod sign_in;
pub mod signed_out;
pub mod tasks;
pub mod tools;
pub mod users;
pub mod welcome;
