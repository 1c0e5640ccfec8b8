//! SES, version 2: sending e-mails. They are kept in the data folder and go nowhere.
//!
//! Every address counts as verified. Operations that would make identities, templates or lists are not there.

mod message;
mod mime;

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use axum::response::Response;
use bytes::Bytes;
use http::request::Parts;
use http::{Method, StatusCode};
use serde_json::json;

use self::message::Message;
use super::data_directory::{DataDirectory, create_private_directory, synchronise_directory};
use super::fault::Fault;
use super::protocol::Protocol;
use super::service::{Service, unknown_operation};

/// The largest request that is taken; SES takes messages of 40 MB, in base64.
const BODY_LIMIT: usize = 56 * 1024 * 1024;

/// Takes e-mails, and keeps each as a file.
#[derive(Debug, Clone)]
pub(crate) struct Ses {
    folder: Arc<PathBuf>,
}

impl Ses {
    /// Over the folder `mail` of the data directory, which is made with the first e-mail.
    pub(crate) fn new(directory: &DataDirectory) -> Self {
        Self { folder: Arc::new(directory.join("mail")) }
    }

    /// `SendEmail`.
    async fn send(&self, body: Bytes) -> Result<Response, Fault> {
        let message = Message::read(&body)?;
        let id = ulid::Ulid::new().to_string().to_lowercase();
        let text = message.written(&id, jiff::Timestamp::now());
        let (folder, name) = (Arc::clone(&self.folder), format!("{id}.eml"));
        let kept = tokio::task::spawn_blocking(move || keep(&folder, &name, &text)).await;
        match kept {
            Ok(Ok(())) => Ok(Protocol::RestJson.success(json!({ "MessageId": id }).to_string())),
            Ok(Err(error)) => Err(broken(&format!("the e-mail could not be kept: {error}"))),
            Err(error) => Err(broken(&format!("the e-mail could not be kept: {error}"))),
        }
    }
}

#[async_trait]
impl Service for Ses {
    fn protocol(&self, _request: &Parts) -> Protocol {
        Protocol::RestJson
    }

    fn body_limit(&self) -> usize {
        BODY_LIMIT
    }

    async fn call(&self, request: http::Request<Bytes>) -> Result<Response, Fault> {
        let is_send = request.method() == Method::POST
            && request.uri().path().trim_end_matches('/') == "/v2/email/outbound-emails";
        if !is_send {
            return Err(unknown_operation(Protocol::RestJson, "SES"));
        }
        self.send(request.into_body()).await
    }
}

/// Writes beside the final name first, so that a crash leaves no half an e-mail behind.
fn keep(folder: &Path, name: &str, text: &[u8]) -> io::Result<()> {
    create_private_directory(folder)?;
    let unfinished = folder.join(format!("{name}.new"));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(text)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, folder.join(name))?;
    synchronise_directory(folder)
}

/// Something broke on this side.
fn broken(message: &str) -> Fault {
    tracing::error!(message, "the embedded SES failed");
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServiceErrorException", message)
}

/// The request breaks a rule, or asks for something that is not implemented.
fn bad_request(message: impl Into<String>) -> Fault {
    Fault::sender("BadRequestException", message)
}
