//! The craft: pure music-business arithmetic, without I/O.

pub mod identifier;
