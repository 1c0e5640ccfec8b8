//! The source of daily figures that the configuration names: an address of the web, which leads only where the
//! configuration lets webhooks lead, or a tool of a third party. It is asked when somebody says so, and what it answers
//! becomes an import like any other.

use crate::engine::config::{Config, FiguresFrom};
use crate::engine::identity::issuers::addresses::Reach;
use crate::music::import::feed::{self, FeedError};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use std::time::Duration;

/// How long it may take until somebody answers, and how long the answer may take.
const CONNECT: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_mins(1);

/// The longest answer that is read. It is kept in memory until it is a table.
const LONGEST: usize = 32 * 1024 * 1024;

/// Why a source gives nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum SourceError {
    /// It must not be asked.
    #[error("{0}")]
    NotAllowed(String),
    /// There is nobody who could ask.
    #[error("there is no HTTP client for it")]
    NoClient,
    /// Nothing came back.
    #[error("it gives no answer: {0}")]
    NoAnswer(String),
    /// It answers with something else than success.
    #[error("it answers with status {0}")]
    Status(u16),
    /// It says too much.
    #[error("its answer is longer than {} MiB", LONGEST / 1024 / 1024)]
    TooLong,
    /// It says something else.
    #[error(transparent)]
    Feed(#[from] FeedError),
}

/// A source of daily figures. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// An address of the web.
    Address(FigureAddress),
    /// A tool of a third party, by its name at the door, which is asked there.
    Tool(String),
}

impl Source {
    /// The source of the configuration, where it names one.
    pub(super) fn of(config: &Config) -> Option<Self> {
        let reach = Reach::from(config.webhook_addresses);
        Some(match config.figures.clone()? {
            FiguresFrom::Address { url, token } => Self::Address(FigureAddress::new(url, token, reach)),
            FiguresFrom::Tool(name) => Self::Tool(name),
        })
    }

    /// How it is called. Of an address its host, since the rest of it may open something.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Address(address) => address.url.host_str().unwrap_or_default().to_owned(),
            Self::Tool(name) => name.clone(),
        }
    }
}

/// The table of what a tool answers. One that promises no structure says the same as a text, the first of its answer.
pub(super) fn table(answer: &Value) -> Result<Vec<u8>, FeedError> {
    let mut blocks = answer["content"].as_array().into_iter().flatten();
    match blocks.find_map(|block| block["text"].as_str()) {
        Some(text) if answer["rows"].is_null() => feed::table(text.as_bytes()),
        _ => feed::table(answer.to_string().as_bytes()),
    }
}

/// An address that answers with daily figures. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) struct FigureAddress {
    url: Url,
    token: Option<SecretString>,
    reach: Reach,
    http: Option<reqwest::Client>,
}

impl FigureAddress {
    fn new(url: Url, token: Option<SecretString>, reach: Reach) -> Self {
        let http = reach.client(CONNECT, PATIENCE);
        if let Err(error) = &http {
            tracing::error!(%error, "there is no HTTP client for the source of figures");
        }
        Self { url, token, reach, http: http.ok() }
    }

    /// Asks it, and makes a table of its answer.
    pub(super) async fn fetch(&self) -> Result<Vec<u8>, SourceError> {
        self.reach.check(&self.url).map_err(SourceError::NotAllowed)?;
        let http = self.http.as_ref().ok_or(SourceError::NoClient)?;
        let mut request = http
            .get(self.url.clone())
            .header(reqwest::header::ACCEPT, "application/json")
            .header(reqwest::header::USER_AGENT, concat!("Patchline/", env!("CARGO_PKG_VERSION")));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.expose_secret());
        }
        let mut response = request.send().await.map_err(|error| no_answer(&error))?;
        if !response.status().is_success() {
            return Err(SourceError::Status(response.status().as_u16()));
        }
        let mut answer = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| no_answer(&error))? {
            if answer.len() + piece.len() > LONGEST {
                return Err(SourceError::TooLong);
            }
            answer.extend_from_slice(&piece);
        }
        Ok(feed::table(&answer)?)
    }
}

/// What went wrong, without the address, which may hold what opens something.
fn no_answer(error: &reqwest::Error) -> SourceError {
    let mut innermost = if error.is_timeout() { "not in time".to_owned() } else { "not reached".to_owned() };
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        innermost = inner.to_string();
        cause = inner.source();
    }
    SourceError::NoAnswer(innermost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_tool_says_the_same_as_structure_and_as_text() {
        let rows = json!({ "rows": [{ "artistId": "art_1", "date": "2026-11-01", "streams": 12 }] });
        let picture = json!({ "type": "image", "data": "", "mimeType": "image/png" });
        let text = json!({ "content": [picture, { "type": "text", "text": rows.to_string() }] });
        let as_structure = table(&rows).expect("a table");
        assert_eq!(table(&text).expect("a table"), as_structure);
        for wrong in [json!({}), json!(null), json!({ "content": [{ "type": "text", "text": "Sorry." }] })] {
            assert!(matches!(table(&wrong), Err(FeedError::Unreadable(_))), "{wrong}");
        }
    }
}
