//! Patchline: the control room of a music label.

#[cfg(feature = "ssr")]
pub mod embedded_aws;
