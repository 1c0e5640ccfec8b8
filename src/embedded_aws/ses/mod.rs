//! SES, version 2: sending e-mails. They are kept in the data folder and go nowhere.
//!
//! Every address counts as verified, and says so. Operations that would make identities, templates or lists are not there.

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
        let path = request.uri().path().trim_end_matches('/').to_owned();
        let identity = path.strip_prefix("/v2/email/identities/").filter(|identity| !identity.contains('/'));
        let is_get = request.method() == Method::GET;
        match path.as_str() {
            "/v2/email/outbound-emails" if request.method() == Method::POST => {
                self.send(request.into_body()).await
            }
            "/v2/email/account" if is_get => Ok(account()),
            _ => match identity.filter(|_| is_get) {
                Some(identity) => Ok(verified(identity)),
                None => Err(unknown_operation(Protocol::RestJson, "SES")),
            },
        }
    }
}

/// `GetAccount`: one out of the sandbox, without a limit that is worth naming.
fn account() -> Response {
    let account = json!({
        "EnforcementStatus": "HEALTHY", "ProductionAccessEnabled": true, "SendingEnabled": true
    });
    Protocol::RestJson.success(account.to_string())
}

/// `GetEmailIdentity`: every address and every domain is verified.
fn verified(identity: &str) -> Response {
    // An address has an `@`, which its path may have encoded.
    let is_address = identity.contains('@') || identity.contains("%40");
    let kind = if is_address { "EMAIL_ADDRESS" } else { "DOMAIN" };
    let found = json!({
        "IdentityType": kind, "VerificationStatus": "SUCCESS", "VerifiedForSendingStatus": true
    });
    Protocol::RestJson.success(found.to_string())
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
