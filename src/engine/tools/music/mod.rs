//! The server `music`: what the label's figures, files and dates mean. Its tools read through the catalogue
//! and calculate with `music`, which knows nothing of AWS.

pub mod planning;
pub mod royalties;
