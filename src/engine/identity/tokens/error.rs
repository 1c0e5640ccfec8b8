//! Why an access token was not let in.

use crate::engine::catalog::CatalogError;
use crate::engine::gateway::{CallError, CallErrorKind, Challenge, Principal};
use crate::engine::identity::issuers::{IssuerError, TokenError};
use std::time::Duration;

/// Why an access token was not let in.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TokenRefusal {
    /// It is no token that could be looked at.
    #[error("this access token cannot be read")]
    Unreadable,
    /// Its issuer is none of those that are taken.
    #[error("this access token is of an issuer that is not taken here")]
    Issuer,
    /// It is not what its issuer has made, or not any more.
    #[error("this access token is not taken: {0}")]
    NotBelieved(TokenError),
    /// The keys of its issuer are not at hand.
    #[error("the keys of its issuer are not at hand: {0}")]
    KeysAway(IssuerError),
    /// It is for something else, such as an ID token.
    #[error("this is no access token")]
    NotAnAccessToken,
    /// Its sender has to show a key that nobody asks for here.
    #[error("this access token is bound to a key of its sender")]
    Bound,
    /// It is for another address.
    #[error("this access token is not for this address")]
    Audience,
    /// Its client is none of those that are taken.
    #[error("access tokens of the client {0:?} are not taken here")]
    Client(String),
    /// It does not say who calls.
    #[error("this access token does not say {0}")]
    Incomplete(&'static str),
    /// It has no scope that means something here.
    #[error("the access token of {name} has no scope of Patchline")]
    NoScope {
        /// Who calls.
        name: String,
        /// The scope to begin with.
        scope: String,
    },
    /// Nothing says what its owner is to the label.
    #[error("nothing says what {0} is to the label")]
    NoRole(String),
    /// Its owner has an account, and may not sign in.
    #[error("{0} may not sign in any more")]
    AccountAway(String),
    /// The store did not do what was asked.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl From<TokenError> for TokenRefusal {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Keys(error) => Self::KeysAway(error),
            error => Self::NotBelieved(error),
        }
    }
}

/// An access token that was not let in, and who calls with it, as far as that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenTurnedAway {
    /// Who is on record.
    pub principal: Principal,
    /// Why.
    pub error: TokenRefusal,
}

impl From<TokenRefusal> for TokenTurnedAway {
    fn from(error: TokenRefusal) -> Self {
        Self { principal: Principal::unknown(), error }
    }
}

impl From<TokenRefusal> for CallError {
    fn from(error: TokenRefusal) -> Self {
        let invalid = |message: String, remedy: &str| Self {
            challenge: Some(Box::new(Challenge::InvalidToken)),
            ..Self::new(CallErrorKind::Unauthenticated, message, remedy)
        };
        let another = "Ask the authorization server for another token.";
        match error {
            TokenRefusal::Unreadable => invalid(
                "This access token cannot be read.".to_owned(),
                "Send it as the authorization server has given it out.",
            ),
            TokenRefusal::Issuer => invalid(
                "This access token is of an authorization server that is not taken here.".to_owned(),
                "Ask one of those that the metadata of this address names.",
            ),
            TokenRefusal::NotBelieved(why) => {
                invalid(format!("This access token is not taken: {why}."), another)
            }
            TokenRefusal::KeysAway(detail) => {
                tracing::warn!(%detail, "an access token cannot be looked at");
                Self {
                    retry_after: Some(Duration::from_secs(5)),
                    ..Self::new(
                        CallErrorKind::Unavailable,
                        "Whether this access token is right cannot be found out at the moment, because the keys \
                         of its authorization server are not at hand.",
                        "Try again in some seconds.",
                    )
                }
            }
            TokenRefusal::NotAnAccessToken => invalid(
                "This is no access token of the kind that its authorization server gives out for Patchline."
                    .to_owned(),
                "Send the access token, not an ID token or another one.",
            ),
            TokenRefusal::Bound => invalid(
                "This access token is bound to a key of its sender, which Patchline does not ask for."
                    .to_owned(),
                "Ask for a plain bearer token.",
            ),
            TokenRefusal::Audience => invalid(
                "This access token is not for this address of Patchline.".to_owned(),
                "Ask for one whose resource is that of the metadata of this address.",
            ),
            TokenRefusal::Client(client) => invalid(
                format!("Access tokens of the client {client:?} are not taken here."),
                "Ask whoever looks after Patchline to allow it.",
            ),
            TokenRefusal::Incomplete(what) => {
                invalid(format!("This access token does not say {what}."), another)
            }
            TokenRefusal::NoScope { name, scope } => Self {
                challenge: Some(Box::new(Challenge::InsufficientScope(vec![scope.clone()]))),
                ..Self::new(
                    CallErrorKind::Forbidden,
                    format!("The access token of {name} has no scope of Patchline."),
                    format!("Ask for one with the scope {scope}."),
                )
            },
            TokenRefusal::NoRole(name) => Self::new(
                CallErrorKind::Forbidden,
                format!("Nothing says what {name} is to the label, so nothing is allowed."),
                "Ask an admin for an account or for a group that has a role.",
            ),
            TokenRefusal::AccountAway(name) => invalid(
                format!("{name} may not sign in any more, so access tokens of theirs are not taken."),
                "Ask an admin to let them sign in again.",
            ),
            TokenRefusal::Catalog(error) => error.into(),
        }
    }
}
