//! The tools through REST, over the real SDK clients and the embedded AWS.

mod activity;
mod analytics;
mod audio;
mod audit;
mod audit_command;
mod audit_copies;
mod audit_log;
mod bad_input;
mod catalogue;
mod content;
mod databases;
mod files;
mod foreign_records;
mod imports;
mod knowledge;
mod left_open;
mod log_query_owners;
mod logs;
mod metrics;
mod music_performance;
mod outages;
mod planning;
mod postgres;
mod recordings;
mod royalties;
mod telemetry;
