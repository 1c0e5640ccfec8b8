//! Lists objects, in both versions of the request.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto::{
    CommonPrefix, ETag, EncodingType, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input,
    ListObjectsV2Output, Object, ObjectStorageClass,
};
use s3s::{S3Request, S3Result, s3_error};

use super::S3Protocol;
use super::attributes::to_timestamp;
use super::buckets::owner;
use super::checksums::{algorithm_name, kind_of};
use super::options::{refuse, require_owner};
use crate::embedded_aws::s3::store::{ListedVersion, PageRequest, Position, VersionPosition};

/// The most that one page has.
const PAGE: usize = 1000;
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The size of a page; more than a thousand is a thousand.
pub(super) fn limit(asked: Option<i32>, name: &str) -> S3Result<usize> {
    let Some(asked) = asked else { return Ok(PAGE) };
    usize::try_from(asked).map(|asked| asked.min(PAGE)).map_err(|_| {
        s3_error!(InvalidArgument, "argument {name} must be an integer between 0 and 2147483647")
    })
}

/// Writes keys as they are or, for keys that XML cannot hold, percent-encoded.
#[derive(Clone, Copy)]
pub(super) struct Encoder {
    percent: bool,
}

impl Encoder {
    pub(super) fn of(encoding: Option<&EncodingType>) -> S3Result<Self> {
        match encoding.map(EncodingType::as_str) {
            None => Ok(Self { percent: false }),
            Some(EncodingType::URL) => Ok(Self { percent: true }),
            Some(other) => Err(s3_error!(InvalidArgument, "invalid encoding method {other}")),
        }
    }

    pub(super) fn encode(self, text: &str) -> String {
        if self.percent { utf8_percent_encode(text, ENCODED).to_string() } else { text.to_owned() }
    }

    pub(super) fn optional(self, text: Option<String>) -> Option<String> {
        text.map(|text| self.encode(&text))
    }

    pub(super) fn prefixes(self, prefixes: Vec<String>) -> Vec<CommonPrefix> {
        prefixes.iter().map(|prefix| CommonPrefix { prefix: Some(self.encode(prefix)) }).collect()
    }
}

impl<Minor> Position<Minor> {
    /// Where a listing goes on after a marker that a client sends. A marker that is itself a common
    /// prefix was returned as one, so its keys are done.
    pub(super) fn after_marker(
        key: String,
        minor: Option<Minor>,
        prefix: Option<&str>,
        delimiter: Option<&str>,
    ) -> Self {
        let prefix = prefix.unwrap_or_default();
        let delimiter = delimiter.unwrap_or_default();
        let rest = key.strip_prefix(prefix).unwrap_or_default();
        let is_common_prefix = !delimiter.is_empty()
            && minor.is_none()
            && rest.find(delimiter).is_some_and(|at| at + delimiter.len() == rest.len());
        if is_common_prefix { Self::AfterPrefix(key) } else { Self::AfterKey { key, minor } }
    }
}

pub(super) async fn objects(
    s3: &S3Protocol,
    request: S3Request<ListObjectsInput>,
) -> S3Result<ListObjectsOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; optional_object_attributes, request_payer);
    let encoder = Encoder::of(input.encoding_type.as_ref())?;
    let limit = limit(input.max_keys, "max-keys")?;
    let from = match input.marker.clone().filter(|marker| !marker.is_empty()) {
        None => Position::Start,
        Some(key) => Position::after_marker(key, None, input.prefix.as_deref(), input.delimiter.as_deref()),
    };
    let page_request = PageRequest::new(input.prefix.as_ref(), input.delimiter.as_ref(), limit, from);
    let bucket = input.bucket.clone();
    let page = s3.blocking(move |store| store.list_objects(&bucket, &page_request)).await?;
    let (next_marker, _) = page.next.clone().map(Position::into_markers).unwrap_or_default();
    Ok(ListObjectsOutput {
        name: Some(input.bucket),
        prefix: Some(encoder.encode(&input.prefix.unwrap_or_default())),
        marker: Some(encoder.encode(&input.marker.unwrap_or_default())),
        max_keys: i32::try_from(limit).ok(),
        is_truncated: Some(page.next.is_some()),
        contents: Some(page.entries.into_iter().map(|entry| object(entry, encoder, true)).collect()),
        common_prefixes: Some(encoder.prefixes(page.prefixes)),
        // Without a delimiter clients go on from the last key.
        next_marker: encoder.optional(next_marker.filter(|_| input.delimiter.is_some())),
        delimiter: encoder.optional(input.delimiter),
        encoding_type: input.encoding_type,
        request_charged: None,
    })
}

pub(super) async fn objects_v2(
    s3: &S3Protocol,
    request: S3Request<ListObjectsV2Input>,
) -> S3Result<ListObjectsV2Output> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; optional_object_attributes, request_payer);
    let encoder = Encoder::of(input.encoding_type.as_ref())?;
    let limit = limit(input.max_keys, "max-keys")?;
    let from = match (&input.continuation_token, input.start_after.clone().filter(|key| !key.is_empty())) {
        (Some(token), _) => position_of(token)?,
        (None, Some(key)) => {
            Position::after_marker(key, None, input.prefix.as_deref(), input.delimiter.as_deref())
        }
        (None, None) => Position::Start,
    };
    let page_request = PageRequest::new(input.prefix.as_ref(), input.delimiter.as_ref(), limit, from);
    let bucket = input.bucket.clone();
    let page = s3.blocking(move |store| store.list_objects(&bucket, &page_request)).await?;
    let count = page.entries.len() + page.prefixes.len();
    let with_owner = input.fetch_owner == Some(true);
    Ok(ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(encoder.encode(&input.prefix.unwrap_or_default())),
        max_keys: i32::try_from(limit).ok(),
        key_count: i32::try_from(count).ok(),
        continuation_token: input.continuation_token,
        is_truncated: Some(page.next.is_some()),
        next_continuation_token: page.next.as_ref().map(token_of),
        contents: Some(page.entries.into_iter().map(|entry| object(entry, encoder, with_owner)).collect()),
        common_prefixes: Some(encoder.prefixes(page.prefixes)),
        delimiter: encoder.optional(input.delimiter),
        encoding_type: input.encoding_type,
        start_after: encoder.optional(input.start_after),
        request_charged: None,
    })
}

fn object(entry: ListedVersion, encoder: Encoder, with_owner: bool) -> Object {
    Object {
        key: Some(encoder.encode(&entry.key)),
        e_tag: Some(ETag::Strong(entry.etag)),
        size: i64::try_from(entry.size).ok(),
        last_modified: Some(to_timestamp(entry.modified)),
        storage_class: Some(ObjectStorageClass::from_static(ObjectStorageClass::STANDARD)),
        checksum_type: kind_of(entry.checksum.as_ref()),
        checksum_algorithm: entry.checksum.map(|checksum| vec![algorithm_name(checksum.algorithm)]),
        owner: with_owner.then(owner),
        restore_status: None,
    }
}

/// A continuation token: where to go on, in a form that says nothing to clients.
fn token_of(position: &VersionPosition) -> String {
    BASE64.encode(match position {
        Position::Start => String::new(),
        Position::AfterKey { key, .. } => format!("k{key}"),
        Position::AfterPrefix(prefix) => format!("p{prefix}"),
    })
}

fn position_of(token: &str) -> S3Result<VersionPosition> {
    let invalid = || s3_error!(InvalidArgument, "the continuation token provided is incorrect");
    let text = String::from_utf8(BASE64.decode(token).map_err(|_| invalid())?).map_err(|_| invalid())?;
    match (text.strip_prefix('k'), text.strip_prefix('p')) {
        (Some(key), _) => Ok(Position::AfterKey { key: key.to_owned(), minor: None }),
        (_, Some(prefix)) => Ok(Position::AfterPrefix(prefix.to_owned())),
        (None, None) => Err(invalid()),
    }
}
