//! The tools: each a name, schemas, annotations, the resources it touches, and a function.
//!
//! Nothing here knows who is calling; the gateway has decided that already.

pub mod bedrock;
pub(crate) mod choices;
pub mod cloudwatch;
mod content;
pub mod dynamodb;
mod error;
mod findings;
pub mod music;
pub(crate) mod names;
mod operation;
mod pictures;
pub mod probe;
mod quarantine;
pub mod rds;
pub mod reports;
pub mod s3;
mod scope;
pub mod views;

pub use super::progress::{Progress, Step};
pub use error::{LimitReached, OverLimit, Refusal, RefusalKind, ToolError};
pub use operation::{Class, Content, Context, Effect, NamedRelease, Operation, Server, Subject, Tool};
pub use scope::Scope;
