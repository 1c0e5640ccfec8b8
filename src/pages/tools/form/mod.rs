//! The form that a tool's JSON Schema describes.

pub mod base64;
pub mod entries;
pub mod fields;
pub mod file;
pub mod pattern;
pub mod rules;
pub mod schema;
pub mod state;
pub mod submission;
pub mod values;
