//! Conditional requests.

use http::{HeaderMap, HeaderName, HeaderValue};
use s3s::dto::{ETag, ETagCondition, Timestamp};
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};

use super::attributes::from_timestamp;
use crate::embedded_aws::s3::store::{Precondition, Version};

/// The condition of a write.
pub(super) fn write_condition(
    if_match: Option<&ETagCondition>,
    if_none_match: Option<&ETagCondition>,
) -> S3Result<Precondition> {
    match (if_match, if_none_match) {
        (None, None) => Ok(Precondition::None),
        (None, Some(ETagCondition::Any)) => Ok(Precondition::Absent),
        (Some(ETagCondition::Any), None) => Ok(Precondition::Present),
        (Some(ETagCondition::ETag(etag)), None) => Ok(Precondition::Etag(etag.value().to_owned())),
        (None, Some(ETagCondition::ETag(_))) => {
            Err(s3_error!(NotImplemented, "writes take no If-None-Match but *"))
        }
        (Some(_), Some(_)) => {
            Err(s3_error!(NotImplemented, "writes take If-Match or If-None-Match, but not both"))
        }
    }
}

/// The condition of a copy on what is at its place. `s3s` reads past its headers.
pub(super) fn copy_condition(headers: &HeaderMap) -> S3Result<Precondition> {
    let said = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default().trim());
    match (said(http::header::IF_MATCH), said(http::header::IF_NONE_MATCH)) {
        (None, None) => Ok(Precondition::None),
        (None, Some("*")) => Ok(Precondition::Absent),
        (Some("*"), None) => Ok(Precondition::Present),
        (Some(etag), None) => Ok(Precondition::Etag(etag.trim_matches('"').to_owned())),
        (None, Some(_)) => Err(s3_error!(NotImplemented, "copies take no If-None-Match but *")),
        (Some(_), Some(_)) => {
            Err(s3_error!(NotImplemented, "copies take If-Match or If-None-Match, but not both"))
        }
    }
}

/// The conditions of a read.
#[expect(clippy::struct_field_names, reason = "the names are those of the HTTP headers")]
#[derive(Debug, Default)]
pub(super) struct ReadConditions {
    pub(super) if_match: Option<ETagCondition>,
    pub(super) if_none_match: Option<ETagCondition>,
    pub(super) if_modified_since: Option<Timestamp>,
    pub(super) if_unmodified_since: Option<Timestamp>,
}

/// Takes the conditions out of the input of a request that reads an object.
macro_rules! take_conditions {
    ($input:expr) => {
        $crate::embedded_aws::s3::protocol::conditions::ReadConditions {
            if_match: $input.if_match.take(),
            if_none_match: $input.if_none_match.take(),
            if_modified_since: $input.if_modified_since.take(),
            if_unmodified_since: $input.if_unmodified_since.take(),
        }
    };
}
pub(super) use take_conditions;

/// Takes those on the source out of the input of a request that copies one.
macro_rules! take_source_conditions {
    ($input:expr) => {
        $crate::embedded_aws::s3::protocol::conditions::ReadConditions {
            if_match: $input.copy_source_if_match.take(),
            if_none_match: $input.copy_source_if_none_match.take(),
            if_modified_since: $input.copy_source_if_modified_since.take(),
            if_unmodified_since: $input.copy_source_if_unmodified_since.take(),
        }
    };
}
pub(super) use take_source_conditions;

impl ReadConditions {
    /// Checks in the order of RFC 9110, section 13.2.2.
    pub(super) fn check(self, version: &Version) -> S3Result<()> {
        // Times in headers have whole seconds.
        let modified = version.modified.as_second();
        let unchanged_since =
            |time: Timestamp| Ok::<_, S3Error>(modified <= from_timestamp(time)?.as_second());
        match (self.if_match, self.if_unmodified_since) {
            (Some(condition), _) if !holds(&condition, version) => return Err(failed("If-Match")),
            (None, Some(time)) if !unchanged_since(time.clone())? => {
                return Err(failed("If-Unmodified-Since"));
            }
            _ => {}
        }
        match (self.if_none_match, self.if_modified_since) {
            (Some(condition), _) if holds(&condition, version) => Err(not_modified(version)),
            (None, Some(time)) if unchanged_since(time.clone())? => Err(not_modified(version)),
            _ => Ok(()),
        }
    }
}

fn holds(condition: &ETagCondition, version: &Version) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(etag) => etag.value() == version.etag,
    }
}

fn failed(condition: &str) -> S3Error {
    s3_error!(PreconditionFailed, "the precondition {condition} did not hold")
}

fn not_modified(version: &Version) -> S3Error {
    let mut headers = HeaderMap::new();
    if let Ok(etag) = ETag::Strong(version.etag.clone()).to_http_header() {
        headers.insert(http::header::ETAG, etag);
    }
    let modified = version.modified.to_zoned(jiff::tz::TimeZone::UTC);
    let modified = modified.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(modified) = HeaderValue::from_str(&modified) {
        headers.insert(http::header::LAST_MODIFIED, modified);
    }
    let mut error = S3Error::new(S3ErrorCode::NotModified);
    error.set_headers(headers);
    error
}
