//! The code that somebody comes back with becomes tokens, and what else the provider says of them.

use super::attempt::Attempt;
use super::{OpenId, OpenIdError};
use crate::engine::identity::issuers::{Discovery, IssuerError};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{RequestBuilder, StatusCode, Url};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What a code becomes. Never printed.
#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) id_token: Option<String>,
    access_token: Option<String>,
}

/// Why it becomes nothing.
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl OpenId {
    /// Asks for the tokens of a code.
    pub(super) async fn exchange(
        &self,
        discovery: &Discovery,
        code: &str,
        attempt: &Attempt,
    ) -> Result<Tokens, OpenIdError> {
        let Some(endpoint) = &discovery.token_endpoint else {
            return Err(OpenIdError::unusable(self.name(), "it does not say where codes become tokens"));
        };
        let away = |error: IssuerError| OpenIdError::of_issuer(self.name(), error);
        let request = self.request(discovery, endpoint, code, attempt).map_err(away)?;
        let fetched = self.issuer.fetcher().send(endpoint, request).await.map_err(away)?;
        if fetched.status == StatusCode::OK {
            return fetched.json().map_err(away);
        }
        if fetched.status.is_client_error() {
            let refusal: Refusal = fetched.json().map_err(away)?;
            return Err(OpenIdError::refused(self.name(), &refusal.error));
        }
        let detail = format!("it answers with status {} where codes become tokens", fetched.status.as_u16());
        Err(OpenIdError::unusable(self.name(), &detail))
    }

    fn request(
        &self,
        discovery: &Discovery,
        endpoint: &Url,
        code: &str,
        attempt: &Attempt,
    ) -> Result<RequestBuilder, IssuerError> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", attempt.redirect.as_str()),
            ("code_verifier", attempt.verifier.as_str()),
        ];
        let id = self.settings.client_id.as_str();
        let secret = self.settings.client_secret.as_ref().map(ExposeSecret::expose_secret);
        let mut request = self.issuer.fetcher().post(endpoint)?;
        match secret {
            // Both are encoded before they are joined (RFC 6749, 2.3.1).
            Some(secret) if takes_header(discovery) => {
                request = request.basic_auth(encoded(id), Some(encoded(secret)));
            }
            Some(secret) => fields.extend([("client_id", id), ("client_secret", secret)]),
            None => fields.push(("client_id", id)),
        }
        let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        Ok(request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "application/json")
            .body(pairs.join("&")))
    }

    /// What else the provider says of somebody; nothing where it has no place for that.
    pub(super) async fn more_of(
        &self,
        discovery: &Discovery,
        tokens: &Tokens,
        subject: &str,
    ) -> Result<Map<String, Value>, OpenIdError> {
        let (Some(endpoint), Some(token)) = (&discovery.userinfo_endpoint, &tokens.access_token) else {
            return Ok(Map::new());
        };
        let away = |error: IssuerError| OpenIdError::of_issuer(self.name(), error);
        let fetcher = self.issuer.fetcher();
        let request =
            fetcher.get(endpoint).map_err(away)?.bearer_auth(token).header(ACCEPT, "application/json");
        let answer = fetcher.send(endpoint, request).await.map_err(away)?;
        if answer.status != StatusCode::OK {
            let detail = format!("it answers with status {} when asked for more", answer.status.as_u16());
            return Err(OpenIdError::unusable(self.name(), &detail));
        }
        let more: Map<String, Value> = answer.json().map_err(away)?;
        if more.get("sub").and_then(Value::as_str) == Some(subject) {
            return Ok(more);
        }
        Err(OpenIdError::not_trusted(self.name(), "it speaks of two people"))
    }
}

/// Whether a client may show its secret in a header, which is so unless the provider says otherwise.
fn takes_header(discovery: &Discovery) -> bool {
    let methods = &discovery.token_endpoint_auth_methods;
    let has = |name: &str| methods.iter().any(|method| method == name);
    has("client_secret_basic") || !has("client_secret_post")
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
