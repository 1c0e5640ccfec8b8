//! Pages and routes through the router.

mod doors;
mod pages;
mod sample_label;
