//! The HTTP source of daily figures that the configuration names. It is asked when somebody says so, leads only where
//! the configuration lets webhooks lead, and what it answers becomes an import like any other.

use crate::engine::config::Config;
use crate::engine::identity::issuers::addresses::Reach;
use crate::music::import::feed::{self, FeedError};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
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
pub(super) struct FigureSource {
    url: Url,
    token: Option<SecretString>,
    reach: Reach,
    http: Option<reqwest::Client>,
}

impl FigureSource {
    /// The source of the configuration, where it names one.
    pub(super) fn of(config: &Config) -> Option<Self> {
        let url = config.figures_url.clone()?;
        let reach = Reach::from(config.webhook_addresses);
        let http = reach.client(CONNECT, PATIENCE);
        if let Err(error) = &http {
            tracing::error!(%error, "there is no HTTP client for the source of figures");
        }
        Some(Self { url, token: config.figures_token.clone(), reach, http: http.ok() })
    }

    /// How it is called: its host, since the rest of the address may open something.
    pub(super) fn host(&self) -> String {
        self.url.host_str().unwrap_or_default().to_owned()
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
