//! Pages and routes through the router.

mod doors;
mod pages;
