//! Writes that are made on a condition.

use super::CatalogError;
use crate::engine::aws::{AwsFailure, FailureKind};

/// Whether the condition of a write held, so that it was made.
///
/// # Errors
/// What else AWS says.
pub(super) fn held<T>(answer: Result<T, AwsFailure>) -> Result<bool, CatalogError> {
    match answer {
        Ok(_) => Ok(true),
        Err(failure) if failure.kind == FailureKind::Condition => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}
