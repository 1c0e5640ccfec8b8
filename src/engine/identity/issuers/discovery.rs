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
        Self::of(&fetcher.read(&url).await?, settings)
    }

    /// What a document says of an issuer, if it is its own and nothing in it leads astray.
    fn of(document: &Document, settings: &IssuerSettings) -> Result<Self, IssuerError> {
        let unusable = |detail: String| IssuerError::Unusable { place: settings.url.to_string(), detail };
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
            token_endpoint_auth_methods: document.token_endpoint_auth_methods_supported.clone(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::config::SigningAlgorithm;
    use crate::fuzzing;

    #[test]
    fn fuzz_description_of_an_issuer() {
        let settings = IssuerSettings {
            url: "https://login.example".parse().expect("the name of an issuer"),
            algorithms: SigningAlgorithm::ALL.to_vec(),
            private_addresses: false,
        };
        let whole = br#"{"issuer":"https://login.example","jwks_uri":"https://login.example/keys","authorization_endpoint":"https://login.example/authorize","token_endpoint":"https://login.example/token","userinfo_endpoint":"https://login.example/me","end_session_endpoint":"https://login.example/end","token_endpoint_auth_methods_supported":["client_secret_basic","none"],"authorization_response_iss_parameter_supported":true}"#;
        let least = br#"{"issuer":"https://login.example","jwks_uri":"https://keys.example:8443/a?b=c"}"#;
        let words = [
            "https://login.example",
            "http://",
            "http://127.0.0.1/",
            "https://169.254.169.254/",
            "https://user:password@",
            "file:///",
            "javascript:",
            "#part",
            "\"issuer\":",
            "\"jwks_uri\":\"\",",
            "[]",
            "true",
        ];
        fuzzing::bytes(400, &[&whole[..], &least[..]], &words, |bytes| {
            let Ok(document) = serde_json::from_slice::<Document>(bytes) else { return };
            match Discovery::of(&document, &settings) {
                Ok(found) => {
                    assert_eq!(document.issuer, "https://login.example", "it describes itself");
                    let optional = [
                        &found.authorization_endpoint,
                        &found.token_endpoint,
                        &found.userinfo_endpoint,
                        &found.end_session_endpoint,
                    ];
                    for url in optional.into_iter().flatten().chain([&found.jwks_uri]) {
                        assert_eq!(url.scheme(), "https", "{url}");
                        assert!(url.username().is_empty() && url.password().is_none(), "{url}");
                        assert!(url.fragment().is_none(), "{url}");
                    }
                }
                // It quotes what somebody else has written.
                Err(error) => assert!(error.to_string().chars().count() < 3_000, "{error}"),
            }
        });
    }
}
