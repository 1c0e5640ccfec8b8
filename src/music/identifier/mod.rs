//! Identifiers of the music business: parsed once, with their check digits, into types that cannot be wrong.

mod check_digit;
mod checked;
mod gtin;
mod isrc;

pub use checked::{Dpid, Grid, IdentifierError, IpiBase, IpiName, Isni, Iswc};
pub use gtin::{Gtin, GtinError};
pub use isrc::{Isrc, IsrcError};
