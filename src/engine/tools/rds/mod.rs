//! The server `rds`: databases, and what is in them.

mod list_instances;
mod query_database;

pub use list_instances::ListDatabaseInstances;
pub use query_database::QueryDatabase;
