//! Databases in RDS: finding them, and reading them through the RDS Data API.
//!
//! Knows AWS, not who is asking.

mod cells;
pub(crate) mod locate;
pub(crate) mod query;
pub(crate) mod read_only;
