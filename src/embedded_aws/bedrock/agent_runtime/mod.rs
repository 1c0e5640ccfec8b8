//! The Agent Runtime: `Retrieve` and `RetrieveAndGenerate`.

mod citations;
mod generate;
mod retrieve;
mod sessions;
mod stream;

pub(super) use self::generate::{Asked, retrieve_and_generate};
pub(super) use self::retrieve::retrieve;
pub(super) use self::sessions::Sessions;
pub(super) use self::stream::retrieve_and_generate_stream;
