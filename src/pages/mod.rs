//! One file or folder for each page.

pub mod account;
pub mod artists;
pub mod audit;
pub mod health;
pub mod imports;
pub mod keys;
pub mod knowledge;
pub mod lazy;
pub mod logs;
pub mod not_found;
pub mod overall;
pub mod overview;
pub mod performance;
pub mod policy;
mod query_string;
pub mod releases;
pub mod settings;
pub mod sign_in;
pub mod tasks;
pub mod tools;
pub mod users;
pub mod welcome;
