//! Options of requests that are not implemented. They are refused: an upload that asked to be
//! encrypted or locked must not pass for one that is.

use http::HeaderMap;
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

/// Headers of options that are newer than `s3s`, which reads past them.
const NEWER: [&str; 5] = [
    "x-amz-bucket-namespace",
    "x-amz-object-annotation-directive",
    "x-amz-object-lock-event-hold",
    "x-amz-object-lock-event-hold-duration-days",
    "x-amz-object-lock-event-hold-duration-years",
];

/// What stands behind `x-amz-checksum-` in the headers that are read. Others name newer algorithms.
const CHECKSUMS: [&str; 8] = ["algorithm", "crc32", "crc32c", "crc64nvme", "mode", "sha1", "sha256", "type"];

/// Refuses what nobody would read: content is not checked against a checksum of an unknown algorithm.
pub(super) fn refuse_newer(headers: &HeaderMap) -> S3Result<()> {
    let is_newer = |name: &&str| {
        let checksum = name.strip_prefix("x-amz-checksum-");
        NEWER.contains(name) || checksum.is_some_and(|checksum| !CHECKSUMS.contains(&checksum))
    };
    let announced = headers.get("x-amz-trailer").and_then(|names| names.to_str().ok()).unwrap_or_default();
    let announced = announced.split(',').map(str::trim);
    match headers.keys().map(http::HeaderName::as_str).chain(announced).find(is_newer) {
        Some(name) => Err(s3_error!(NotImplemented, "the embedded AWS does not implement the option {name}")),
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

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn options_that_nobody_would_read_are_refused_and_others_are_not() {
        let said = |name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            refuse_newer(&headers)
        };
        assert!(said("x-amz-trailer", "x-amz-checksum-sha512").is_err());
        assert!(said("x-amz-trailer", "x-amz-checksum-crc32").is_ok());
        for name in ["x-amz-checksum-sha512", "x-amz-checksum-xxhash3", "x-amz-object-lock-event-hold"] {
            assert!(said(name, "1").is_err(), "{name}");
        }
        for name in
            ["x-amz-checksum-crc64nvme", "x-amz-checksum-mode", "x-amz-object-lock-mode", "x-amz-date"]
        {
            assert!(said(name, "1").is_ok(), "{name}");
        }
    }
}
