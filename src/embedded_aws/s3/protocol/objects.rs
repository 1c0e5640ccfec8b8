//! Operations on single objects.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::ops::Range;

use http::header::CONTENT_RANGE;
use http::{HeaderMap, HeaderValue};
use s3s::dto::{
    DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, ETag,
    ETagCondition, Error, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput, PutObjectInput,
    PutObjectOutput, StreamingBlob,
};
use s3s::{S3Error, S3Request, S3Result, s3_error};
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

use super::S3Protocol;
use super::attributes::{shown_metadata, take_attributes, to_timestamp};
use super::checksums::{Promise, checksum_fields, kind_of, set_checksum};
use super::conditions::{take_conditions, write_condition};
use super::options::{refuse, require_owner, require_standard};
use super::tagging::parse_tags;
use crate::embedded_aws::s3::store::{Algorithm, ObjectName, Version, Versioning};

/// How much of a file is read at a time, in bytes.
const READ_BUFFER: usize = 256 * 1024;
/// How many objects one request may delete.
const DELETE_LIMIT: usize = 1000;
/// What S3 says an object is when nobody said.
pub(super) const DEFAULT_TYPE: &str = "binary/octet-stream";

pub(super) async fn put(s3: &S3Protocol, request: S3Request<PutObjectInput>) -> S3Result<PutObjectOutput> {
    let mut input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    require_standard(input.storage_class.as_ref())?;
    refuse!(input; acl, bucket_key_enabled, grant_full_control, grant_read, grant_read_acp, grant_write_acp,
        object_lock_legal_hold_status, object_lock_mode, object_lock_retain_until_date, request_payer,
        sse_customer_algorithm, sse_customer_key, sse_customer_key_md5, ssekms_encryption_context,
        ssekms_key_id, server_side_encryption, website_redirect_location, write_offset_bytes);
    let precondition = write_condition(input.if_match.as_ref(), input.if_none_match.as_ref())?;
    let tags = parse_tags(input.tagging.as_deref())?;
    let attributes = take_attributes!(input);
    let promise = Promise::of(checksum_fields!(input)?, input.content_md5.as_ref(), &request.headers)?;
    let algorithm = promise.algorithm.unwrap_or(Algorithm::Crc64Nvme);
    // Before gigabytes are received for a bucket that is not there.
    let bucket = input.bucket.clone();
    s3.blocking(move |store| store.versioning(&bucket)).await?;

    let received = s3.receive(input.body.take(), input.content_length, algorithm, None).await?;
    let promised = promise.kept(request.trailing_headers.as_ref())?;
    let name = ObjectName { bucket: input.bucket, key: input.key };
    let written = s3
        .blocking(move |store| {
            received.hashes.verify(&promised)?;
            store.put(&name, received, &attributes, &tags, &precondition)
        })
        .await?;
    let mut output = PutObjectOutput {
        e_tag: Some(ETag::Strong(written.etag)),
        checksum_type: kind_of(written.checksum.as_ref()),
        version_id: written.version_id,
        ..Default::default()
    };
    set_checksum!(output, &written.checksum);
    Ok(output)
}

/// What part of an object is asked for.
struct Extent {
    range: Range<u64>,
    /// `Content-Range`, when it is a part.
    content_range: Option<String>,
    /// How many parts the object was uploaded in, when one of them is asked for.
    parts: Option<i32>,
}

impl Extent {
    fn of(version: &Version, range: Option<s3s::dto::Range>, part: Option<i32>) -> S3Result<Self> {
        let unsatisfiable = || unsatisfiable(version.size);
        let (range, parts) = match (range, part) {
            (None, None) => return Ok(Self { range: 0..version.size, content_range: None, parts: None }),
            (Some(range), None) => (range.check(version.size).map_err(|_| unsatisfiable())?, None),
            (None, Some(part)) => {
                let part = u32::try_from(part)
                    .ok()
                    .filter(|part| (1..=10_000).contains(part))
                    .ok_or_else(|| s3_error!(InvalidArgument, "partNumber must be from 1 to 10000"))?;
                let range = version.part_range(part).ok_or_else(unsatisfiable)?;
                (range, i32::try_from(version.part_sizes.len()).ok().filter(|parts| *parts > 0))
            }
            (Some(_), Some(_)) => {
                return Err(s3_error!(InvalidRequest, "cannot specify both Range and partNumber"));
            }
        };
        // An empty object is its own part 1, but has no range of bytes that could be written down.
        let content_range =
            (!range.is_empty()).then(|| format!("bytes {}-{}/{}", range.start, range.end - 1, version.size));
        Ok(Self { range, content_range, parts })
    }

    fn length(&self) -> i64 {
        i64::try_from(self.range.end - self.range.start).unwrap_or(i64::MAX)
    }
}

/// The refusal of a range or part that an object does not have, with the size that it has.
fn unsatisfiable(size: u64) -> S3Error {
    let mut error = s3_error!(InvalidRange, "the requested range is not satisfiable");
    if let Ok(content_range) = HeaderValue::from_str(&format!("bytes */{size}")) {
        error.set_headers(HeaderMap::from_iter([(CONTENT_RANGE, content_range)]));
    }
    error
}

pub(super) async fn get(s3: &S3Protocol, request: S3Request<GetObjectInput>) -> S3Result<GetObjectOutput> {
    let mut input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; request_payer, sse_customer_algorithm, sse_customer_key, sse_customer_key_md5);
    let conditions = take_conditions!(input);
    let name = ObjectName { bucket: input.bucket, key: input.key };
    let (version, versioning, file) =
        s3.blocking(move |store| store.open_object(&name, input.version_id.as_deref())).await?;
    conditions.check(&version)?;
    let extent = Extent::of(&version, input.range, input.part_number)?;
    let body = read_range(s3, file, extent.range.clone()).await?;
    let wants_checksum = input.checksum_mode.is_some() && extent.content_range.is_none();
    let checksum = version.checksum.clone().filter(|_| wants_checksum);
    let attributes = version.attributes;
    let mut output = GetObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        body: Some(body),
        cache_control: attributes.cache_control,
        checksum_type: kind_of(checksum.as_ref()),
        content_disposition: attributes.content_disposition,
        content_encoding: attributes.content_encoding,
        content_language: attributes.content_language,
        content_length: Some(extent.length()),
        content_range: extent.content_range,
        content_type: Some(attributes.content_type.unwrap_or_else(|| DEFAULT_TYPE.to_owned())),
        e_tag: Some(ETag::Strong(version.etag)),
        expires: attributes.expires.map(to_timestamp),
        last_modified: Some(to_timestamp(version.modified)),
        metadata: shown_metadata(attributes.metadata),
        parts_count: extent.parts,
        tag_count: i32::try_from(version.tags.len()).ok().filter(|count| *count > 0),
        version_id: versioning.shown(&version.version_id),
        ..Default::default()
    };
    set_checksum!(output, &checksum);
    Ok(output)
}

/// Streams a range of a file without ever holding more than one buffer of it.
async fn read_range(s3: &S3Protocol, mut file: File, range: Range<u64>) -> S3Result<StreamingBlob> {
    let file = s3
        .blocking(move |_| {
            file.seek(SeekFrom::Start(range.start))?;
            Ok(file)
        })
        .await?;
    let length = range.end - range.start;
    let stream = ReaderStream::with_capacity(tokio::fs::File::from_std(file).take(length), READ_BUFFER);
    Ok(StreamingBlob::wrap(stream))
}

pub(super) async fn head(s3: &S3Protocol, request: S3Request<HeadObjectInput>) -> S3Result<HeadObjectOutput> {
    let mut input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; request_payer, sse_customer_algorithm, sse_customer_key, sse_customer_key_md5);
    let conditions = take_conditions!(input);
    let name = ObjectName { bucket: input.bucket, key: input.key };
    let (version, versioning): (Version, Versioning) =
        s3.blocking(move |store| store.head(&name, input.version_id.as_deref())).await?;
    conditions.check(&version)?;
    let extent = Extent::of(&version, input.range, input.part_number)?;
    let wants_checksum = input.checksum_mode.is_some() && extent.content_range.is_none();
    let checksum = version.checksum.clone().filter(|_| wants_checksum);
    let attributes = version.attributes;
    let mut output = HeadObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        cache_control: input.response_cache_control.or(attributes.cache_control),
        checksum_type: kind_of(checksum.as_ref()),
        content_disposition: input.response_content_disposition.or(attributes.content_disposition),
        content_encoding: input.response_content_encoding.or(attributes.content_encoding),
        content_language: input.response_content_language.or(attributes.content_language),
        content_length: Some(extent.length()),
        content_range: extent.content_range,
        content_type: input
            .response_content_type
            .or(attributes.content_type)
            .or_else(|| Some(DEFAULT_TYPE.to_owned())),
        e_tag: Some(ETag::Strong(version.etag)),
        expires: input.response_expires.or_else(|| attributes.expires.map(to_timestamp)),
        last_modified: Some(to_timestamp(version.modified)),
        metadata: shown_metadata(attributes.metadata),
        parts_count: extent.parts,
        version_id: versioning.shown(&version.version_id),
        ..Default::default()
    };
    set_checksum!(output, &checksum);
    Ok(output)
}

pub(super) async fn delete(
    s3: &S3Protocol,
    request: S3Request<DeleteObjectInput>,
) -> S3Result<DeleteObjectOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; bypass_governance_retention, if_match_last_modified_time, if_match_size, mfa, request_payer);
    let precondition = write_condition(input.if_match.as_ref(), None)?;
    let name = ObjectName { bucket: input.bucket, key: input.key };
    let deleted =
        s3.blocking(move |store| store.delete(&name, input.version_id.as_deref(), &precondition)).await?;
    Ok(DeleteObjectOutput {
        delete_marker: deleted.delete_marker.then_some(true),
        version_id: deleted.version_id,
        request_charged: None,
    })
}

pub(super) async fn delete_many(
    s3: &S3Protocol,
    request: S3Request<DeleteObjectsInput>,
) -> S3Result<DeleteObjectsOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; bypass_governance_retention, mfa, request_payer);
    let asked = input.delete.objects;
    if asked.is_empty() || asked.len() > DELETE_LIMIT {
        return Err(s3_error!(MalformedXML, "a request deletes from 1 to {DELETE_LIMIT} objects"));
    }
    let mut objects = Vec::with_capacity(asked.len());
    for object in &asked {
        refuse!(object; last_modified_time, size);
        let condition = object.e_tag.clone().map(ETagCondition::ETag);
        let name = ObjectName { bucket: input.bucket.clone(), key: object.key.clone() };
        objects.push((name, object.version_id.clone(), write_condition(condition.as_ref(), None)?));
    }
    let results = s3.blocking(move |store| store.delete_many(&objects)).await?;
    let (mut deleted, mut errors) = (Vec::new(), Vec::new());
    for (object, result) in asked.into_iter().zip(results) {
        match result {
            Ok(outcome) => deleted.push(DeletedObject {
                key: Some(object.key),
                delete_marker: outcome.delete_marker.then_some(true),
                delete_marker_version_id: outcome.version_id.filter(|_| outcome.delete_marker),
                version_id: object.version_id,
            }),
            Err(error) => {
                let error = super::to_s3_error(error);
                errors.push(Error {
                    code: Some(error.code().as_str().to_owned()),
                    message: error.message().map(str::to_owned),
                    key: Some(object.key),
                    version_id: object.version_id,
                });
            }
        }
    }
    let quiet = input.delete.quiet == Some(true);
    Ok(DeleteObjectsOutput {
        deleted: (!quiet).then_some(deleted),
        errors: (!errors.is_empty()).then_some(errors),
        request_charged: None,
    })
}
