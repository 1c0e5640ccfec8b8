//! The Agent Runtime: `Retrieve` and `RetrieveAndGenerate`.

mod citations;
mod generate;
mod retrieve;
mod sessions;

pub(super) use self::generate::{Asked, retrieve_and_generate};
pub(super) use self::retrieve::retrieve;
pub(super) use self::sessions::Sessions;
