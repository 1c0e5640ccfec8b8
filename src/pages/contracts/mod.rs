//! The list of contracts and the page of one.

pub mod contract;
pub mod list;
pub mod near;
pub mod terms;
