//! Pictures of the label: read whole, shown without what tells where they were taken, and made smaller for pages.
//!
//! What is stored stays as it is. Smaller ones are made when they are first asked for, and kept in the bucket; one
//! that is lost there is made again.

use super::{Context, ToolError};
use crate::engine::catalog::{Catalog, CatalogError, NewObject, ObjectBody, ObjectInfo, ObjectKey};
use crate::music::artwork;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::thread;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// The largest picture that is read whole, in bytes.
const LARGEST: u64 = 32 * 1024 * 1024;
/// The folder of smaller pictures.
const FOLDER: &str = "thumbnails";

/// Pictures that are worked on at the same time: as many as there are processors.
static PLACES: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(thread::available_parallelism().map_or(1, usize::from)));

/// Which picture is shown, and how.
pub(super) struct Wanted<'a> {
    pub(super) bucket: &'a str,
    pub(super) key: &'a ObjectKey,
    pub(super) version: Option<&'a str>,
    /// The value of the HTTP header `Range`.
    pub(super) range: Option<&'a str>,
    /// The longest side in pixels; none for the picture as large as it is.
    pub(super) side: Option<u32>,
}

/// A picture as it is shown.
pub(super) async fn open(wanted: Wanted<'_>, context: &Context) -> Result<ObjectBody, ToolError> {
    let catalog = &context.catalog;
    let Wanted { bucket, key, version, range, side } = wanted;
    let info = catalog.object_version_info(bucket, key, version).await?;
    if !matches!(info.content_type.as_str(), "image/png" | "image/jpeg") {
        return Ok(catalog.open_object(bucket, key, version, range).await?);
    }
    let small = match side {
        Some(side) => smaller(&info, key, version, artwork::size_for(side), context).await?,
        None => None,
    };
    if let Some(small) = small {
        return Ok(small);
    }
    let bytes = whole(catalog, &info, key, version).await?;
    let picture = bytes.clone();
    match work(move || artwork::without_traces(&picture)).await? {
        Some(shown) => Ok(body(Bytes::from(shown), &info.content_type, &named(&info.etag, "shown"))),
        None if range.is_some() => Ok(catalog.open_object(bucket, key, version, range).await?),
        None => Ok(body(bytes, &info.content_type, &info.etag)),
    }
}

/// The picture with sides of at most so many pixels; none where it cannot be made smaller.
async fn smaller(
    info: &ObjectInfo,
    key: &ObjectKey,
    version: Option<&str>,
    side: u32,
    context: &Context,
) -> Result<Option<ObjectBody>, ToolError> {
    let catalog = &context.catalog;
    let digest = hex::encode(Sha256::digest(format!("{key}\n{}", info.etag)));
    let place: ObjectKey = format!("{FOLDER}/{side}/{digest}")
        .parse()
        .map_err(|error| ToolError::field("fileName", format!("{error}")))?;
    let etag = named(&info.etag, &side.to_string());
    match catalog.open_object(&info.bucket, &place, None, None).await {
        Ok(kept) => return Ok(Some(ObjectBody { etag, ..kept })),
        Err(CatalogError::NotFound { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let bytes = whole(catalog, info, key, version).await?;
    let small = match work(move || artwork::thumbnail(&bytes, side)).await? {
        Ok(small) => small,
        Err(error) => {
            tracing::info!(file = %key, %error, "a picture is shown as large as it is");
            return Ok(None);
        }
    };
    let bytes = Bytes::from(small.bytes);
    let new = NewObject {
        bucket: info.bucket.clone(),
        key: place,
        content_type: small.media_type.to_owned(),
        metadata: BTreeMap::new(),
        overwrite: true,
        change: context.change.clone(),
    };
    if let Err(error) = catalog.store_object(&new, bytes.clone()).await {
        tracing::warn!(file = %key, %error, "a smaller picture could not be kept; it is made again next time");
    }
    Ok(Some(body(bytes, small.media_type, &etag)))
}

/// All bytes of a picture.
pub(super) async fn whole(
    catalog: &Catalog,
    info: &ObjectInfo,
    key: &ObjectKey,
    version: Option<&str>,
) -> Result<Bytes, ToolError> {
    if info.bytes > LARGEST {
        let detail = format!("the picture has {} bytes; at most {LARGEST} are read", info.bytes);
        return Err(ToolError::TooLarge { field: "fileName", detail });
    }
    let opened = catalog.open_object(&info.bucket, key, version, None).await?;
    let read = opened.body.collect().await;
    let read = read.map_err(|error| {
        ToolError::NotAvailable(format!("The picture could not be read: {error}. Try again."))
    })?;
    Ok(read.into_bytes())
}

/// Does something with pixels beside everything else, as soon as there is a place.
pub(super) async fn work<T, F>(work: F) -> Result<T, ToolError>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    let place = PLACES.acquire().await.map_err(|_| {
        ToolError::NotAvailable("Pictures are not looked at at the moment. Try again later.".to_owned())
    })?;
    let done = spawn_blocking(move || {
        let _place = place;
        work()
    });
    done.await.map_err(|error| {
        ToolError::NotAvailable(format!("The picture could not be looked at: {error}. Export it again."))
    })
}

fn body(bytes: Bytes, content_type: &str, etag: &str) -> ObjectBody {
    ObjectBody {
        bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        content_type: content_type.to_owned(),
        etag: etag.to_owned(),
        content_range: None,
        body: ByteStream::from(bytes),
    }
}

/// The fingerprint of what was made of a file.
fn named(etag: &str, made: &str) -> String {
    format!("\"{}-{made}\"", etag.trim_matches('"'))
}
