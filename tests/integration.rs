//! The product through its real doors: a module for each part.

mod configuration;
mod embedded_aws;
mod sample_label;
mod support;
mod tools;
mod web;
