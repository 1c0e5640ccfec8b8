//! Pages and routes through the router.

mod answers;
mod doors;
mod fleet;
mod pages;
mod sample_label;
mod stopping;
