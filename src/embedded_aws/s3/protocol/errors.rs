//! Errors of the store as errors of S3.

use http::{HeaderMap, HeaderValue, StatusCode};
use s3s::{S3Error, S3ErrorCode};

use crate::embedded_aws::s3::store::StoreError;

/// The error that S3 answers with.
pub(super) fn to_s3_error(error: StoreError) -> S3Error {
    let code = match &error {
        StoreError::NoSuchBucket => S3ErrorCode::NoSuchBucket,
        StoreError::BucketExists => S3ErrorCode::BucketAlreadyOwnedByYou,
        StoreError::BucketNotEmpty => S3ErrorCode::BucketNotEmpty,
        StoreError::NoSuchKey { .. } => S3ErrorCode::NoSuchKey,
        StoreError::NoSuchVersion => S3ErrorCode::NoSuchVersion,
        StoreError::IsDeleteMarker => S3ErrorCode::MethodNotAllowed,
        StoreError::PreconditionFailed => S3ErrorCode::PreconditionFailed,
        StoreError::NoSuchUpload => S3ErrorCode::NoSuchUpload,
        StoreError::InvalidPart { .. } => S3ErrorCode::InvalidPart,
        StoreError::PartTooSmall { .. } => S3ErrorCode::EntityTooSmall,
        StoreError::TooLarge => S3ErrorCode::EntityTooLarge,
        StoreError::SizeMismatch => S3ErrorCode::InvalidRequest,
        StoreError::BadDigest { .. } => S3ErrorCode::BadDigest,
        StoreError::Interrupted => S3ErrorCode::IncompleteBody,
        StoreError::DiskFull => S3ErrorCode::Custom("InsufficientStorage".into()),
        StoreError::Io(_) | StoreError::Index(_) | StoreError::Damaged(_) => S3ErrorCode::InternalError,
    };
    let mut answer = S3Error::with_message(code, error.to_string());
    match &error {
        StoreError::DiskFull => answer.set_status_code(StatusCode::INSUFFICIENT_STORAGE),
        StoreError::NoSuchKey { hidden_by: Some(version_id) } => {
            answer.set_headers(delete_marker_headers(Some(version_id)));
        }
        StoreError::IsDeleteMarker => answer.set_headers(delete_marker_headers(None)),
        StoreError::Io(_) | StoreError::Index(_) | StoreError::Damaged(_) => {
            tracing::error!(%error, "the embedded S3 failed");
        }
        _ => {}
    }
    answer
}

fn delete_marker_headers(version_id: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-amz-delete-marker", HeaderValue::from_static("true"));
    match version_id.map(HeaderValue::from_str) {
        Some(Ok(id)) => {
            headers.insert("x-amz-version-id", id);
        }
        Some(Err(_)) => {}
        None => {
            headers.insert(http::header::ALLOW, HeaderValue::from_static("DELETE"));
        }
    }
    headers
}
