//! The craft: pure music-business arithmetic, without I/O.

#[cfg(feature = "ssr")]
pub mod analysis;
#[cfg(feature = "ssr")]
pub mod audio;
pub mod identifier;
#[cfg(feature = "ssr")]
pub mod import;
pub mod metric;
#[cfg(feature = "ssr")]
pub mod quality;
pub mod release;
pub mod royalty;
pub mod window;
