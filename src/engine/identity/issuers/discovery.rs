//! What an issuer says of itself (OpenID Connect Discovery 1.0).

use super::fetch::quote;
use super::{Fetcher, IssuerError};
use crate::engine::config::{IssuerSettings, is_loopback};
use reqwest::Url;
use serde::Deserialize;

/// Where an issuer describes itself, below its own address.
const DOCUMENT: &str = "/.well-known/openid-configuration";

/// What an issuer says of itself, as far as it is of use here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// Where its keys are.
    pub jwks_uri: Url,
    /// Where people sign in.
    pub authorization_endpoint: Option<Url>,
    /// Where codes become tokens.
    pub token_endpoint: Option<Url>,
    /// Where it says more of a person.
    pub userinfo_endpoint: Option<Url>,
    /// Where people sign out (OpenID Connect RP-Initiated Logout 1.0).
    pub end_session_endpoint: Option<Url>,
    /// How clients may make themselves known when they ask for tokens.
    pub token_endpoint_auth_methods: Vec<String>,
    /// Whether it says its name when it sends somebody back (RFC 9207).
    pub names_itself_in_answers: bool,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    jwks_uri: String,
    authorization_endpoint: Option<String>,
    token_endpoint: Option<String>,
    userinfo_endpoint: Option<String>,
    end_session_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Discovery {
    pub(super) async fn ask(settings: &IssuerSettings, fetcher: &Fetcher) -> Result<Self, IssuerError> {
        let address = format!("{}{DOCUMENT}", settings.url.as_str().trim_end_matches('/'));
        let unusable = |detail: String| IssuerError::Unusable { place: settings.url.to_string(), detail };
        let url = Url::parse(&address).map_err(|error| unusable(format!("{address:?} {error}")))?;
        let document: Document = fetcher.read(&url).await?;
        if document.issuer != settings.url.as_str() {
            let detail = format!("it calls itself {:?}; name it exactly so", quote(&document.issuer));
            return Err(unusable(detail));
        }
        let endpoint = |text: &str| {
            let url = Url::parse(text).ok().filter(|url| is_safe(settings, url));
            url.ok_or_else(|| {
                let needed = "https:// without a name, a password and a fragment is needed";
                unusable(format!("it names the address {:?}, and {needed}", quote(text)))
            })
        };
        let optional = |text: Option<&str>| text.map(endpoint).transpose();
        Ok(Self {
            jwks_uri: endpoint(&document.jwks_uri)?,
            authorization_endpoint: optional(document.authorization_endpoint.as_deref())?,
            token_endpoint: optional(document.token_endpoint.as_deref())?,
            userinfo_endpoint: optional(document.userinfo_endpoint.as_deref())?,
            end_session_endpoint: optional(document.end_session_endpoint.as_deref())?,
            token_endpoint_auth_methods: document.token_endpoint_auth_methods_supported,
            names_itself_in_answers: document.authorization_response_iss_parameter_supported,
        })
    }
}

/// Whether nothing that is sent to an address can be read on the way, and nothing in it is meant for another
/// reader.
fn is_safe(settings: &IssuerSettings, url: &Url) -> bool {
    let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let is_closed =
        url.scheme() == "https" || (url.scheme() == "http" && settings.url.is_here() && is_loopback(url));
    is_plain && is_closed
}
