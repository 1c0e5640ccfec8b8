//! A form with files, piece by piece as it comes: its texts, and a file as a stream that is not held in memory.

use axum::body::Bytes;
use axum::extract::multipart::{Field, MultipartError};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tokio::sync::mpsc;

/// Pieces of a file that wait to be stored.
const WAITING: usize = 4;

/// The longest text of a form beside its files, in bytes.
const LONGEST_TEXT: usize = 4 * 1024;

/// A piece of a file, why there are no more, or none at the end.
type Piece = Option<Result<Bytes, String>>;

/// Why a form cannot be read.
pub(super) fn in_words(error: MultipartError) -> String {
    error.to_string()
}

/// The text of a field.
///
/// # Errors
/// Why it cannot be read.
pub(super) async fn text(field: &mut Field<'_>) -> Result<String, String> {
    let bytes = within(field, LONGEST_TEXT).await?;
    let bytes = bytes.ok_or_else(|| format!("one of its texts has more than {LONGEST_TEXT} bytes"))?;
    String::from_utf8(bytes).map_err(|_| "one of its texts is not UTF-8".to_owned())
}

/// All of a field in memory; none where it is larger than it may be.
///
/// # Errors
/// Why it cannot be read.
pub(super) async fn within(field: &mut Field<'_>, most: usize) -> Result<Option<Vec<u8>>, String> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(in_words)? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > most {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

/// Where the pieces of a file are put, and the stream that they make.
pub(super) fn pieces() -> (mpsc::Sender<Piece>, BoxStream<'static, Result<Bytes, String>>) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (sender, content(receiver))
}

/// Passes a file on until its end, or until nobody takes it any more. One that breaks off has no end.
pub(super) async fn pass_on(field: &mut Field<'_>, pieces: mpsc::Sender<Piece>) {
    loop {
        let piece = match field.chunk().await {
            Ok(Some(bytes)) => Some(Ok(bytes)),
            Ok(None) => None,
            Err(error) => Some(Err(error.to_string())),
        };
        let is_last = !matches!(piece, Some(Ok(_)));
        if pieces.send(piece).await.is_err() || is_last {
            return;
        }
    }
}

fn content(receiver: mpsc::Receiver<Piece>) -> BoxStream<'static, Result<Bytes, String>> {
    stream::unfold(Some(receiver), async |receiver| {
        let mut receiver = receiver?;
        match receiver.recv().await {
            Some(Some(Ok(bytes))) => Some((Ok(bytes), Some(receiver))),
            Some(Some(Err(reason))) => Some((Err(reason), None)),
            Some(None) => None,
            // The browser is gone, and with it the one who reads its form.
            None => Some((Err("the connection was closed".to_owned()), None)),
        }
    })
    // A small file ends while its beginning is looked at, and is asked for more after that.
    .fuse()
    .boxed()
}
