//! The measurements of `make bench`.

fn main() {}
