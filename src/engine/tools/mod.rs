//! The tools: each a name, schemas, annotations, the resources it touches, and a function.
//!
//! Nothing here knows who is calling; the gateway has decided that already.

pub mod bedrock;
mod choices;
pub mod cloudwatch;
mod content;
pub mod dynamodb;
mod error;
mod operation;
pub mod probe;
mod progress;
pub mod rds;
pub mod s3;
pub mod views;

pub use error::ToolError;
pub use operation::{Class, Context, Effect, Operation, Server, Tool};
pub use progress::{Progress, Step};
