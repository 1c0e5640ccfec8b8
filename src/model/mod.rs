//! The words of the product: plain serde types that cross the seam between browser and server.
//!
//! Field names are lower camel case on the wire, in DynamoDB and in tool arguments alike, so that a
//! value has one spelling everywhere. Integers have a fixed width because the browser is 32-bit.

pub mod account;
pub mod activity;
pub mod analysis;
pub mod analytics;
pub mod artist;
pub mod artwork;
pub mod audio;
pub mod audit;
pub mod automation;
pub mod chart;
pub mod checks;
pub mod contract;
pub mod error;
pub mod field;
pub mod fleet;
pub mod identifier;
pub mod import;
pub mod key;
pub mod knowledge;
pub mod list;
pub mod log_search;
pub mod logs;
pub mod merkle;
pub mod money;
pub mod overview;
pub mod own_account;
pub mod performance;
pub mod policy;
pub mod policy_form;
pub mod policy_review;
pub mod promotion;
pub mod recording;
pub mod release;
pub mod release_calendar;
pub mod release_dates;
pub mod release_insights;
pub mod role;
pub mod royalties;
pub mod rule_form;
pub mod saved_view;
pub mod scope;
pub mod settings;
pub mod splits;
pub mod task;
pub mod task_form;
pub mod task_outcome;
pub mod tool;
pub mod upload;
pub mod user;
pub mod user_artists;
pub mod weekly_report;
pub mod workflow;
