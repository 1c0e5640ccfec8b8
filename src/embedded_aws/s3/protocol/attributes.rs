//! The headers that travel with an object, from requests and to responses.

use std::collections::BTreeMap;
use std::time::SystemTime;

use s3s::dto::Metadata;
use s3s::{S3Result, s3_error};

/// The longest user metadata, in bytes of names and values.
const METADATA_LIMIT: usize = 2 * 1024;

/// Takes the attributes out of the input of a request that writes an object.
macro_rules! take_attributes {
    ($input:expr) => {
        $crate::embedded_aws::s3::store::Attributes {
            content_type: $input.content_type.take(),
            cache_control: $input.cache_control.take(),
            content_disposition: $input.content_disposition.take(),
            content_encoding: $crate::embedded_aws::s3::protocol::attributes::stored_encoding(
                $input.content_encoding.take(),
            ),
            content_language: $input.content_language.take(),
            expires: $input
                .expires
                .take()
                .map($crate::embedded_aws::s3::protocol::attributes::from_timestamp)
                .transpose()?,
            metadata: $crate::embedded_aws::s3::protocol::attributes::checked_metadata(
                $input.metadata.take(),
            )?,
        }
    };
}
pub(super) use take_attributes;

/// `aws-chunked` describes the transfer, not the object.
pub(super) fn stored_encoding(header: Option<String>) -> Option<String> {
    let encodings: Vec<String> = header?
        .split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty() && name != "aws-chunked")
        .collect();
    (!encodings.is_empty()).then(|| encodings.join(","))
}

/// User metadata within its limit.
pub(super) fn checked_metadata(metadata: Option<Metadata>) -> S3Result<BTreeMap<String, String>> {
    let metadata: BTreeMap<String, String> = metadata.into_iter().flatten().collect();
    let length: usize = metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
    if length > METADATA_LIMIT {
        return Err(s3_error!(
            MetadataTooLarge,
            "your metadata headers have {length} bytes, more than {METADATA_LIMIT}"
        ));
    }
    Ok(metadata)
}

/// The metadata as responses carry it.
pub(super) fn shown_metadata(metadata: BTreeMap<String, String>) -> Option<Metadata> {
    (!metadata.is_empty()).then(|| metadata.into_iter().collect())
}

/// From the time type of `s3s`.
pub(super) fn from_timestamp(time: s3s::dto::Timestamp) -> S3Result<jiff::Timestamp> {
    let seconds = unix_milliseconds(&time);
    jiff::Timestamp::from_millisecond(seconds)
        .map_err(|_| s3_error!(InvalidArgument, "a time of the request is out of range"))
}

fn unix_milliseconds(time: &s3s::dto::Timestamp) -> i64 {
    let mut text = Vec::new();
    if time.format(s3s::dto::TimestampFormat::EpochSeconds, &mut text).is_err() {
        return i64::MAX;
    }
    let seconds: Option<f64> = std::str::from_utf8(&text).ok().and_then(|text| text.parse().ok());
    #[expect(clippy::cast_possible_truncation, reason = "saturates, and the caller checks the range")]
    seconds.map_or(i64::MAX, |seconds| (seconds * 1000.0).round() as i64)
}

/// To the time type of `s3s`: whole seconds, as S3 says times in headers and listings alike.
pub(super) fn to_timestamp(time: jiff::Timestamp) -> s3s::dto::Timestamp {
    let whole = jiff::Timestamp::from_second(time.as_second()).unwrap_or(time);
    SystemTime::from(whole).into()
}
