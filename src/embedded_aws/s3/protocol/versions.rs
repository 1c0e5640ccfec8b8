//! Lists versions and delete markers.

use s3s::dto::{
    DeleteMarkerEntry, ETag, ListObjectVersionsInput, ListObjectVersionsOutput, ObjectVersion,
    ObjectVersionStorageClass,
};
use s3s::{S3Request, S3Result, s3_error};

use super::S3Protocol;
use super::attributes::to_timestamp;
use super::buckets::owner;
use super::checksums::{algorithm_name, kind_of};
use super::listing::{Encoder, limit};
use super::options::{refuse, require_owner};
use crate::embedded_aws::s3::store::{ListedVersion, PageRequest, Position, VersionPosition};

/// Begins the version-id markers that are made here: they go on even when the version they were
/// made from is deleted meanwhile.
const MARKER: &str = "position-";

pub(super) async fn list(
    s3: &S3Protocol,
    request: S3Request<ListObjectVersionsInput>,
) -> S3Result<ListObjectVersionsOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; optional_object_attributes, request_payer);
    let encoder = Encoder::of(input.encoding_type.as_ref())?;
    let limit = limit(input.max_keys, "max-keys")?;
    let from = position(s3, &input).await?;
    let page_request = PageRequest::new(input.prefix.as_ref(), input.delimiter.as_ref(), limit, from);
    let bucket = input.bucket.clone();
    let page = s3.blocking(move |store| store.list_versions(&bucket, &page_request)).await?;
    let (next_key_marker, number) = page.next.clone().map(Position::into_markers).unwrap_or_default();
    let next_version_id_marker = number.map(|number| format!("{MARKER}{number}"));
    let (markers, versions): (Vec<_>, Vec<_>) =
        page.entries.into_iter().partition(|entry| entry.delete_marker);
    Ok(ListObjectVersionsOutput {
        name: Some(input.bucket),
        prefix: Some(encoder.encode(&input.prefix.unwrap_or_default())),
        key_marker: Some(encoder.encode(&input.key_marker.unwrap_or_default())),
        version_id_marker: Some(input.version_id_marker.unwrap_or_default()),
        next_key_marker: encoder.optional(next_key_marker),
        next_version_id_marker,
        max_keys: i32::try_from(limit).ok(),
        is_truncated: Some(page.next.is_some()),
        versions: Some(versions.into_iter().map(|entry| version(entry, encoder)).collect()),
        delete_markers: Some(markers.into_iter().map(|entry| marker(entry, encoder)).collect()),
        common_prefixes: Some(encoder.prefixes(page.prefixes)),
        delimiter: encoder.optional(input.delimiter),
        encoding_type: input.encoding_type,
        request_charged: None,
    })
}

async fn position(s3: &S3Protocol, input: &ListObjectVersionsInput) -> S3Result<VersionPosition> {
    let key = input.key_marker.clone().filter(|key| !key.is_empty());
    let version_id = input.version_id_marker.clone().filter(|id| !id.is_empty());
    match (key, version_id) {
        (None, None) => Ok(Position::Start),
        (None, Some(_)) => {
            Err(s3_error!(InvalidArgument, "a version-id marker cannot be specified without a key marker"))
        }
        (Some(key), None) => {
            Ok(Position::after_marker(key, None, input.prefix.as_deref(), input.delimiter.as_deref()))
        }
        (Some(key), Some(id)) => {
            let made_here = id.strip_prefix(MARKER).and_then(|number| number.parse().ok());
            let number = if made_here.is_some() {
                made_here
            } else {
                let (bucket, key) = (input.bucket.clone(), key.clone());
                s3.blocking(move |store| store.number_of(&bucket, &key, &id)).await?
            };
            let number = number.ok_or_else(|| s3_error!(InvalidArgument, "invalid version id specified"))?;
            Ok(Position::AfterKey { key, minor: Some(number) })
        }
    }
}

fn version(entry: ListedVersion, encoder: Encoder) -> ObjectVersion {
    ObjectVersion {
        key: Some(encoder.encode(&entry.key)),
        version_id: Some(entry.version_id),
        is_latest: Some(entry.latest),
        e_tag: Some(ETag::Strong(entry.etag)),
        size: i64::try_from(entry.size).ok(),
        last_modified: Some(to_timestamp(entry.modified)),
        storage_class: Some(ObjectVersionStorageClass::from_static(ObjectVersionStorageClass::STANDARD)),
        checksum_type: kind_of(entry.checksum.as_ref()),
        checksum_algorithm: entry.checksum.map(|checksum| vec![algorithm_name(checksum.algorithm)]),
        owner: Some(owner()),
        restore_status: None,
    }
}

fn marker(entry: ListedVersion, encoder: Encoder) -> DeleteMarkerEntry {
    DeleteMarkerEntry {
        key: Some(encoder.encode(&entry.key)),
        version_id: Some(entry.version_id),
        is_latest: Some(entry.latest),
        last_modified: Some(to_timestamp(entry.modified)),
        owner: Some(owner()),
    }
}
