//! A language model behind an OpenAI-compatible server: `POST …/v1/chat/completions`, streamed.

mod reading;
mod request;

use std::time::Duration;

use futures::StreamExt;

use self::reading::Reading;
use super::prompt::Prompt;
use super::{Events, ModelError};
use crate::embedded_aws::EmbeddedAwsError;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How much of an error's body is told.
const TOLD_OF_ERRORS: usize = 300;

/// The server.
#[derive(Clone)]
pub(in crate::embedded_aws::bedrock) struct RemoteModel {
    client: reqwest::Client,
    address: reqwest::Url,
    name: String,
    patience: Duration,
}

impl RemoteModel {
    /// A model at a base address, with or without `/v1`, that may be silent for `patience`.
    pub(in crate::embedded_aws::bedrock) fn new(
        url: &str,
        name: Option<&str>,
        patience: Duration,
    ) -> Result<Self, EmbeddedAwsError> {
        let refused = |reason: String| EmbeddedAwsError::LanguageModel { address: url.to_owned(), reason };
        let mut address = reqwest::Url::parse(url).map_err(|error| refused(error.to_string()))?;
        if !matches!(address.scheme(), "http" | "https") {
            return Err(refused("it must begin with http:// or https://".to_owned()));
        }
        let path = address.path().trim_end_matches('/');
        let path = path.strip_suffix("/chat/completions").unwrap_or(path);
        let path = path.strip_suffix("/v1").unwrap_or(path);
        let path = format!("{path}/v1/chat/completions");
        address.set_path(&path);
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(patience)
            .build()
            .map_err(|error| refused(error.to_string()))?;
        let name = name.unwrap_or("default").to_owned();
        Ok(Self { client, address, name, patience })
    }

    /// The name that the server knows the model by.
    pub(in crate::embedded_aws::bedrock) fn name(&self) -> &str {
        &self.name
    }

    /// Begins an answer; the server has accepted the prompt when this returns.
    pub(super) async fn write(&self, prompt: Prompt) -> Result<Events, ModelError> {
        let body = request::body(&self.name, &prompt);
        let request = self.client.post(self.address.clone()).json(&body).send();
        let response = tokio::time::timeout(self.patience, request)
            .await
            .map_err(|_| ModelError::new(format!("did not answer within {:?}", self.patience)))?
            .map_err(|error| not_reached(&error))?;
        let status = response.status();
        if !status.is_success() {
            let body = response.text().await.unwrap_or_default();
            let told: String = body.chars().take(TOLD_OF_ERRORS).collect();
            return Err(ModelError::new(format!("answered with status {}: {told}", status.as_u16())));
        }
        let pieces = response.bytes_stream();
        let events = pieces
            .map(Some)
            .chain(futures::stream::iter([None]))
            .scan(Reading::new(prompt.toolbox.is_some()), |reading, piece| {
                std::future::ready(reading.goes_on().then(|| reading.take(piece)))
            })
            .flat_map(futures::stream::iter);
        Ok(events.boxed())
    }
}

fn not_reached(error: &reqwest::Error) -> ModelError {
    if error.is_timeout() {
        ModelError::new("did not answer in time")
    } else {
        ModelError::new(format!("cannot be reached: {}", error.to_string().trim()))
    }
}
