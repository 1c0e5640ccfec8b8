//! The doors to the outside.
