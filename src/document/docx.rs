//! placeholder
use super::{Document, DocumentError};
pub(super) fn read(_bytes: &[u8]) -> Result<Document, DocumentError> { Err(DocumentError::NoText) }
