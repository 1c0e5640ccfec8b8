//! Pages, one file or folder for each.

pub mod tools;
