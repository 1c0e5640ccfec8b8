//! The craft: pure music-business arithmetic, without I/O.

#[cfg(feature = "ssr")]
pub mod audio;
pub mod identifier;
#[cfg(feature = "ssr")]
pub mod quality;
pub mod royalty;
pub mod window;
