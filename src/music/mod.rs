//! The craft: pure music-business arithmetic, without I/O.

pub mod identifier;
pub mod release;
pub mod royalty;
pub mod window;
