//! Requests to an issuer: over https, to addresses that are allowed, without redirects, and bounded in time and
//! size.

use super::IssuerError;
use super::addresses::Reach;
use crate::engine::config::IssuerSettings;
use reqwest::{RequestBuilder, StatusCode, Url};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::time::Duration;

/// How long it may take until somebody answers at an address.
const CONNECT: Duration = Duration::from_secs(3);

/// How long an answer may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(8);

/// The largest answer that is read.
const LARGEST: usize = 512 * 1024;

/// How much of what an issuer says stands in a message, in characters.
const LONGEST_QUOTE: usize = 200;

/// What asks an issuer.
#[derive(Debug, Clone)]
pub(in crate::engine::identity) struct Fetcher {
    http: Result<reqwest::Client, IssuerError>,
    reach: Reach,
}

/// An answer, read to its end. It may hold tokens, and is never printed.
pub(in crate::engine::identity) struct Fetched {
    pub(in crate::engine::identity) status: StatusCode,
    place: String,
    body: Vec<u8>,
}

impl Fetcher {
    /// One that waits so long for an answer.
    pub(super) fn new(settings: &IssuerSettings, patience: Duration) -> Self {
        let reach = Reach::of(settings);
        // Without its guards no client is better than another one.
        let http = reach.client(CONNECT, patience).map_err(|error| IssuerError::Unusable {
            place: settings.url.to_string(),
            detail: format!("there is no HTTP client for it: {}", in_words(&error)),
        });
        Self { http, reach }
    }

    /// Begins a request that reads something.
    pub(in crate::engine::identity) fn get(&self, url: &Url) -> Result<RequestBuilder, IssuerError> {
        Ok(self.allowed(url)?.get(url.clone()))
    }

    /// Begins a request that sends something.
    pub(in crate::engine::identity) fn post(&self, url: &Url) -> Result<RequestBuilder, IssuerError> {
        Ok(self.allowed(url)?.post(url.clone()))
    }

    /// Sends a request, and reads the answer.
    pub(in crate::engine::identity) async fn send(
        &self,
        url: &Url,
        request: RequestBuilder,
    ) -> Result<Fetched, IssuerError> {
        let away = |detail: String| IssuerError::Away { place: place(url), detail };
        let mut response = request.send().await.map_err(|error| away(in_words(&error)))?;
        let status = response.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(away(format!("it answers with status {}", status.as_u16())));
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| away(in_words(&error)))? {
            if body.len() + piece.len() > LARGEST {
                let detail = format!("its answer is larger than {} KiB", LARGEST / 1024);
                return Err(IssuerError::Unusable { place: place(url), detail });
            }
            body.extend_from_slice(&piece);
        }
        Ok(Fetched { status, place: place(url), body })
    }

    /// Reads JSON.
    pub(super) async fn read<T: DeserializeOwned>(&self, url: &Url) -> Result<T, IssuerError> {
        let request = self.get(url)?.header(reqwest::header::ACCEPT, "application/json");
        let fetched = self.send(url, request).await?;
        if fetched.status != StatusCode::OK {
            let at = quote(url.as_str());
            let detail = format!("it answers with status {} at {at}", fetched.status.as_u16());
            return Err(IssuerError::Unusable { place: place(url), detail });
        }
        fetched.json()
    }

    fn allowed(&self, url: &Url) -> Result<&reqwest::Client, IssuerError> {
        let unusable = |detail| IssuerError::Unusable { place: place(url), detail };
        self.reach.check(url).map_err(unusable)?;
        self.http.as_ref().map_err(Clone::clone)
    }
}

impl Fetched {
    /// The answer as JSON: an object that is no deeper than anybody needs.
    pub(in crate::engine::identity) fn json<T: DeserializeOwned>(&self) -> Result<T, IssuerError> {
        // What reads the parts that are asked for would take a list for these parts in their order, and passes over
        // other parts however deep they are.
        let whole = serde_json::from_slice::<Map<String, Value>>(&self.body);
        whole.and_then(|_| serde_json::from_slice(&self.body)).map_err(|error| IssuerError::Unusable {
            place: self.place.clone(),
            detail: format!("its answer is not what was asked for: {}", quote(&error.to_string())),
        })
    }
}

/// Where an address is, for people.
fn place(url: &Url) -> String {
    let host = quote(url.host_str().unwrap_or_default());
    url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
}

/// What an issuer says, as far as it has room in a message: its documents may be large.
pub(super) fn quote(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// What went wrong with its causes, and without the address, which may hold a code.
fn in_words(error: &reqwest::Error) -> String {
    let mut words = if error.is_timeout() { "no answer in time".to_owned() } else { "no answer".to_owned() };
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    words
}
