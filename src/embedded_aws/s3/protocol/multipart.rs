//! Operations on multipart uploads.

use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, ChecksumAlgorithm, ChecksumType,
    CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedMultipartUpload,
    CreateMultipartUploadInput, CreateMultipartUploadOutput, ETag, ListMultipartUploadsInput,
    ListMultipartUploadsOutput, ListPartsInput, ListPartsOutput, MultipartUpload, Part, StorageClass,
    UploadPartInput, UploadPartOutput,
};
use s3s::{S3Request, S3Result, s3_error};

use super::S3Protocol;
use super::attributes::{take_attributes, to_timestamp};
use super::buckets::owner;
use super::checksums::{
    Promise, algorithm_name, checksum_fields, kind_name, kind_of, parse_algorithm, parse_kind, set_checksum,
};
use super::conditions::write_condition;
use super::listing::{Encoder, limit};
use super::options::{refuse, require_owner, require_standard};
use super::tagging::parse_tags;
use crate::embedded_aws::s3::store::{
    Algorithm, ChecksumKind, CompletedPart as NamedPart, Completion, ObjectName, PageRequest, Position,
    Upload, UploadName, UploadPosition,
};

pub(super) fn upload_name(bucket: String, key: String, id: String) -> UploadName {
    UploadName { object: ObjectName { bucket, key }, id }
}

pub(super) fn part_number(number: i32) -> S3Result<u16> {
    u16::try_from(number).ok().filter(|number| (1..=10_000).contains(number)).ok_or_else(|| {
        s3_error!(InvalidArgument, "part number must be an integer between 1 and 10000, inclusive")
    })
}

pub(super) async fn create(
    s3: &S3Protocol,
    request: S3Request<CreateMultipartUploadInput>,
) -> S3Result<CreateMultipartUploadOutput> {
    let mut input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    require_standard(input.storage_class.as_ref())?;
    refuse!(input; acl, bucket_key_enabled, grant_full_control, grant_read, grant_read_acp, grant_write_acp,
        object_lock_legal_hold_status, object_lock_mode, object_lock_retain_until_date, request_payer,
        sse_customer_algorithm, sse_customer_key, sse_customer_key_md5, ssekms_encryption_context,
        ssekms_key_id, server_side_encryption, website_redirect_location);
    let (algorithm, kind) =
        checksum_of_upload(input.checksum_algorithm.as_ref(), input.checksum_type.as_ref())?;
    let chosen = input.checksum_algorithm.is_some();
    let upload = Upload {
        tags: parse_tags(input.tagging.as_deref())?,
        attributes: take_attributes!(input),
        algorithm,
        kind,
        chosen,
    };
    let name = ObjectName { bucket: input.bucket.clone(), key: input.key.clone() };
    let id = s3.blocking(move |store| store.create_upload(&name, &upload)).await?;
    Ok(CreateMultipartUploadOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(id),
        checksum_algorithm: Some(algorithm_name(algorithm)),
        checksum_type: Some(kind_name(kind)),
        ..Default::default()
    })
}

/// Not every algorithm has every kind: only CRCs of parts give the CRC of the whole, and CRC64NVME
/// has nothing else.
fn checksum_of_upload(
    algorithm: Option<&ChecksumAlgorithm>,
    kind: Option<&ChecksumType>,
) -> S3Result<(Algorithm, ChecksumKind)> {
    let kind = kind.map(parse_kind).transpose()?;
    let algorithm = match algorithm {
        Some(name) => parse_algorithm(name)?,
        None if kind.is_some() => {
            return Err(s3_error!(InvalidRequest, "a checksum type needs a checksum algorithm"));
        }
        None => Algorithm::Crc64Nvme,
    };
    let default = match algorithm {
        Algorithm::Crc64Nvme => ChecksumKind::FullObject,
        _ => ChecksumKind::Composite,
    };
    match (algorithm, kind.unwrap_or(default)) {
        (Algorithm::Crc64Nvme, ChecksumKind::Composite)
        | (Algorithm::Sha1 | Algorithm::Sha256, ChecksumKind::FullObject) => Err(s3_error!(
            InvalidRequest,
            "the checksum type cannot be used with the {} checksum algorithm",
            algorithm.name()
        )),
        allowed => Ok(allowed),
    }
}

pub(super) async fn put_part(
    s3: &S3Protocol,
    request: S3Request<UploadPartInput>,
) -> S3Result<UploadPartOutput> {
    let mut input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; request_payer, sse_customer_algorithm, sse_customer_key, sse_customer_key_md5);
    let number = part_number(input.part_number)?;
    let fields = checksum_fields!(input)?;
    let name = upload_name(input.bucket, input.key, input.upload_id);
    let asked = name.clone();
    let upload = s3.blocking(move |store| store.upload(&asked)).await?;
    let promise = Promise::of(fields, input.content_md5.as_ref(), &request.headers)?;
    if let Some(algorithm) = promise.algorithm
        && upload.chosen
        && algorithm != upload.algorithm
    {
        return Err(s3_error!(
            InvalidRequest,
            "checksum type mismatch occurred, expected checksum type: {}, actual checksum type: {}",
            upload.algorithm.name(),
            algorithm.name()
        ));
    }
    let received =
        s3.receive(input.body.take(), input.content_length, upload.algorithm, promise.algorithm).await?;
    let promised = promise.kept(request.trailing_headers.as_ref())?;
    let part = s3
        .blocking(move |store| {
            received.hashes.verify(&promised)?;
            store.put_part(&name, number, received)
        })
        .await?;
    let mut output = UploadPartOutput { e_tag: Some(ETag::Strong(part.etag)), ..Default::default() };
    set_checksum!(output, &Some(part.promised.unwrap_or(part.checksum)));
    Ok(output)
}

pub(super) async fn complete(
    s3: &S3Protocol,
    request: S3Request<CompleteMultipartUploadInput>,
) -> S3Result<CompleteMultipartUploadOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; request_payer, sse_customer_algorithm, sse_customer_key, sse_customer_key_md5);
    let size = input.mpu_object_size.map(u64::try_from).transpose();
    let checksum = checksum_fields!(input)?;
    let kind = input.checksum_type.as_ref().map(parse_kind).transpose()?;
    let completion = Completion {
        parts: named_parts(input.multipart_upload)?,
        precondition: write_condition(input.if_match.as_ref(), input.if_none_match.as_ref())?,
        checksum,
        size: size.map_err(|_| s3_error!(InvalidArgument, "the object size must not be negative"))?,
    };
    let name = upload_name(input.bucket.clone(), input.key.clone(), input.upload_id);
    let asked = name.clone();
    let upload = s3.blocking(move |store| store.upload(&asked)).await?;
    if kind.is_some_and(|kind| kind != upload.kind) {
        return Err(s3_error!(InvalidRequest, "the upload was created with another checksum type"));
    }
    let written = s3.blocking(move |store| store.complete_upload(&name, &completion)).await?;
    let mut output = CompleteMultipartUploadOutput {
        location: Some(format!("/{}/{}", input.bucket, input.key)),
        bucket: Some(input.bucket),
        key: Some(input.key),
        e_tag: Some(ETag::Strong(written.etag)),
        version_id: written.version_id,
        checksum_type: kind_of(written.checksum.as_ref()),
        ..Default::default()
    };
    set_checksum!(output, &written.checksum);
    Ok(output)
}

fn named_parts(upload: Option<CompletedMultipartUpload>) -> S3Result<Vec<NamedPart>> {
    let parts = upload.and_then(|upload| upload.parts).unwrap_or_default();
    if parts.is_empty() {
        return Err(s3_error!(MalformedXML, "you must specify at least one part"));
    }
    let mut named: Vec<NamedPart> = Vec::with_capacity(parts.len());
    for part in parts {
        let (Some(number), Some(etag)) = (part.part_number, &part.e_tag) else {
            return Err(s3_error!(MalformedXML, "every part needs a PartNumber and an ETag"));
        };
        let number = part_number(number)?;
        if named.last().is_some_and(|last| last.number >= number) {
            return Err(s3_error!(
                InvalidPartOrder,
                "the list of parts was not in ascending order; the parts list must be specified in order by \
                 part number"
            ));
        }
        named.push(NamedPart { number, etag: etag.value().to_owned(), checksum: checksum_fields!(part)? });
    }
    Ok(named)
}

pub(super) async fn abort(
    s3: &S3Protocol,
    request: S3Request<AbortMultipartUploadInput>,
) -> S3Result<AbortMultipartUploadOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; if_match_initiated_time, request_payer);
    let name = upload_name(input.bucket, input.key, input.upload_id);
    s3.blocking(move |store| store.abort_upload(&name)).await?;
    Ok(AbortMultipartUploadOutput::default())
}

pub(super) async fn list_parts(
    s3: &S3Protocol,
    request: S3Request<ListPartsInput>,
) -> S3Result<ListPartsOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; request_payer, sse_customer_algorithm, sse_customer_key, sse_customer_key_md5);
    let limit = limit(input.max_parts, "max-parts")?;
    let after = u32::try_from(input.part_number_marker.unwrap_or(0))
        .map_err(|_| s3_error!(InvalidArgument, "part-number-marker must not be negative"))?;
    let name = upload_name(input.bucket.clone(), input.key.clone(), input.upload_id.clone());
    let (upload, mut parts) = s3.blocking(move |store| store.list_parts(&name, after, limit + 1)).await?;
    let truncated = parts.len() > limit;
    parts.truncate(limit);
    let next = parts.last().filter(|_| truncated).map(|part| i32::from(part.number));
    let parts = parts
        .into_iter()
        .map(|part| {
            let mut listed = Part {
                part_number: Some(i32::from(part.number)),
                e_tag: Some(ETag::Strong(part.etag)),
                size: i64::try_from(part.size).ok(),
                last_modified: Some(to_timestamp(part.modified)),
                ..Default::default()
            };
            set_checksum!(listed, &Some(part.checksum));
            listed
        })
        .collect();
    Ok(ListPartsOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(input.upload_id),
        part_number_marker: Some(input.part_number_marker.unwrap_or(0)),
        next_part_number_marker: next,
        max_parts: i32::try_from(limit).ok(),
        is_truncated: Some(truncated),
        parts: Some(parts),
        owner: Some(owner()),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        checksum_algorithm: Some(algorithm_name(upload.algorithm)),
        checksum_type: Some(kind_name(upload.kind)),
        ..Default::default()
    })
}

pub(super) async fn list_uploads(
    s3: &S3Protocol,
    request: S3Request<ListMultipartUploadsInput>,
) -> S3Result<ListMultipartUploadsOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; request_payer);
    let encoder = Encoder::of(input.encoding_type.as_ref())?;
    let limit = limit(input.max_uploads, "max-uploads")?;
    let from: UploadPosition = match (input.key_marker.clone(), input.upload_id_marker.clone()) {
        (None, _) => Position::Start,
        (Some(key), minor) => {
            Position::after_marker(key, minor, input.prefix.as_deref(), input.delimiter.as_deref())
        }
    };
    let page_request = PageRequest::new(input.prefix.as_ref(), input.delimiter.as_ref(), limit, from);
    let bucket = input.bucket.clone();
    let page = s3.blocking(move |store| store.list_uploads(&bucket, &page_request)).await?;
    let (next_key_marker, next_upload_id_marker) =
        page.next.clone().map(Position::into_markers).unwrap_or_default();
    let uploads = page
        .entries
        .into_iter()
        .map(|upload| MultipartUpload {
            key: Some(encoder.encode(&upload.key)),
            upload_id: Some(upload.id),
            initiated: Some(to_timestamp(upload.initiated)),
            owner: Some(owner()),
            storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
            checksum_algorithm: Some(algorithm_name(upload.algorithm)),
            checksum_type: Some(kind_name(upload.kind)),
            ..Default::default()
        })
        .collect();
    Ok(ListMultipartUploadsOutput {
        bucket: Some(input.bucket),
        key_marker: encoder.optional(input.key_marker),
        upload_id_marker: input.upload_id_marker,
        next_key_marker: encoder.optional(next_key_marker),
        next_upload_id_marker,
        max_uploads: i32::try_from(limit).ok(),
        is_truncated: Some(page.next.is_some()),
        uploads: Some(uploads),
        common_prefixes: Some(encoder.prefixes(page.prefixes)),
        prefix: encoder.optional(input.prefix),
        delimiter: encoder.optional(input.delimiter),
        encoding_type: input.encoding_type,
        ..Default::default()
    })
}
