//! What is owed for music, and how streams count as albums: arithmetic over rates that the caller brings.

pub mod album_units;
pub mod exact;
pub mod mechanical;
#[cfg(feature = "ssr")]
pub mod reserve;
pub mod splits;
#[cfg(feature = "ssr")]
pub mod statement;
#[cfg(feature = "ssr")]
pub mod terms;
#[cfg(feature = "ssr")]
pub mod usage;
