//! Identifiers of the music business: parsed once, with their check digits, into types that cannot be wrong.

mod gtin;
mod isrc;

pub use gtin::{Gtin, GtinError};
pub use isrc::{Isrc, IsrcError};
