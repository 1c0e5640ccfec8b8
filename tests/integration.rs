//! Tests of the product from outside, a module for each part.

mod sample_label;
