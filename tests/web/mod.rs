//! Pages and routes through the router.

mod answers;
mod doors;
mod pages;
mod sample_label;
