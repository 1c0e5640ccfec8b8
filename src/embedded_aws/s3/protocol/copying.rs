//! Copies: of whole objects, and of ranges into parts of multipart uploads.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use s3s::dto::{
    CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopyPartResult, CopySource, ETag, MetadataDirective,
    TaggingDirective, UploadPartCopyInput, UploadPartCopyOutput,
};
use s3s::{S3Error, S3Request, S3Result, s3_error};

use super::S3Protocol;
use super::attributes::{take_attributes, to_timestamp};
use super::checksums::{kind_of, parse_algorithm, set_checksum};
use super::conditions::{copy_condition, take_source_conditions};
use super::multipart::{part_number, upload_name};
use super::options::{refuse, require_owner, require_standard};
use super::tagging::parse_tags;
use crate::embedded_aws::s3::store::{
    Algorithm, Checksum, ChecksumKind, ContentHasher, ContentHashes, CopyAs, ObjectName, Received, Store,
    StoreError, Version,
};

/// The greatest object that one request copies, in bytes.
const MAXIMUM_COPY: u64 = 5 * 1024 * 1024 * 1024;
/// How much is read at a time, in bytes.
const BUFFER: usize = 256 * 1024;

fn source_of(source: CopySource) -> S3Result<(ObjectName, Option<String>)> {
    match source {
        CopySource::Bucket { bucket, key, version_id } => {
            let name = ObjectName { bucket: bucket.into(), key: key.into() };
            Ok((name, version_id.map(String::from)))
        }
        CopySource::AccessPoint { .. } | CopySource::Outpost { .. } => {
            Err(s3_error!(NotImplemented, "the embedded AWS has no access points"))
        }
    }
}

/// A condition on the source that fails is always a failed precondition, never "not modified".
fn on_source(error: S3Error) -> S3Error {
    if *error.code() == s3s::S3ErrorCode::NotModified {
        return s3_error!(PreconditionFailed, "a condition on the source of the copy did not hold");
    }
    error
}

pub(super) async fn copy_object(
    s3: &S3Protocol,
    request: S3Request<CopyObjectInput>,
) -> S3Result<CopyObjectOutput> {
    let precondition = copy_condition(&request.headers)?;
    let mut input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    require_owner(input.expected_source_bucket_owner.as_ref())?;
    require_standard(input.storage_class.as_ref())?;
    refuse!(input; acl, bucket_key_enabled, copy_source_sse_customer_algorithm, copy_source_sse_customer_key,
        copy_source_sse_customer_key_md5, grant_full_control, grant_read, grant_read_acp, grant_write_acp,
        object_lock_legal_hold_status, object_lock_mode, object_lock_retain_until_date, request_payer,
        sse_customer_algorithm, sse_customer_key, sse_customer_key_md5, ssekms_encryption_context,
        ssekms_key_id, server_side_encryption, website_redirect_location);
    let conditions = take_source_conditions!(input);
    let replace = input.metadata_directive.as_ref().is_some_and(|d| d.as_str() == MetadataDirective::REPLACE);
    let retag = input.tagging_directive.as_ref().is_some_and(|d| d.as_str() == TaggingDirective::REPLACE);
    let new_tags = parse_tags(input.tagging.as_deref())?;
    let new_attributes = take_attributes!(input);
    let algorithm = input.checksum_algorithm.as_ref().map(parse_algorithm).transpose()?;
    let (source, version_id) = source_of(input.copy_source)?;
    let target = ObjectName { bucket: input.bucket, key: input.key };
    if source == target && version_id.is_none() && !replace && !retag {
        return Err(s3_error!(
            InvalidRequest,
            "this copy request is illegal because it is trying to copy an object to itself without changing \
             the object's metadata"
        ));
    }

    let (version, file) = open_source(s3, source.clone(), version_id).await?;
    conditions.check(&version).map_err(on_source)?;
    if version.size > MAXIMUM_COPY {
        return Err(s3_error!(
            InvalidRequest,
            "the source is larger than {MAXIMUM_COPY} bytes; copy it in parts"
        ));
    }
    let copied = s3
        .blocking(move |store| {
            let checksum = checksum_of_copy(&version, file, algorithm)?;
            let attributes = if replace { &new_attributes } else { &version.attributes };
            let tags = if retag { &new_tags } else { &version.tags };
            let checksum = checksum.as_ref();
            let wanted = CopyAs { attributes, tags, checksum, precondition: &precondition };
            store.copy(&source, &version, &target, &wanted)
        })
        .await?;
    let mut result = CopyObjectResult {
        e_tag: Some(ETag::Strong(copied.written.etag)),
        last_modified: Some(to_timestamp(copied.modified)),
        checksum_type: kind_of(copied.written.checksum.as_ref()),
        ..Default::default()
    };
    set_checksum!(result, &copied.written.checksum);
    Ok(CopyObjectOutput {
        copy_object_result: Some(result),
        copy_source_version_id: copied.source_version_id,
        version_id: copied.written.version_id,
        ..Default::default()
    })
}

async fn open_source(
    s3: &S3Protocol,
    name: ObjectName,
    version_id: Option<String>,
) -> S3Result<(Version, File)> {
    let opened = s3.blocking(move |store| store.open_object(&name, version_id.as_deref())).await;
    let (version, _, file) = opened.map_err(|error| {
        // The source being a delete marker is a mistake in the request, not in its method.
        if *error.code() == s3s::S3ErrorCode::MethodNotAllowed {
            return s3_error!(InvalidRequest, "the source of a copy request may not be a delete marker");
        }
        error
    })?;
    Ok((version, file))
}

/// The checksum that a copy gets: the source's unless another algorithm is asked for.
fn checksum_of_copy(
    version: &Version,
    mut file: File,
    algorithm: Option<Algorithm>,
) -> Result<Option<Checksum>, StoreError> {
    let fits = |checksum: &Checksum| {
        algorithm.is_none_or(|algorithm| {
            checksum.algorithm == algorithm && checksum.kind == ChecksumKind::FullObject
        })
    };
    match (&version.checksum, algorithm) {
        (Some(checksum), _) if fits(checksum) => Ok(Some(checksum.clone())),
        (checksum, None) => Ok(checksum.clone()),
        (_, Some(algorithm)) => {
            let (_, hashes) = read_hashing(&mut file, version.size, algorithm, |_| Ok(()))?;
            Ok(Some(hashes.checksum))
        }
    }
}

/// Reads so many bytes, hashes them, and hands them on.
fn read_hashing(
    file: &mut File,
    length: u64,
    algorithm: Algorithm,
    mut each: impl FnMut(&[u8]) -> Result<(), StoreError>,
) -> Result<(u64, ContentHashes), StoreError> {
    let mut hasher = ContentHasher::new(algorithm, None);
    let mut buffer = vec![0; BUFFER];
    let mut source = file.take(length);
    let mut size = 0;
    loop {
        let count = source.read(&mut buffer)?;
        if count == 0 {
            return Ok((size, hasher.finish()));
        }
        hasher.update(&buffer[..count]);
        each(&buffer[..count])?;
        size += count as u64;
    }
}

pub(super) async fn copy_part(
    s3: &S3Protocol,
    request: S3Request<UploadPartCopyInput>,
) -> S3Result<UploadPartCopyOutput> {
    let mut input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    require_owner(input.expected_source_bucket_owner.as_ref())?;
    refuse!(input; copy_source_sse_customer_algorithm, copy_source_sse_customer_key,
        copy_source_sse_customer_key_md5, request_payer, sse_customer_algorithm, sse_customer_key,
        sse_customer_key_md5);
    let conditions = take_source_conditions!(input);
    let number = part_number(input.part_number)?;
    let upload = upload_name(input.bucket, input.key, input.upload_id);
    let (source, version_id) = source_of(input.copy_source)?;
    let (version, file) = open_source(s3, source, version_id).await?;
    conditions.check(&version).map_err(on_source)?;
    let range = source_range(input.copy_source_range.as_deref(), version.size)?;
    let part = s3
        .blocking(move |store| {
            let algorithm = store.upload(&upload)?.algorithm;
            let received = copy_range(store, file, range, algorithm)?;
            store.put_part(&upload, number, received)
        })
        .await?;
    let mut result = CopyPartResult {
        e_tag: Some(ETag::Strong(part.etag)),
        last_modified: Some(to_timestamp(part.modified)),
        ..Default::default()
    };
    set_checksum!(result, &Some(part.checksum));
    Ok(UploadPartCopyOutput { copy_part_result: Some(result), ..Default::default() })
}

/// `bytes=first-last`; copies know no other form, and the range must lie in the source.
fn source_range(header: Option<&str>, size: u64) -> S3Result<std::ops::Range<u64>> {
    let range = match header {
        None => 0..size,
        Some(text) => match s3s::dto::Range::parse(text) {
            Ok(s3s::dto::Range::Int { first, last: Some(last) }) if last < size => first..last + 1,
            _ => {
                return Err(s3_error!(
                    InvalidArgument,
                    "the x-amz-copy-source-range value must be of the form bytes=first-last where first and \
                     last are the zero-based offsets of the first and last bytes to copy"
                ));
            }
        },
    };
    if range.end - range.start > MAXIMUM_COPY {
        return Err(s3_error!(InvalidRequest, "a part has at most {MAXIMUM_COPY} bytes"));
    }
    Ok(range)
}

fn copy_range(
    store: &Store,
    mut file: File,
    range: std::ops::Range<u64>,
    algorithm: Algorithm,
) -> Result<Received, StoreError> {
    let mut incoming = store.create_incoming()?;
    file.seek(SeekFrom::Start(range.start))?;
    let length = range.end - range.start;
    let (size, hashes) = read_hashing(&mut file, length, algorithm, |bytes| Ok(incoming.write_all(bytes)?))?;
    Ok(Received { incoming, size, hashes })
}
