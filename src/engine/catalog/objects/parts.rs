//! Files that come part by part, over more than one connection: each part with its checksum, which S3 checks.

use super::{NewObject, ObjectInfo, object_failure};
use crate::engine::aws::FailureKind;
use crate::engine::catalog::uploads::KeptPart;
use crate::engine::catalog::{Catalog, CatalogError};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedPart};
use bytes::Bytes;
use std::collections::BTreeMap;

impl Catalog {
    /// Begins an upload in parts. The name that S3 gives it.
    ///
    /// # Errors
    /// What AWS says.
    pub(crate) async fn begin_parts(&self, new: &NewObject) -> Result<String, CatalogError> {
        self.begin_multipart(new, ChecksumAlgorithm::Sha256).await
    }

    /// Sends a part with its SHA-256 in base64, which S3 compares with what arrives.
    ///
    /// # Errors
    /// `NotFound` where S3 does not know the upload any more; or what AWS says.
    pub(crate) async fn send_one_part(
        &self,
        new: &NewObject,
        upload: &str,
        number: u32,
        sha256: &str,
        content: Bytes,
    ) -> Result<KeptPart, CatalogError> {
        let bytes = content.len() as u64;
        let answer = self
            .aws
            .s3_bodies
            .upload_part()
            .bucket(&new.bucket)
            .key(new.key.as_str())
            .upload_id(upload)
            .part_number(i32::try_from(number).unwrap_or(i32::MAX))
            .checksum_sha256(sha256)
            .body(ByteStream::from(content))
            .send()
            .await
            .map_err(|error| object_failure("PutObject", &new.bucket, &new.key, &error))?;
        Ok(KeptPart { etag: answer.e_tag.unwrap_or_default(), sha256: sha256.to_owned(), bytes })
    }

    /// Joins the parts to a file.
    ///
    /// # Errors
    /// `Conflict` when it exists and may not be replaced; `NotFound` where S3 does not know the upload any more; or
    /// what AWS says.
    pub(crate) async fn join_parts(
        &self,
        new: &NewObject,
        upload: &str,
        parts: &BTreeMap<u32, KeptPart>,
    ) -> Result<ObjectInfo, CatalogError> {
        let bytes = parts.values().map(|part| part.bytes).sum();
        let parts = parts.iter().map(|(number, part)| {
            CompletedPart::builder()
                .part_number(i32::try_from(*number).unwrap_or(i32::MAX))
                .e_tag(&part.etag)
                .checksum_sha256(&part.sha256)
                .build()
        });
        self.complete_multipart(new, upload, parts.collect(), bytes).await
    }

    /// Removes the parts of an upload that is given up. One that S3 does not know any more is no error.
    ///
    /// # Errors
    /// What AWS says.
    pub(crate) async fn give_up_parts(&self, new: &NewObject, upload: &str) -> Result<(), CatalogError> {
        let sent = self
            .aws
            .s3
            .abort_multipart_upload()
            .bucket(&new.bucket)
            .key(new.key.as_str())
            .upload_id(upload)
            .send()
            .await;
        match sent.map_err(|error| object_failure("AbortMultipartUpload", &new.bucket, &new.key, &error)) {
            Ok(_) | Err(CatalogError::NotFound { .. }) => Ok(()),
            Err(CatalogError::Aws(failure)) if failure.kind == FailureKind::NoResource => Ok(()),
            Err(error) => Err(error),
        }
    }
}
