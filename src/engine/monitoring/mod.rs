//! Logs and metrics in `CloudWatch`: running queries, reading metrics, and the log groups themselves.
//!
//! Knows AWS, not who is asking.

pub(crate) mod alarms;
pub(crate) mod groups;
pub(crate) mod histogram;
pub(crate) mod insights;
pub(crate) mod lines;
mod malformed;
pub(crate) mod metrics;
pub(crate) mod periods;
mod table;
pub(crate) mod time;
