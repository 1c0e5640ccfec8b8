//! Takes the content of an upload from the network to a file, hashing it on the way.
//!
//! Chunks go through a short queue to a blocking thread that hashes and writes. A slow disk thus
//! slows the client down, and memory holds a few chunks, whatever the size of the upload.

use std::sync::Arc;

use bytes::Bytes;
use futures::StreamExt;
use s3s::dto::StreamingBlob;
use s3s::{S3Error, S3ErrorCode, S3Result, StdError, s3_error};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::S3Protocol;
use super::errors::to_s3_error;
use crate::embedded_aws::s3::store::{Algorithm, ContentHasher, Received, Store, StoreError};

/// The greatest size of one `PUT`, in bytes.
const MAXIMUM_PUT: u64 = 5 * 1024 * 1024 * 1024;
/// How many chunks may wait for the disk.
const QUEUE: usize = 8;

enum Piece {
    Chunk(Bytes),
    /// Tells the end of the content from an upload that broke off.
    End,
}

impl S3Protocol {
    /// Receives a whole body. `stated_length` is the length in bytes that its headers say; the
    /// checksum `kept` is computed, and the one that is `promised`.
    pub(super) async fn receive(
        &self,
        body: Option<StreamingBlob>,
        stated_length: Option<i64>,
        kept: Algorithm,
        promised: Option<Algorithm>,
    ) -> S3Result<Received> {
        let stated_length = stated_length
            .map(u64::try_from)
            .transpose()
            .map_err(|_| s3_error!(InvalidArgument, "Content-Length must not be negative"))?;
        if stated_length.is_some_and(|length| length > MAXIMUM_PUT) {
            return Err(too_large());
        }
        let (pieces, queue) = mpsc::channel(QUEUE);
        let writer = spawn_writer(Arc::clone(&self.store), ContentHasher::new(kept, promised), queue);
        let sent = match body {
            Some(body) => send(body, &pieces).await,
            None => Ok(0),
        };
        if let (Ok(length), Some(stated)) = (&sent, stated_length)
            && *length != stated
        {
            return Err(s3_error!(IncompleteBody, "the body has {length} of {stated} bytes"));
        }
        if sent.is_ok() {
            // When the writer is gone, its result says why.
            let _ = pieces.send(Piece::End).await;
        }
        drop(pieces);
        let written = match writer.await {
            Ok(written) => written.map_err(to_s3_error),
            Err(error) => Err(S3Error::internal_error(error)),
        };
        match (sent, written) {
            (Err(SendError::Body(error)), _) => Err(error),
            (_, written) => written,
        }
    }
}

enum SendError {
    /// The body ended badly.
    Body(S3Error),
    /// The writer stopped taking chunks.
    WriterGone,
}

/// Sends a body chunk by chunk and returns its length in bytes.
async fn send(mut body: StreamingBlob, pieces: &mpsc::Sender<Piece>) -> Result<u64, SendError> {
    let mut length = 0;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| SendError::Body(body_error(&error)))?;
        length += chunk.len() as u64;
        if length > MAXIMUM_PUT {
            return Err(SendError::Body(too_large()));
        }
        if pieces.send(Piece::Chunk(chunk)).await.is_err() {
            return Err(SendError::WriterGone);
        }
    }
    Ok(length)
}

/// Writes until the end of the content, or until the sender is gone.
fn spawn_writer(
    store: Arc<Store>,
    mut hasher: ContentHasher,
    mut queue: mpsc::Receiver<Piece>,
) -> JoinHandle<Result<Received, StoreError>> {
    tokio::task::spawn_blocking(move || {
        let mut incoming = store.create_incoming()?;
        let mut size = 0;
        while let Some(piece) = queue.blocking_recv() {
            match piece {
                Piece::Chunk(chunk) => {
                    incoming.write_all(&chunk)?;
                    hasher.update(&chunk);
                    size += chunk.len() as u64;
                }
                Piece::End => return Ok(Received { incoming, size, hashes: hasher.finish() }),
            }
        }
        Err(StoreError::Interrupted)
    })
}

fn too_large() -> S3Error {
    s3_error!(EntityTooLarge, "your proposed upload exceeds the maximum allowed size of {MAXIMUM_PUT} bytes")
}

/// What `s3s` found wrong with a body while it was read. Its error types are private, so their text
/// has to do; the tests of signatures hold it in place.
fn body_error(error: &StdError) -> S3Error {
    let text = error.to_string();
    if text.contains("Sha256Mismatch") {
        S3Error::with_message(
            S3ErrorCode::Custom("XAmzContentSHA256Mismatch".into()),
            "the provided x-amz-content-sha256 header does not match what was computed",
        )
    } else if text.contains("SignatureMismatch") {
        s3_error!(SignatureDoesNotMatch, "the signature of a chunk does not match")
    } else {
        s3_error!(IncompleteBody, "the body could not be read to its end: {text}")
    }
}
