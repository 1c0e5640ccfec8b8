//! The craft: pure music-business arithmetic, without I/O.

#[cfg(feature = "ssr")]
pub mod analysis;
#[cfg(feature = "ssr")]
pub mod artwork;
#[cfg(feature = "ssr")]
pub mod audio;
#[cfg(feature = "ssr")]
pub mod contract;
pub mod identifier;
#[cfg(feature = "ssr")]
pub mod import;
#[cfg(feature = "ssr")]
pub mod language;
pub mod metric;
#[cfg(feature = "ssr")]
pub mod quality;
pub mod release;
pub mod royalty;
#[cfg(feature = "ssr")]
pub mod territory;
pub mod window;
