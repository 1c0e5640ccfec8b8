//! Tags of objects.

use percent_encoding::percent_decode_str;
use s3s::dto::{
    DeleteObjectTaggingInput, DeleteObjectTaggingOutput, GetObjectTaggingInput, GetObjectTaggingOutput,
    PutObjectTaggingInput, PutObjectTaggingOutput, Tag,
};
use s3s::{S3Request, S3Result, s3_error};

use super::S3Protocol;
use super::options::{refuse, require_owner};
use crate::embedded_aws::s3::store::{ObjectName, Tags};

const TAG_LIMIT: usize = 10;
/// In characters.
const KEY_LENGTH: usize = 128;
const VALUE_LENGTH: usize = 256;

/// The tags of an `x-amz-tagging` header: a query string.
pub(super) fn parse_tags(header: Option<&str>) -> S3Result<Tags> {
    let pairs = header.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text)
            .decode_utf8()
            .map(std::borrow::Cow::into_owned)
            .map_err(|_| s3_error!(InvalidTag, "a tag is not valid UTF-8"))
    };
    let pairs: Vec<(String, String)> = pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(key)?, decode(value)?))
        })
        .collect::<S3Result<_>>()?;
    checked(pairs)
}

fn checked(pairs: Vec<(String, String)>) -> S3Result<Tags> {
    if pairs.len() > TAG_LIMIT {
        return Err(s3_error!(InvalidTag, "object tags cannot be greater than {TAG_LIMIT}"));
    }
    let mut tags = Tags::new();
    for (key, value) in pairs {
        if key.is_empty() || key.chars().count() > KEY_LENGTH {
            return Err(s3_error!(InvalidTag, "the tag key you have provided is invalid"));
        }
        if value.chars().count() > VALUE_LENGTH {
            return Err(s3_error!(InvalidTag, "the tag value you have provided is invalid"));
        }
        if tags.insert(key, value).is_some() {
            return Err(s3_error!(InvalidTag, "cannot provide multiple tags with the same key"));
        }
    }
    Ok(tags)
}

pub(super) async fn get(
    s3: &S3Protocol,
    request: S3Request<GetObjectTaggingInput>,
) -> S3Result<GetObjectTaggingOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; request_payer);
    let name = ObjectName { bucket: input.bucket, key: input.key };
    let (version, versioning) =
        s3.blocking(move |store| store.head(&name, input.version_id.as_deref())).await?;
    let tag_set =
        version.tags.into_iter().map(|(key, value)| Tag { key: Some(key), value: Some(value) }).collect();
    Ok(GetObjectTaggingOutput { tag_set, version_id: versioning.shown(&version.version_id) })
}

pub(super) async fn put(
    s3: &S3Protocol,
    request: S3Request<PutObjectTaggingInput>,
) -> S3Result<PutObjectTaggingOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    refuse!(input; request_payer);
    let pairs = input.tagging.tag_set.into_iter();
    let tags =
        checked(pairs.map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default())).collect())?;
    let name = ObjectName { bucket: input.bucket, key: input.key };
    let version_id =
        s3.blocking(move |store| store.set_tags(&name, input.version_id.as_deref(), &tags)).await?;
    Ok(PutObjectTaggingOutput { version_id })
}

pub(super) async fn delete(
    s3: &S3Protocol,
    request: S3Request<DeleteObjectTaggingInput>,
) -> S3Result<DeleteObjectTaggingOutput> {
    let input = request.input;
    require_owner(input.expected_bucket_owner.as_ref())?;
    let name = ObjectName { bucket: input.bucket, key: input.key };
    let version_id =
        s3.blocking(move |store| store.set_tags(&name, input.version_id.as_deref(), &Tags::new())).await?;
    Ok(DeleteObjectTaggingOutput { version_id })
}
