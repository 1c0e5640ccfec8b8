//! What another server wants to be shown before it answers.

use reqwest::Url;
use secrecy::SecretString;

/// What a server wants to be shown.
#[derive(Debug, Clone, Default)]
pub enum Access {
    /// Nothing.
    #[default]
    Open,
    /// A key that was agreed on.
    Key(SecretString),
    /// A token of its authorization server.
    OAuth(Box<OAuthSettings>),
}

impl From<Option<SecretString>> for Access {
    fn from(key: Option<SecretString>) -> Self {
        key.map_or(Self::Open, Self::Key)
    }
}

/// How a token is come by.
#[derive(Debug, Clone)]
pub struct OAuthSettings {
    /// Whose token it is, and how it is asked for.
    pub grant: Grant,
    /// The only authorization server that is asked. Where none is named, the one that the server names is.
    pub issuer: Option<String>,
    /// What is asked for. Where nothing is named, what the server wants is.
    pub scopes: Vec<String>,
}

/// Whose token it is, and how it is asked for.
#[derive(Debug, Clone)]
pub enum Grant {
    /// That of Patchline, which shows a secret.
    ClientCredentials {
        /// The name under which it is registered.
        client_id: String,
        /// The secret.
        client_secret: SecretString,
    },
    /// That of a person, who consents in a browser.
    AuthorizationCode(BrowserClient),
}

/// How Patchline introduces itself to an authorization server where a person consents.
#[derive(Debug, Clone)]
pub struct BrowserClient {
    /// As what it is registered there. Where it is not, it registers itself.
    pub registered: Option<RegisteredClient>,
    /// The address of a document about it, for authorization servers that read such.
    pub document: Option<Url>,
    /// Where the browser goes after the consent.
    pub redirect: Url,
}

/// A client that an authorization server knows.
#[derive(Debug, Clone)]
pub struct RegisteredClient {
    /// Its name there.
    pub id: String,
    /// Its secret, if it has one.
    pub secret: Option<SecretString>,
}
