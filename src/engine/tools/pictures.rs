//! Pictures of the label: read whole, shown without what tells where they were taken, and made smaller for pages.
//!
//! What is stored stays as it is. Smaller ones are made when they are first asked for, and kept in the bucket; one
//! that is lost there is made again.

use super::{Context, Refusal, RefusalKind, ToolError};
use crate::engine::catalog::{Catalog, CatalogError, NewObject, ObjectBody, ObjectInfo, ObjectKey};
use crate::music::artwork::{self, ArtworkError, Thumbnail};
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::thread;
use tokio::sync::{Semaphore, SemaphorePermit};
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
    /// The fingerprints of what whoever asks has already.
    pub(super) known: &'a [String],
}

/// A picture as it is shown. The body is empty where whoever asks has it already.
pub(super) async fn open(wanted: Wanted<'_>, context: &Context) -> Result<ObjectBody, ToolError> {
    let catalog = &context.catalog;
    let Wanted { bucket, key, version, range, side, known } = wanted;
    let info = catalog.object_version_info(bucket, key, version).await?;
    if !matches!(info.content_type.as_str(), "image/png" | "image/jpeg" | "image/tiff") {
        if info.content_type.starts_with("image/") {
            return Err(not_shown("it is no PNG, JPEG or TIFF"));
        }
        return Ok(catalog.open_object(bucket, key, version, range).await?);
    }
    let side = side.map(artwork::size_for);
    if let Some(etag) = of_this(&info, side).into_iter().find(|etag| known.contains(etag)) {
        return Ok(body(Bytes::new(), &info.content_type, &etag));
    }
    let small = match side {
        Some(side) => smaller(&info, key, version, side, context).await?,
        None => None,
    };
    if let Some(small) = small {
        return Ok(small);
    }
    let place = place().await?;
    let bytes = whole(catalog, &info, key, version).await?;
    let picture = bytes.clone();
    match work(place, move || shown(&picture)).await? {
        Ok(Shown::Without(shown)) => {
            Ok(body(Bytes::from(shown), &info.content_type, &named(&info.etag, "shown")))
        }
        Ok(Shown::Again(shown)) => {
            Ok(body(Bytes::from(shown.bytes), shown.media_type, &named(&info.etag, "shown")))
        }
        Ok(Shown::Same) if range.is_some() => Ok(catalog.open_object(bucket, key, version, range).await?),
        Ok(Shown::Same) => Ok(body(bytes, &info.content_type, &info.etag)),
        Err(error) => Err(not_shown(&error.to_string())),
    }
}

/// How a picture can be shown.
enum Shown {
    /// As it is stored: it tells nothing.
    Same,
    /// Without what told of its making.
    Without(Vec<u8>),
    /// Written once more, because what it tells could not be found, or because browsers do not show its kind.
    Again(Thumbnail),
}

fn shown(picture: &[u8]) -> Result<Shown, ArtworkError> {
    match artwork::without_traces(picture) {
        Ok(Some(shown)) => Ok(Shown::Without(shown)),
        Ok(None) => Ok(Shown::Same),
        Err(_) => artwork::thumbnail(picture, u32::MAX).map(Shown::Again),
    }
}

/// The fingerprints under which the content of this file may have been shown.
fn of_this(info: &ObjectInfo, side: Option<u32>) -> Vec<String> {
    let small = side.map(|side| named(&info.etag, &side.to_string()));
    [info.etag.clone(), named(&info.etag, "shown")].into_iter().chain(small).collect()
}

fn not_shown(why: &str) -> ToolError {
    ToolError::Refused(Box::new(Refusal {
        kind: RefusalKind::Invalid,
        message: format!("This picture is not shown: {why}, so what it tells of places cannot be taken out."),
        remedy: "Export it as PNG or JPEG and upload it again.".to_owned(),
        fields: Vec::new(),
        retry_after: None,
    }))
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
    let room = self::place().await?;
    let bytes = whole(catalog, info, key, version).await?;
    let small = match work(room, move || artwork::thumbnail(&bytes, side)).await? {
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

/// A place to work on a picture. It is taken before a picture is fetched, so that few are held at the same time.
pub(super) async fn place() -> Result<SemaphorePermit<'static>, ToolError> {
    PLACES.acquire().await.map_err(|_| {
        ToolError::NotAvailable("Pictures are not looked at at the moment. Try again later.".to_owned())
    })
}

/// Does something with pixels beside everything else.
pub(super) async fn work<T, F>(place: SemaphorePermit<'static>, work: F) -> Result<T, ToolError>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
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
