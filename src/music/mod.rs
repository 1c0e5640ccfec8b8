//! The craft: pure music-business arithmetic, without I/O.

#[cfg(feature = "ssr")]
pub mod analysis;
pub mod identifier;
pub mod metric;
pub mod release;
pub mod royalty;
pub mod window;
