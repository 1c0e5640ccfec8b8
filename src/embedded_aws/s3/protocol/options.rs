//! Options of requests that are not implemented. They are refused: an upload that asked to be
//! encrypted or locked must not pass for one that is.

use s3s::{S3Result, s3_error};

use super::ACCOUNT;

/// Refuses a request that sets one of the named fields of its input.
macro_rules! refuse {
    ($input:expr; $($field:ident),+ $(,)?) => {
        $crate::embedded_aws::s3::protocol::options::refuse_present(
            &[$((stringify!($field), $input.$field.is_some())),+]
        )?
    };
}
pub(super) use refuse;

/// Refuses what is present, by name.
pub(super) fn refuse_present(options: &[(&str, bool)]) -> S3Result<()> {
    match options.iter().find(|(_, present)| *present) {
        Some((name, _)) => Err(s3_error!(
            NotImplemented,
            "the embedded AWS does not implement the option {}",
            name.replace('_', "-")
        )),
        None => Ok(()),
    }
}

/// Refuses every storage class but the one there is.
pub(super) fn require_standard(storage_class: Option<&s3s::dto::StorageClass>) -> S3Result<()> {
    match storage_class.map(s3s::dto::StorageClass::as_str) {
        None | Some(s3s::dto::StorageClass::STANDARD) => Ok(()),
        Some(other) => {
            Err(s3_error!(NotImplemented, "the embedded AWS does not implement the storage class {other}"))
        }
    }
}

/// Refuses a request meant for a bucket of another account.
pub(super) fn require_owner(expected: Option<&String>) -> S3Result<()> {
    match expected {
        Some(account) if account != ACCOUNT => Err(s3_error!(AccessDenied, "Access Denied")),
        _ => Ok(()),
    }
}
