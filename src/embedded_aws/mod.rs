//! AWS in a box.
