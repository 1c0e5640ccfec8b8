//! A sign-in that was begun, until the provider sends the person back.

use super::OpenIdError;
use crate::engine::config::OpenIdSettings;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long somebody may take at the provider.
pub const LIFETIME: Duration = Duration::from_mins(10);

/// The longest way back that is kept, in bytes.
const LONGEST_NEXT: usize = 2048;

/// A sign-in that was begun.
pub struct Begun {
    /// The page of the provider.
    pub page: Url,
    /// What the browser has to keep until it comes back. It is as good as the sign-in itself.
    pub handle: String,
}

/// What a provider sends back with somebody.
#[derive(Default, Deserialize)]
pub struct Returned {
    /// For what it says who they are.
    pub code: Option<String>,
    /// The state that it was sent.
    pub state: Option<String>,
    /// Its name.
    pub iss: Option<String>,
    /// Why it says nothing.
    pub error: Option<String>,
}

/// What is kept of it. It holds secrets, and is never printed.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attempt {
    /// Comes back in the address: only an answer to this attempt has it.
    pub(super) state: String,
    /// Comes back in the token: only a token for this attempt has it.
    pub(super) nonce: String,
    /// Whoever finds the code in the address cannot use it without this.
    pub(super) verifier: String,
    /// Where the provider sends the person back.
    pub(super) redirect: String,
    /// The page that the person wanted.
    pub(super) next: String,
    /// Who shows by it once more who they are; none where somebody signs in.
    #[serde(default)]
    pub(super) confirms: Option<Confirms>,
    expires_at: i64,
}

/// Somebody who has signed in, and shows once more who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Confirms {
    /// The account of the session.
    pub user: String,
    /// The operation before which they were asked; empty where that is not known.
    pub operation: String,
}

impl Attempt {
    /// A new one, and what the browser keeps of it.
    pub(super) fn begin(redirect: String, next: &str) -> Result<(Self, String), OpenIdError> {
        let lifetime = i64::try_from(LIFETIME.as_secs()).unwrap_or(i64::MAX);
        let attempt = Self {
            state: random()?,
            nonce: random()?,
            verifier: random()?,
            redirect,
            next: if next.len() <= LONGEST_NEXT { next.to_owned() } else { "/".to_owned() },
            confirms: None,
            expires_at: Timestamp::now().as_second() + lifetime,
        };
        Ok((attempt, random()?))
    }

    pub(super) fn is_alive(&self) -> bool {
        self.expires_at > Timestamp::now().as_second()
    }

    /// When it was begun, in seconds since 1970.
    pub(super) fn begun_at(&self) -> i64 {
        self.expires_at.saturating_sub(i64::try_from(LIFETIME.as_secs()).unwrap_or(i64::MAX))
    }

    /// The page of the provider with what is asked for.
    pub(super) fn page(&self, endpoint: &Url, settings: &OpenIdSettings) -> Url {
        let mut page = endpoint.clone();
        page.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &settings.client_id)
            .append_pair("redirect_uri", &self.redirect)
            .append_pair("scope", &settings.scopes.join(" "))
            .append_pair("state", &self.state)
            .append_pair("nonce", &self.nonce)
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier)))
            .append_pair("code_challenge_method", "S256");
        if self.confirms.is_some() {
            // Whoever is signed in there signs in anew (OpenID Connect Core, 3.1.2.1).
            page.query_pairs_mut().append_pair("prompt", "login").append_pair("max_age", "0");
        }
        page
    }
}

/// Under what it is kept: whoever reads the store cannot come back in somebody's place.
pub(super) fn key(handle: &str) -> String {
    format!("openid#{}", digest(handle))
}

/// What is written of a handle.
pub(super) fn digest(handle: &str) -> String {
    hex::encode(Sha256::digest(handle))
}

/// 256 bits that nobody guesses, as text.
pub(super) fn random() -> Result<String, OpenIdError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| OpenIdError::Mistake(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_attempts_have_anything_in_common() {
        let begin =
            || Attempt::begin("http://localhost:3000/sign-in/openid/callback".to_owned(), "/").unwrap();
        let ((first, first_handle), (second, second_handle)) = (begin(), begin());
        let all = [
            &first.state,
            &first.nonce,
            &first.verifier,
            &first_handle,
            &second.state,
            &second.nonce,
            &second.verifier,
            &second_handle,
        ];
        let distinct: std::collections::BTreeSet<_> = all.into_iter().collect();
        assert_eq!(distinct.len(), all.len());
        // RFC 7636 wants 43 to 128 characters.
        assert!(all.iter().all(|text| text.len() == 43));
    }

    #[test]
    fn a_way_back_that_is_too_long_is_forgotten() {
        let long = format!("/artists?search={}", "a".repeat(LONGEST_NEXT));
        assert_eq!(Attempt::begin(String::new(), &long).unwrap().0.next, "/");
        assert_eq!(Attempt::begin(String::new(), "/artists").unwrap().0.next, "/artists");
    }
}
