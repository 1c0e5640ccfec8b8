//! The product through its real doors: a module for each part.

mod embedded_aws;
mod sample_label;
