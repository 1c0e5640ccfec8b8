//! What is owed for music, and how streams count as albums: arithmetic over rates that the caller brings.

pub mod album_units;
pub mod exact;
pub mod mechanical;
pub mod reserve;
pub mod splits;
pub mod statement;
pub mod terms;
pub mod usage;
