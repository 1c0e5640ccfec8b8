//! The name of an issuer of tokens, and which of its signatures are believed.

use super::is_loopback;
use reqwest::Url;
use std::fmt;
use std::str::FromStr;

/// The address that is an issuer's name. It is compared as it is written, with or without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerUrl {
    text: String,
    url: Url,
}

impl IssuerUrl {
    /// The name, as the issuer writes it into its tokens.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The name of the machine.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Whether the issuer runs on this machine, as it does in development and in tests.
    pub fn is_here(&self) -> bool {
        is_loopback(&self.url)
    }
}

impl fmt::Display for IssuerUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl FromStr for IssuerUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let allowed = || {
            "an https:// address without a name, a password, a query or a fragment is allowed, exactly as the \
             issuer writes itself, such as https://cognito-idp.eu-north-1.amazonaws.com/eu-north-1_AbCdEf123; \
             http:// on this machine only"
                .to_owned()
        };
        let url = text.parse::<Url>().map_err(|_| allowed())?;
        let is_plain = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.has_host();
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        if is_plain && is_safe { Ok(Self { text: text.to_owned(), url }) } else { Err(allowed()) }
    }
}

/// How an issuer signs. Only with a key pair: `none` and secrets that are shared do not exist here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// RSA PKCS #1 v1.5 with SHA-256.
    Rs256,
    /// The same with SHA-384.
    Rs384,
    /// The same with SHA-512.
    Rs512,
    /// RSA PSS with SHA-256.
    Ps256,
    /// The same with SHA-384.
    Ps384,
    /// The same with SHA-512.
    Ps512,
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// ECDSA over P-384 with SHA-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

impl SigningAlgorithm {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    /// The name in tokens and keys (RFC 7518, RFC 8037).
    pub fn id(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    /// The algorithm of this name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.id() == id)
    }
}

/// An issuer whose tokens are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerSettings {
    /// Its name.
    pub url: IssuerUrl,
    /// The only signatures that are looked at.
    pub algorithms: Vec<SigningAlgorithm>,
    /// Whether it may be in a private network.
    pub private_addresses: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_named_as_it_writes_itself() {
        for text in ["https://login.example/", "https://login.example/pool", "http://127.0.0.1:9000"] {
            assert_eq!(text.parse::<IssuerUrl>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_could_send_secrets_astray_names_no_issuer() {
        for text in [
            "",
            "login.example",
            "http://login.example",
            "ftp://login.example",
            "https://ana:secret@login.example",
            "https://login.example?tenant=1",
            "https://login.example#top",
        ] {
            assert!(text.parse::<IssuerUrl>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn nothing_that_needs_no_key_pair_is_a_signature() {
        for id in ["none", "HS256", "HS384", "HS512", "rs256", ""] {
            assert_eq!(SigningAlgorithm::from_id(id), None, "{id:?}");
        }
        for algorithm in SigningAlgorithm::ALL {
            assert_eq!(SigningAlgorithm::from_id(algorithm.id()), Some(algorithm));
        }
    }
}
